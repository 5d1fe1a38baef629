using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>A caller's cancellation and a client's disposal end a call at once, wherever it is.</summary>
internal sealed class CancellationTests : ClientTest
{
    private static readonly Exception[] Failures =
    [
        new TaskCanceledException("HttpClient.Timeout", new TimeoutException()),
        new HttpRequestException(HttpRequestError.ConnectionError),
    ];

    private readonly CancellationTokenSource _source = new();

    [Test]
    public async Task A_token_that_is_cancelled_before_the_call_sends_nothing()
    {
        await _source.CancelAsync();

        await CancelledAsync(CreateAsync(null, _source.Token));

        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task Ends_a_call_that_is_connecting_or_waits_for_headers()
    {
        var call = CreateAsync(null, _source.Token);
        await Server.WaitForRequestAsync();

        await _source.CancelAsync();

        await CancelledAsync(call);
    }

    [Test]
    public async Task Ends_a_body()
    {
        var body = new ScriptedStream(ScriptedStream.Bytes(Stored[..9]), ScriptedStream.Stall);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));
        var call = CreateAsync(null, _source.Token);
        await body.WaitForReadAsync();
        await body.WaitForReadAsync();

        await _source.CancelAsync();

        await CancelledAsync(call);
        Assert.That(body.IsDisposed, Is.True, "the connection was left open");
    }

    [Test]
    public async Task Ends_the_body_of_an_error()
    {
        var body = new ScriptedStream(ScriptedStream.Stall);
        Server.Answers(() => StubHandler.Response(503, new StreamContent(body)));
        var call = CreateAsync(null, _source.Token);
        await body.WaitForReadAsync();

        await _source.CancelAsync();

        await CancelledAsync(call);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Ends_a_wait(bool hasTotalLimit)
    {
        Options.TotalTimeout = hasTotalLimit ? TimeSpan.FromMinutes(1) : Timeout.InfiniteTimeSpan;
        Server.Answers(503);
        var call = CreateAsync(null, _source.Token);
        await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));

        await _source.CancelAsync();

        await CancelledAsync(call);
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
        Assert.That(Clock.PendingTimers, Is.Empty);
    }

    [Test]
    public async Task Ends_a_wait_that_has_not_begun()
    {
        // The last thing before a wait is its log entry.
        using var log = new LogRecorder(_ => _source.Cancel());
        Options.LoggerFactory = log;
        Server.Answers(503).Answers(200, Stored);

        await CancelledAsync(CreateAsync(null, _source.Token));

        Assert.That(Server.Requests, Has.Count.EqualTo(1));
    }

    [TestCase(null)]
    [TestCase("refused")]
    public async Task Ends_a_call_that_waits_for_a_key(string? firstKey)
    {
        var asked = NeverGetAKey(firstKey);
        Server.Answers(401);
        var call = CreateAsync(null, _source.Token);
        await asked;

        await _source.CancelAsync();

        await CancelledAsync(call);
    }

    [Test]
    public async Task Wins_over_a_total_limit_that_comes_with_it()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(10);
        await CancelledAsync(CallThatEndsInAsync(TimeSpan.FromSeconds(10)));
    }

    [Test]
    public async Task Wins_over_an_attempt_s_limit_that_comes_with_it() =>
        await CancelledAsync(CallThatEndsInAsync(TimeSpan.FromSeconds(30)));

    [TestCaseSource(nameof(Failures))]
    public async Task Wins_over_a_failure_that_comes_with_it(Exception failure)
    {
        Server.Does(
            async (_, _) =>
            {
                await _source.CancelAsync();
                throw failure;
            }
        );

        await CancelledAsync(CreateAsync(null, _source.Token));
    }

    [Test]
    public async Task An_error_that_is_read_completely_is_thrown_though_the_token_is_cancelled()
    {
        Server.Answers(() =>
            StubHandler.Response(
                400,
                new StreamContent(
                    new ScriptedStream(
                        ScriptedStream.Bytes("""{"message":"no"}"""),
                        async _ =>
                        {
                            await _source.CancelAsync();
                            return [];
                        }
                    )
                )
            )
        );

        var error = await FailAsync<OrqBadRequestException>(null, _source.Token);

        Assert.That(error.ErrorMessage, Is.EqualTo("no"));
    }

    [Test]
    public void A_disposed_client_makes_no_call()
    {
        Client.Dispose();
        Client.Dispose();

        var error = Assert.ThrowsAsync<ObjectDisposedException>(() => CreateAsync());
        Assert.That(error.ObjectName, Is.EqualTo("OrqGenerated.ContactsClient"));
        Assert.That(Server.Requests, Is.Empty);
        Assert.That(Server.IsDisposed, Is.False, "the caller's HttpClient was disposed of");
    }

    [Test]
    public async Task Disposal_ends_a_call_that_waits_for_headers()
    {
        var call = CreateAsync();
        await Server.WaitForRequestAsync();

        Client.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => call);
    }

    [Test]
    public async Task Disposal_ends_a_body()
    {
        var body = new ScriptedStream(ScriptedStream.Stall);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));
        var call = CreateAsync();
        await body.WaitForReadAsync();

        Client.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.That(body.IsDisposed, Is.True, "the connection was left open");
    }

    [Test]
    public async Task Disposal_ends_a_wait()
    {
        Server.Answers(503);
        var call = CreateAsync();
        await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));

        Client.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => call);
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Disposal_ends_a_call_that_waits_for_a_key()
    {
        var asked = NeverGetAKey();
        var call = CreateAsync();
        await asked;

        Client.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => call);
    }

    [Test]
    public async Task A_cancelled_token_wins_over_disposal()
    {
        var call = CreateAsync(null, _source.Token);
        await Server.WaitForRequestAsync();

        await _source.CancelAsync();
        Client.Dispose();

        await CancelledAsync(call);
    }

    [Test]
    public async Task A_disposed_HttpClient_of_the_caller_is_named()
    {
        _ = Client;
        Http.Dispose();

        var error = await FailAsync<ObjectDisposedException>();

        Assert.That(error.ObjectName, Is.EqualTo("System.Net.Http.HttpClient"));
    }

    [Test]
    public async Task A_stream_that_was_closed_under_the_call_is_a_connection_error()
    {
        Options.Retry = RetryConfig.None;
        Server.Answers(() =>
            StubHandler.Response(
                200,
                new StreamContent(
                    new ScriptedStream(ScriptedStream.Fails(new ObjectDisposedException("NetworkStream")))
                )
            )
        );

        Assert.That((await FailAsync<OrqConnectionException>()).MayHaveBeenApplied, Is.True);
    }

    [TearDown]
    public void TearDown() => _source.Dispose();

    private async Task CancelledAsync(Task call)
    {
        try
        {
            await call;
        }
        catch (OperationCanceledException exception)
        {
            Assert.That(
                exception.CancellationToken,
                Is.EqualTo(_source.Token),
                "the exception has another token than the caller's"
            );
            return;
        }

        Assert.Fail("The call was to be cancelled, but succeeded.");
    }

    private async Task<OrqResponse<CreateContactResponseBody>> CallThatEndsInAsync(TimeSpan limit)
    {
        Options.Retry = RetryConfig.None;
        Server.Does(
            async (_, token) =>
            {
                Clock.Advance(limit);
                await _source.CancelAsync();
                token.ThrowIfCancellationRequested();
                throw new InvalidOperationException("The limit did not reach the handler.");
            }
        );
        return await CreateAsync(null, _source.Token);
    }
}
