using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>Time limits and cancellation on a real socket, under a clock that the tests move.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TimeoutTests : ContractTest
{
    private const string Head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n";
    private const string Body = """{"_id":"1","external_id":"a"}""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();

    // How far the server gets before it falls silent.
    private static IEnumerable<TestCaseData> Stalls =>
        [
            new TestCaseData("").SetArgDisplayNames("before the headers"),
            new TestCaseData("HTTP/1.1 200 OK\r\nContent-Le").SetArgDisplayNames(
                "within the headers"
            ),
            new TestCaseData(Head).SetArgDisplayNames("after the headers"),
            new TestCaseData(Head + Body[..^1]).SetArgDisplayNames("before the last byte"),
        ];

    [TestCaseSource(nameof(Stalls))]
    public async Task A_silent_server_ends_at_the_limit_of_the_attempt(string head)
    {
        await using var server = new RawHttpServer(SaysOnly(head));
        var call = ClientOf(server).CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.That(call.IsCompleted, Is.False, "the call ended before its limit");
        _clock.Advance(TimeSpan.FromTicks(1));

        var error = Assert.ThrowsAsync<OrqTimeoutException>(() => Ends(call));
        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.Timeout, Is.EqualTo(Limit));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.Elapsed, Is.EqualTo(Limit));
        Assert.That(error.MayHaveBeenApplied, Is.True);
        Assert.That(error.Message, Does.Contain("AttemptTimeout").And.Contain("30"));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task A_body_that_drips_ends_at_the_limit_however_steadily_it_drips()
    {
        using var drops = new SemaphoreSlim(0);
        await using var server = new RawHttpServer(Drips(drops));
        var call = ClientOf(server).CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        for (var i = 0; i < 29; i++)
        {
            drops.Release();
            _clock.Advance(Second);
        }

        Assert.That(call.IsCompleted, Is.False, "the call ended before its limit");
        _clock.Advance(Second);

        Assert.ThrowsAsync<OrqTimeoutException>(() => Ends(call));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task A_body_that_drips_and_is_there_within_the_limit_is_returned()
    {
        using var drops = new SemaphoreSlim(0);
        await using var server = new RawHttpServer(Drips(drops));
        var call = ClientOf(server).CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(Limit - Second);
        drops.Release(Body.Length);

        Assert.That((await Ends(call)).ExternalId, Is.EqualTo("a"));
    }

    [Test]
    public async Task An_attempt_that_timed_out_is_repeated_with_a_limit_of_its_own()
    {
        await using var server = new RawHttpServer(
            SaysOnly(""),
            SaysOnly(Head),
            SaysOnly(Head + Body)
        );
        var call = ClientOf(server, options => options.Retry = OneSecondWaits)
            .CreateContactWithResponseAsync(Example.Contact);

        for (var attempt = 1; attempt <= 2; attempt++)
        {
            await server.WaitForRequestsAsync(attempt);
            _clock.Advance(Limit);
            await _clock.WaitForTimerAsync(IsRetryWait);
            _clock.Advance(TimeSpan.FromSeconds(1.25));
        }

        var response = await Ends(call);
        Assert.That(response.Attempts, Is.EqualTo(3));
        Assert.That(response.Value.ExternalId, Is.EqualTo("a"));
    }

    [Test]
    public async Task An_attempt_that_timed_out_is_final_when_connection_errors_are_not_to_be_repeated()
    {
        await using var server = new RawHttpServer(SaysOnly(""));
        var retry = RetryConfig.Default;
        retry.RetryConnectionErrors = false;
        var call = ClientOf(server, options => options.Retry = retry)
            .CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(Limit);

        Assert.That(
            Assert.ThrowsAsync<OrqTimeoutException>(() => Ends(call)).Attempts,
            Is.EqualTo(1)
        );
    }

    [Test]
    public async Task The_limit_of_the_whole_call_counts_all_its_attempts()
    {
        await using var server = new RawHttpServer(SaysOnly(""));
        var call = ClientOf(
                server,
                options =>
                {
                    options.Retry = OneSecondWaits;
                    options.TotalTimeout = TimeSpan.FromSeconds(45);
                }
            )
            .CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(Limit);
        await _clock.WaitForTimerAsync(IsRetryWait);
        _clock.Advance(TimeSpan.FromSeconds(1.25));
        await server.WaitForRequestsAsync(2);
        _clock.Advance(TimeSpan.FromSeconds(45 - 30 - 1.25));

        var error = Assert.ThrowsAsync<OrqTimeoutException>(() => Ends(call));
        Assert.That(error.Limit, Is.EqualTo("TotalTimeout"));
        Assert.That(error.Timeout, Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(error.Attempts, Is.EqualTo(2));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(45)));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task The_limit_of_the_whole_call_is_named_when_both_limits_meet()
    {
        await using var server = new RawHttpServer(SaysOnly(Head));
        var call = ClientOf(server, options => options.TotalTimeout = Limit)
            .CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(Limit);

        Assert.That(
            Assert.ThrowsAsync<OrqTimeoutException>(() => Ends(call)).Limit,
            Is.EqualTo("TotalTimeout")
        );
    }

    [Test]
    public async Task A_limit_that_is_switched_off_never_comes()
    {
        await using var server = new RawHttpServer(SaysOnly(Head));
        var call = ClientOf(server, options => options.AttemptTimeout = Timeout.InfiniteTimeSpan)
            .CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(TimeSpan.FromDays(365));

        Assert.That(call.IsCompleted, Is.False, "the call ended though it has no limit");
        Assert.That(server.Open, Is.EqualTo(1));
    }

    [Test]
    public async Task The_limits_of_a_call_win_over_those_of_its_client()
    {
        await using var server = new RawHttpServer(SaysOnly(Head));
        var options = new OrqRequestOptions { AttemptTimeout = TimeSpan.FromSeconds(7) };
        var call = ClientOf(server).CreateContactAsync(Example.Contact, options);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(7));

        Assert.That(
            Assert.ThrowsAsync<OrqTimeoutException>(() => Ends(call)).Timeout,
            Is.EqualTo(TimeSpan.FromSeconds(7))
        );
    }

    [Test]
    public async Task An_error_whose_body_stalls_is_still_that_error()
    {
        await using var server = new RawHttpServer(
            SaysOnly("HTTP/1.1 403 No\r\nContent-Length: 99\r\n\r\n{\"message\":")
        );
        using var watcher = new Watcher();
        using var http = new HttpClient(watcher);
        using var client = new ContactsClient(http, OptionsFor(server));
        var call = client.CreateContactAsync(Example.Contact);

        await watcher.HeadersHaveCome;
        _clock.Advance(Limit);

        Assert.That(
            Assert.ThrowsAsync<OrqPermissionException>(() => Ends(call)).StatusCode,
            Is.EqualTo(403)
        );
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task The_limit_of_a_callers_client_is_named()
    {
        await using var server = new RawHttpServer(SaysOnly(""));
        using var http = new HttpClient { Timeout = TimeSpan.FromMilliseconds(50) };
        using var client = new ContactsClient(http, OptionsFor(server));

        var error = Assert.ThrowsAsync<OrqTimeoutException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That(error.Limit, Is.EqualTo("HttpClient.Timeout"));
        Assert.That(error.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(50)));
        Assert.That(error.Message, Does.Contain("HttpClient.Timeout"));
    }

    [TestCaseSource(nameof(Stalls))]
    public async Task Cancellation_ends_a_call_at_once_wherever_the_server_is(string head)
    {
        await using var server = new RawHttpServer(SaysOnly(head));
        using var source = new CancellationTokenSource();
        var call = ClientOf(server, options => options.Retry = RetryConfig.Default)
            .CreateContactAsync(Example.Contact, cancellationToken: source.Token);

        await server.WaitForRequestsAsync(1);
        await source.CancelAsync();

        AssertCancelled(call, source.Token);
        Assert.That(server.Accepted, Is.EqualTo(1), "a cancelled call is not repeated");
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task Cancellation_ends_a_call_that_is_still_connecting()
    {
        var connecting = new TaskCompletionSource();
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                connecting.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, _clock, cancellationToken);
                throw new InvalidOperationException("Never connected.");
            },
        };
        using var http = new HttpClient(handler);
        using var client = new ContactsClient(http, OptionsFor(new Uri("http://127.0.0.1:9")));
        using var source = new CancellationTokenSource();
        var call = client.CreateContactAsync(Example.Contact, cancellationToken: source.Token);

        await connecting.Task;
        await source.CancelAsync();

        AssertCancelled(call, source.Token);
    }

    [Test]
    public async Task Cancellation_ends_the_wait_between_two_attempts_at_once()
    {
        await using var server = new RawHttpServer(connection =>
            connection.RespondToAllAsync(503, "{}")
        );
        using var source = new CancellationTokenSource();
        var call = ClientOf(server, options => options.Retry = OneSecondWaits)
            .CreateContactAsync(Example.Contact, cancellationToken: source.Token);

        await _clock.WaitForTimerAsync(IsRetryWait);
        await source.CancelAsync();

        AssertCancelled(call, source.Token);
        Assert.That(server.Requests, Is.EqualTo(1));
    }

    [Test]
    public async Task A_token_that_is_cancelled_already_sends_nothing()
    {
        await using var server = new RawHttpServer(SaysOnly(Head + Body));
        using var source = new CancellationTokenSource();
        await source.CancelAsync();

        AssertCancelled(
            ClientOf(server).CreateContactAsync(Example.Contact, cancellationToken: source.Token),
            source.Token
        );
        Assert.That(server.Accepted, Is.Zero);
    }

    [Test]
    public async Task Cancellation_wins_over_all_limits_that_it_meets()
    {
        await using var server = new RawHttpServer(SaysOnly(Head));
        using var source = new CancellationTokenSource(Limit, _clock);
        var call = ClientOf(server, options => options.TotalTimeout = Limit)
            .CreateContactAsync(Example.Contact, cancellationToken: source.Token);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(Limit);

        AssertCancelled(call, source.Token);
    }

    [Test]
    public void A_disposed_client_says_so_and_can_be_disposed_of_again()
    {
        var client = ClientOf(WireMock.Address);
        client.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );
        Assert.DoesNotThrow(client.Dispose);
    }

    [TestCaseSource(nameof(Stalls))]
    public async Task A_call_under_way_ends_with_its_client(string head)
    {
        await using var server = new RawHttpServer(SaysOnly(head));
        var client = ClientOf(server, options => options.Retry = RetryConfig.Default);
        var call = client.CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        client.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => Ends(call));
        Assert.That(server.Accepted, Is.EqualTo(1), "connections that the call made");
        await server.WaitUntilNoneIsOpenAsync();
    }

    private static RetryConfig OneSecondWaits =>
        new()
        {
            Backoff = new BackoffStrategy(
                Second,
                TimeSpan.FromMinutes(1),
                1,
                Timeout.InfiniteTimeSpan
            ),
        };

    private static bool IsRetryWait(TimeSpan due) => due <= 1.25 * Second;

    private static Func<RawConnection, Task> SaysOnly(string text) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(text);
        };

    private static Func<RawConnection, Task> Drips(SemaphoreSlim drops) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Head);
            foreach (var letter in Body)
            {
                await connection.WaitForAsync(drops.WaitAsync());
                await connection.WriteAsync($"{letter}");
            }
        };

    private static void AssertCancelled<T>(Task<T> call, CancellationToken token)
    {
        var error = Assert.CatchAsync<OperationCanceledException>(() => Ends(call));
        Assert.That(error!.CancellationToken, Is.EqualTo(token), "the token is the caller's own");
    }

    private OrqClientOptions OptionsFor(Uri server) =>
        new()
        {
            ApiKey = Key,
            ServerUrl = server,
            TimeProvider = _clock,
            Retry = RetryConfig.None,
        };

    private OrqClientOptions OptionsFor(RawHttpServer server) => OptionsFor(server.Address);

    private ContactsClient ClientOf(
        RawHttpServer server,
        Action<OrqClientOptions>? configure = null
    ) =>
        ClientOf(
            server.Address,
            options =>
            {
                options.TimeProvider = _clock;
                options.Retry = RetryConfig.None;
                configure?.Invoke(options);
            }
        );

    /// <summary>Tells when an answer's headers have reached the client.</summary>
    private sealed class Watcher() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly TaskCompletionSource _come = new(
            TaskCreationOptions.RunContinuationsAsynchronously
        );

        public Task HeadersHaveCome => _come.Task;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var response = await base.SendAsync(request, cancellationToken);
            _come.SetResult();
            return response;
        }
    }
}
