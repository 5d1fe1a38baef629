using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Whether a request may have reached the server, as the client's own connection knows it.</summary>
internal sealed class ReachedTests : ClientTest
{
    private readonly TaskCompletionSource _arrived = new();

    [Test]
    public async Task A_request_that_the_server_has_may_have_been_applied()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            _arrived.SetResult();
        });
        using var client = ClientOf(server.Address);

        var error = await TimedOutAsync(client.CreateContactAsync(Contact));

        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [Test]
    public async Task A_request_that_waits_for_TLS_has_not_been_applied()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadSomethingAsync();
            _arrived.SetResult();
        });
        using var client = ClientOf(Secure(server.Address));

        var error = await TimedOutAsync(client.CreateContactAsync(Contact));

        Assert.That(error.MayHaveBeenApplied, Is.False);
    }

    [Test]
    public async Task Of_a_request_without_a_body_nobody_knows()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadSomethingAsync();
            _arrived.SetResult();
        });
        Options.ServerUrl = Secure(server.Address);
        Options.Retry = RetryConfig.None;
        using var transport = new OrqTransport(null, Options, static _ => { });
        var call = new OrqCall(new OrqOperation("ListThings", HttpMethod.Get, "/v2/things"));

        var error = await TimedOutAsync(
            transport.SendAsync(call, null, CancellationToken.None).AsTask()
        );

        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    private static Uri Secure(Uri address) => new($"https://{address.Authority}");

    private OrqClientOptions WithServer(Uri address)
    {
        Options.ServerUrl = address;
        return Options;
    }

    private ContactsClient ClientOf(Uri address)
    {
        Options.Retry = RetryConfig.None;
        return new ContactsClient(WithServer(address));
    }

    private async Task<OrqTimeoutException> TimedOutAsync(Task call)
    {
        await _arrived.Task;
        Clock.Advance(TimeSpan.FromSeconds(30));
        try
        {
            await call;
        }
        catch (OrqTimeoutException exception)
        {
            return exception;
        }

        throw new AssertionException("The call was to end at its limit, but succeeded.");
    }
}
