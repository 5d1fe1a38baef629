// Two ways to test code that calls the API: a sandbox that behaves like it, and a stub with the responses you need.
using NUnit.Framework;
using OrqGenerated;
using OrqGenerated.Sandbox;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ContactTests;

/// <summary>The code under test.</summary>
internal sealed class SignUp(IContactsClient contacts)
{
    public async Task<string> RegisterAsync(string id, string? name) =>
        (await contacts.CreateContactAsync(new() { ExternalId = id, DisplayName = Optional.IfNotNull(name) })).Id;
}

internal sealed class SignUpTests
{
    [Test]
    public async Task Survives_a_server_that_is_down_for_a_moment()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        using var client = new ContactsClient(
            new OrqClientOptions { ApiKey = sandbox.ApiKey, ServerUrl = sandbox.ServerUrl }
        );
        sandbox.FailNext(1, 503);

        await new SignUp(client).RegisterAsync("user_1", null);

        Assert.That(sandbox.Requests, Has.Count.EqualTo(2));
        Assert.That(sandbox.Requests[1].BodyText, Is.EqualTo("""{"external_id":"user_1"}"""));
    }

    [Test]
    public void Reports_that_the_quota_is_used_up()
    {
        using var server = WireMockServer.Start();
        server
            .Given(Request.Create().WithPath("/v2/contacts").UsingPost())
            .RespondWith(Response.Create().WithStatusCode(402).WithBody("""{"code":"quota_exceeded"}"""));
        using var client = new ContactsClient(
            new OrqClientOptions { ApiKey = "test", ServerUrl = new Uri(server.Url!) }
        );

        var error = Assert.ThrowsAsync<OrqApiException>(() => new SignUp(client).RegisterAsync("user_1", "Jane"));

        Assert.That(error.ErrorCode, Is.EqualTo("quota_exceeded"));
    }
}
