using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The caller's cancellation and the client's disposal end a call at once, whatever it is doing.</summary>
internal sealed class CancellationTests : ClientTest
{
    private static readonly string[] Waits = ["headers", "a body", "an error body", "a retry", "a key", "a new key"];

    private readonly CancellationTokenSource _source = new();
    private readonly ScriptedStream _body = new(ScriptedStream.Stall);

    [Test]
    public async Task Sends_nothing_when_the_token_is_already_cancelled()
    {
        await _source.CancelAsync();

        await CancelledAsync(CreateAsync(null, _source.Token));

        Assert.That(Server.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(Waits))]
    public async Task Ends_a_call_that_waits_for(string what)
    {
        var call = await StartAsync(what);

        await _source.CancelAsync();

        await CancelledAsync(call);
        AssertNothingGoesOn(what);
    }

    [TestCaseSource(nameof(Waits))]
    public async Task Disposal_ends_a_call_that_waits_for(string what)
    {
        var call = await StartAsync(what);

        Client.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        AssertNothingGoesOn(what);
    }

    [Test]
    public async Task Prevents_a_wait_that_has_not_begun()
    {
        // The log entry is written just before the wait.
        using var log = new LogRecorder(_ => _source.Cancel());
        Options.LoggerFactory = log;
        Server.Responds(503).Responds(200, Stored);

        await CancelledAsync(CreateAsync(null, _source.Token));

        Assert.That(Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Wins_over_disposal_and_all_timeouts()
    {
        Http.Timeout = TimeSpan.FromDays(1);
        Options.TotalTimeout = TimeSpan.FromSeconds(45);
        var body = new ScriptedStream(async _ =>
        {
            await _source.CancelAsync();
            Client.Dispose();
            Clock.Advance(Options.TotalTimeout);
            throw HttpTimeout;
        });
        Server.Responds(() => StubHandler.Response(200, body));

        await CancelledAsync(CreateAsync(null, _source.Token));
    }

    [Test]
    public void A_disposed_client_sends_nothing()
    {
        Client.Dispose();
        Client.Dispose();

        var error = Assert.ThrowsAsync<ObjectDisposedException>(() => CreateAsync());
        Assert.That(error.ObjectName, Is.EqualTo("OrqGenerated.ContactsClient"));
        Assert.That(Server.Requests, Is.Empty);
        Assert.That(Server.IsDisposed, Is.False, "the caller's HttpClient was disposed");
    }

    [TearDown]
    public void TearDown() => _source.Dispose();

    /// <summary>Starts a call, and returns it when it waits.</summary>
    private async Task<Task> StartAsync(string what)
    {
        Options.TotalTimeout = TimeSpan.FromMinutes(1);
        var asked = Task.CompletedTask;
        switch (what)
        {
            case "a body" or "an error body":
                Server.Responds(() => StubHandler.Response(what == "a body" ? 200 : 503, _body));
                break;
            case "a retry":
                Server.Responds(503);
                break;
            case "a key":
                asked = HangProvider();
                break;
            case "a new key":
                asked = HangProvider(first: "refused");
                Server.Responds(401);
                break;
        }

        var call = CreateAsync(null, _source.Token);
        await (
            what switch
            {
                "headers" => Server.WaitForRequestAsync(),
                "a retry" => Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(500)),
                "a key" or "a new key" => asked,
                _ => _body.WaitForReadAsync(),
            }
        );
        return call;
    }

    private void AssertNothingGoesOn(string what)
    {
        Assert.That(Server.Requests, Has.Count.EqualTo(what == "a key" ? 0 : 1));
        Assert.That(Clock.PendingTimers, Is.Empty);
        Assert.That(_body.IsDisposed, Is.EqualTo(what.EndsWith("body", StringComparison.Ordinal)), "the connection");
    }

    private async Task CancelledAsync(Task call)
    {
        var exception = await Expect.ExceptionAsync<OperationCanceledException>(() => call);
        Assert.That(exception.CancellationToken, Is.EqualTo(_source.Token), "the token is not the caller's");
    }
}
