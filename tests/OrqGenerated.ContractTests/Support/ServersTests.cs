using System.Net;

namespace OrqGenerated.ContractTests.Support;

/// <summary>The servers themselves: what the other tests rely on when they say nothing of it.</summary>
internal sealed class ServersTests
{
    private readonly HttpClient _http = new();

    [SetUp]
    public Task SetUp() => Servers.WireMock.ResetAsync();

    [OneTimeTearDown]
    public void TearDown() => _http.Dispose();

    [Test]
    public async Task WireMock_gives_its_replies_in_turn_and_keeps_what_it_received()
    {
        await Servers.WireMock.ReplyAsync(new Reply(503), new Reply(200, "{}"));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
        {
            statuses.Add(
                (
                    await PostAsync(Servers.WireMock.Address, $$"""{"external_id":"Zoë {{i}}"}""")
                ).Status
            );
        }

        HttpStatusCode[] expected =
        [
            HttpStatusCode.ServiceUnavailable,
            HttpStatusCode.OK,
            HttpStatusCode.OK,
        ];
        string[] bodies =
        [
            """{"external_id":"Zoë 0"}""",
            """{"external_id":"Zoë 1"}""",
            """{"external_id":"Zoë 2"}""",
        ];
        Assert.That(statuses, Is.EqualTo(expected));
        Assert.That(
            (await Servers.WireMock.ReceivedAsync()).Select(request => request.Body),
            Is.EqualTo(bodies)
        );
    }

    [Test]
    public async Task Prism_refuses_a_request_that_the_document_does_not_allow()
    {
        await Servers.WireMock.ReplyAsync(new Reply(200, """{"_id":"1","external_id":"a"}"""));

        var (status, body) = await PostAsync(Servers.Prism, """{"display_name":"without an id"}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.UnprocessableEntity), body);
        Assert.That(await Servers.WireMock.ReceivedAsync(), Is.Empty);
    }

    [Test]
    public async Task Prism_refuses_an_answer_that_the_document_does_not_allow()
    {
        await Servers.WireMock.ReplyAsync(new Reply(200, """{"external_id":"a"}"""));

        var (status, body) = await PostAsync(Servers.Prism, """{"external_id":"a"}""");

        Assert.That(status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(body, Does.Contain("_id"));
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(Uri server, string json)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(server, "/v2/contacts")
        );
        request.Headers.Authorization = new("Bearer", "key");
        request.Content = new StringContent(
            json,
            new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")
        );
        using var response = await _http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
