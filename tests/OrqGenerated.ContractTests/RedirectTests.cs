using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>A server that sends the client elsewhere.</summary>
internal sealed class RedirectTests : ContractTest
{
    [TestCase(302)]
    [TestCase(307)]
    public async Task A_redirect_is_an_error_and_is_not_followed(int status)
    {
        await using var elsewhere = new RawHttpServer(RespondsToAll(200, Example.Stored));
        await using var server = new RawHttpServer(
            RespondsToAll(status, "", $"Location: {elsewhere.Address}v2/contacts")
        );

        var error = await FailAsync<OrqApiException>(ClientOf(server.Address));

        Assert.That(error.StatusCode, Is.EqualTo(status));
        Assert.That(error.Headers["location"], Is.EqualTo($"{elsewhere.Address}v2/contacts"));
        Assert.That((error.Attempts, elsewhere.Accepted), Is.EqualTo((1, 0)));
    }

    [TestCase(302)]
    [TestCase(307)]
    public async Task Detects_a_redirect_that_the_callers_HttpClient_followed(int status)
    {
        RawRequest? redirected = null;
        await using var elsewhere = new RawHttpServer(async connection =>
        {
            redirected = await connection.ReadRequestAsync();
            await connection.RespondAsync(200, Example.Stored);
        });
        await using var server = new RawHttpServer(
            RespondsToAll(status, "", $"Location: {elsewhere.Address}v2/contacts")
        );
        using var http = new HttpClient();
        using var client = new ContactsClient(http, new OrqClientOptions { ApiKey = Key, ServerUrl = server.Address });

        var error = await FailAsync<OrqConnectionException>(client);

        Assert.That(error.Message, Does.Contain("AllowAutoRedirect"), "the message should say what to set");
        Assert.That(error.Attempts, Is.EqualTo(1), "the next attempt would be redirected as well");
        Assert.That(redirected!.Head, Does.Not.Contain(Key), "the key went to another server");
    }
}
