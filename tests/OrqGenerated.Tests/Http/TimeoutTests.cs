using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The timeouts of an attempt and of a call.</summary>
internal sealed class TimeoutTests : ClientTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public TimeoutTests() => Options.Retry = RetryConfig.None;

    [Test]
    public async Task An_attempt_without_a_response_ends_at_its_timeout()
    {
        using var source = new CancellationTokenSource();
        var call = FailAsync<OrqTimeoutException>(null, source.Token);
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit - Tick);
        Assert.That(call.IsCompleted, Is.False, "the call ended before its timeout");
        Clock.Advance(Tick);

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.Timeout, Is.EqualTo(Limit));
        Assert.That(error.Elapsed, Is.EqualTo(Limit));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(
            error.Message,
            Is.EqualTo("CreateContact took longer than its AttemptTimeout of 30 s after 1 attempt.")
        );
        Assert.That(error.InnerException, Is.Null, "it might repeat strings of the request");
    }

    [TestCase("AttemptTimeout", 30)]
    [TestCase("TotalTimeout", 5)]
    public async Task A_stalled_body_ends_at_the_timeout(string limit, int seconds)
    {
        SetTimeout(limit, seconds);
        var body = new ScriptedStream(ScriptedStream.Bytes(Stored[..9]), ScriptedStream.Stall);
        Server.Responds(() => StubHandler.Response(200, body));

        var call = FailAsync<OrqTimeoutException>();
        await body.WaitForReadAsync();
        await body.WaitForReadAsync();
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo(limit));
        Assert.That(error.MayHaveBeenApplied, Is.True);
        Assert.That(body.IsDisposed, Is.True, "the connection was left open");
    }

    [Test]
    public async Task Reads_a_slow_body_that_ends_in_time()
    {
        var rest = new TaskCompletionSource<byte[]>();
        var body = new ScriptedStream(ScriptedStream.Bytes(Stored[..9]), token => new(rest.Task.WaitAsync(token)));
        Server.Responds(() => StubHandler.Response(200, body));

        var call = CreateAsync();
        await body.WaitForReadAsync();
        await body.WaitForReadAsync();
        Clock.Advance(Limit - Tick);
        rest.SetResult(Encoding.UTF8.GetBytes(Stored[9..]));

        Assert.That((await call).Value.ExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task Does_not_retry_a_timeout_when_told_not_to_retry_connection_errors()
    {
        Options.Retry = new RetryConfig { RetryConnectionErrors = false };
        PassesAtOnce = IsWait;
        Server.Hangs().Responds(200, Stored);

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit);

        Assert.That((await call).Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Each_attempt_has_its_own_timeout()
    {
        Options.Retry = RetryConfig.Default;
        Server.Hangs().Hangs().Responds(200, Stored);

        var call = CreateAsync();
        await TimeOutAttemptAsync(wait: TimeSpan.FromMilliseconds(500));
        await TimeOutAttemptAsync(wait: TimeSpan.FromMilliseconds(750));

        Assert.That((await call).Attempts, Is.EqualTo(3));
    }

    [Test]
    public async Task The_total_timeout_covers_all_attempts_and_waits()
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(45);

        var call = FailAsync<OrqTimeoutException>();
        await TimeOutAttemptAsync(wait: TimeSpan.FromMilliseconds(500));
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(14.5) - Tick);
        Assert.That(call.IsCompleted, Is.False, "the call ended before its timeout");
        Clock.Advance(Tick);

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo("TotalTimeout"));
        Assert.That(error.Timeout, Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(45)));
        Assert.That(
            error.Message,
            Is.EqualTo("CreateContact took longer than its TotalTimeout of 45 s after 2 attempts.")
        );
        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [Test]
    public async Task Both_timeouts_can_be_switched_off()
    {
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        var response = new TaskCompletionSource<HttpResponseMessage>();
        Server.Does((_, token) => response.Task.WaitAsync(token));

        var call = CreateAsync();
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromDays(365));
        Assert.That(call.IsCompleted, Is.False, "a call without timeouts timed out");
        response.SetResult(StubHandler.Response(200, Stored));

        await call;
        Assert.That(Clock.RequestedTimers, Is.Empty);
    }

    [Test]
    public async Task A_call_can_switch_off_the_timeouts_of_its_client()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(1);
        Server.Responds(200, Stored);

        await CreateAsync(
            new OrqRequestOptions { AttemptTimeout = Timeout.InfiniteTimeSpan, TotalTimeout = Timeout.InfiniteTimeSpan }
        );

        Assert.That(Clock.RequestedTimers, Is.Empty);
    }

    [Test]
    public async Task A_timeout_for_the_call_wins()
    {
        var options = new OrqRequestOptions { AttemptTimeout = TimeSpan.FromSeconds(3) };
        var call = FailAsync<OrqTimeoutException>(options);
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await call).Timeout, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task Enforces_the_longest_timeout_that_a_timer_accepts()
    {
        Options.AttemptTimeout = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(uint.MaxValue - 1));

        Assert.That((await call).Limit, Is.EqualTo("AttemptTimeout"));
    }

    [Test]
    public async Task Retries_an_attempt_whose_timeout_passes_before_it_begins()
    {
        Options.Retry = new RetryConfig { MaxAttempts = 3 };
        Options.TimeProvider = new ImmediateTime();

        var error = await FailAsync<OrqTimeoutException>();

        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.Attempts, Is.EqualTo(3));
    }

    [Test]
    public async Task No_timer_outlives_a_call()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(45);
        Server.Responds(200, Stored).Responds(400);

        await CreateAsync();
        await FailAsync<OrqBadRequestException>();

        Assert.That(Clock.RequestedTimers, Is.Not.Empty);
        Assert.That(Clock.PendingTimers, Is.Empty);
    }

    [TestCase("AttemptTimeout", 30)]
    [TestCase("TotalTimeout", 5)]
    public async Task Sends_and_retries_nothing_when_the_key_does_not_arrive_in_time(string limit, int seconds)
    {
        SetTimeout(limit, seconds);
        Options.Retry = RetryConfig.Default;
        PassesAtOnce = static due => due == TimeSpan.FromMilliseconds(500);
        var hangs = HangProvider();

        var call = FailAsync<OrqTimeoutException>();
        await hangs;
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo(limit));
        Assert.That((error.Attempts, error.MayHaveBeenApplied), Is.EqualTo((0, false)));
        Assert.That(Server.Requests, Is.Empty);
    }

    /// <summary>Lets the next attempt time out after 30 s, and then the wait before the retry pass.</summary>
    private async Task TimeOutAttemptAsync(TimeSpan wait)
    {
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit);
        await Clock.WaitForTimerAsync(wait);
        Clock.Advance(wait);
    }

    /// <summary>Sets one of the two timeouts.</summary>
    private void SetTimeout(string name, int seconds) =>
        typeof(OrqClientOptions).GetProperty(name)!.SetValue(Options, TimeSpan.FromSeconds(seconds));

    /// <summary>A clock whose timers fire as they are created, as if the process had paused there.</summary>
    private sealed class ImmediateTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return System.CreateTimer(static _ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
