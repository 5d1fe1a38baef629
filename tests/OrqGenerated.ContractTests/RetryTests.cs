using OrqGenerated.ContractTests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>Retries as the server sees them.</summary>
internal sealed class RetryTests : ContractTest
{
    [Test]
    public async Task Succeeds_on_the_third_attempt_with_the_same_bytes_each_time()
    {
        await WireMock.ReplyAsync(new Reply(503), new Reply(503), new Reply(200, Example.Stored));

        var response = await ClientOf(WireMock.Address)
            .CreateContactWithResponseAsync(Example.Contact);

        Assert.That(response.Attempts, Is.EqualTo(3));
        string[] bodies = [Example.Json, Example.Json, Example.Json];
        Assert.That(
            (await WireMock.ReceivedAsync()).Select(request => request.Body),
            Is.EqualTo(bodies)
        );
    }

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task Repeats_each_status_of_the_default(int status)
    {
        await WireMock.ReplyAsync(new Reply(status), new Reply(200, Example.Stored));

        var response = await ClientOf(WireMock.Address)
            .CreateContactWithResponseAsync(Example.Contact);

        Assert.That(response.Attempts, Is.EqualTo(2));
    }

    [TestCase(400)]
    [TestCase(401)]
    [TestCase(408)]
    [TestCase(409)]
    [TestCase(501)]
    public async Task Repeats_no_other_status(int status)
    {
        await WireMock.ReplyAsync(new Reply(status), new Reply(200, Example.Stored));

        var error = Assert.CatchAsync<OrqApiException>(() =>
            ClientOf(WireMock.Address).CreateContactAsync(Example.Contact)
        );

        Assert.That(error!.Attempts, Is.EqualTo(1));
        Assert.That(await WireMock.ReceivedAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Sends_once_when_the_client_has_retries_switched_off()
    {
        await WireMock.ReplyAsync(new Reply(503), new Reply(200, Example.Stored));
        var client = ClientOf(WireMock.Address, options => options.Retry = RetryConfig.None);

        var error = Assert.ThrowsAsync<OrqServerException>(() =>
            client.CreateContactAsync(Example.Contact)
        );

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(await WireMock.ReceivedAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Sends_once_when_the_call_has_retries_switched_off()
    {
        await WireMock.ReplyAsync(new Reply(503), new Reply(200, Example.Stored));
        var options = new OrqRequestOptions { Retry = RetryConfig.None };

        Assert.ThrowsAsync<OrqServerException>(() =>
            ClientOf(WireMock.Address).CreateContactAsync(Example.Contact, options)
        );

        Assert.That(await WireMock.ReceivedAsync(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Gives_up_with_the_last_error_after_the_last_attempt()
    {
        await WireMock.ReplyAsync(
            new Reply(503),
            new Reply(502),
            new Reply(500),
            new Reply(200, Example.Stored)
        );
        var client = ClientOf(WireMock.Address, options => options.Retry.MaxAttempts = 3);

        var error = Assert.ThrowsAsync<OrqServerException>(() =>
            client.CreateContactAsync(Example.Contact)
        );

        Assert.That(error.StatusCode, Is.EqualTo(500));
        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(await WireMock.ReceivedAsync(), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task Fails_at_once_when_the_server_asks_for_more_patience_than_is_allowed()
    {
        await WireMock.ReplyAsync(new Reply(429) { Headers = { ["Retry-After"] = "3600" } });

        var error = Assert.ThrowsAsync<OrqRateLimitException>(() =>
            ClientOf(WireMock.Address).CreateContactAsync(Example.Contact)
        );

        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromHours(1)));
        Assert.That(await WireMock.ReceivedAsync(), Has.Count.EqualTo(1));
    }
}
