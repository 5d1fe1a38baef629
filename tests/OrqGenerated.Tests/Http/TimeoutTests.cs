using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The limits of an attempt and of a call.</summary>
internal sealed class TimeoutTests : ClientTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public TimeoutTests() => Options.Retry = RetryConfig.None;

    [Test]
    public async Task An_attempt_without_an_answer_ends_at_its_limit()
    {
        using var source = new CancellationTokenSource();
        var call = FailAsync<OrqTimeoutException>(null, source.Token);
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit - Tick);
        Assert.That(call.IsCompleted, Is.False, "the call ended before its limit");
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
        Assert.That(error.InnerException, Is.Null, "it would have to be searched for texts");
    }

    [TestCase("AttemptTimeout", 30)]
    [TestCase("TotalTimeout", 5)]
    public async Task A_body_that_stalls_ends_at_the_limit(string limit, int seconds)
    {
        SetLimit(limit, seconds);
        var body = new ScriptedStream(ScriptedStream.Bytes(Stored[..9]), ScriptedStream.Stall);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));

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
    public async Task A_body_that_drips_and_ends_in_time_is_read()
    {
        using var drops = new SemaphoreSlim(0);
        var body = Dripping(drops);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));

        var call = CreateAsync();
        await body.WaitForReadAsync();
        Clock.Advance(Limit - Tick);
        drops.Release(Stored.Length);

        Assert.That((await call).Value.ExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task Every_attempt_has_the_whole_limit()
    {
        Options.Retry = RetryConfig.Default;
        Server.Hangs().Hangs().Answers(200, Stored);

        var call = CreateAsync();
        for (var wait = 0; wait < 2; wait++)
        {
            await Server.WaitForRequestAsync();
            Clock.Advance(Limit);
            var milliseconds = wait == 0 ? 500 : 750;
            await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(milliseconds));
            Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        }

        Assert.That((await call).Attempts, Is.EqualTo(3));
    }

    [Test]
    public async Task The_total_limit_covers_all_attempts_and_waits()
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(45);

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit);
        await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));
        Clock.Advance(TimeSpan.FromMilliseconds(500));
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(14.5) - Tick);
        Assert.That(call.IsCompleted, Is.False, "the call ended before its limit");
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
    public async Task Both_limits_can_be_switched_off()
    {
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        using var gate = new SemaphoreSlim(0);
        Server.Does(
            async (_, token) =>
            {
                await gate.WaitAsync(token);
                return StubHandler.Response(200, Stored);
            }
        );

        var call = CreateAsync();
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromDays(365));
        Assert.That(call.IsCompleted, Is.False, "a call without limits ended");
        gate.Release();

        await call;
        Assert.That(Clock.RequestedTimers, Is.Empty);
    }

    [Test]
    public async Task A_call_can_switch_off_its_client_s_limits()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(1);
        Server.Answers(200, Stored);

        await CreateAsync(
            new OrqRequestOptions { AttemptTimeout = Timeout.InfiniteTimeSpan, TotalTimeout = Timeout.InfiniteTimeSpan }
        );

        Assert.That(Clock.RequestedTimers, Is.Empty);
    }

    [Test]
    public async Task A_call_s_own_limits_win()
    {
        var options = new OrqRequestOptions { AttemptTimeout = TimeSpan.FromSeconds(3) };
        var call = FailAsync<OrqTimeoutException>(options);
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.That((await call).Timeout, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public async Task Limits_that_no_timer_can_watch_are_taken()
    {
        Options.AttemptTimeout = TimeSpan.MaxValue;
        Options.TotalTimeout = TimeSpan.FromMilliseconds(uint.MaxValue);
        Server.Answers(200, Stored);

        await CreateAsync();

        Assert.That(Clock.RequestedTimers, Is.Empty);
    }

    [Test]
    public async Task The_longest_limit_that_a_timer_can_watch_is_watched()
    {
        Options.AttemptTimeout = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(uint.MaxValue - 1));

        Assert.That((await call).Limit, Is.EqualTo("AttemptTimeout"));
    }

    [Test]
    public async Task The_shortest_limit_ends_a_call_before_it_is_sent()
    {
        Options.TotalTimeout = TimeSpan.FromTicks(1);
        PassesAtOnce = static _ => true;

        var error = await FailAsync<OrqTimeoutException>();

        Assert.That(error.Limit, Is.EqualTo("TotalTimeout"));
    }

    [Test]
    public async Task No_timer_outlives_a_call()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(45);
        Server.Answers(200, Stored).Answers(400);

        await CreateAsync();
        await FailAsync<OrqBadRequestException>();

        Assert.That(Clock.RequestedTimers, Is.Not.Empty);
        Assert.That(Clock.PendingTimers, Is.Empty);
    }

    [TestCase("AttemptTimeout", 30)]
    [TestCase("TotalTimeout", 5)]
    public async Task A_key_that_does_not_come_in_time_ends_the_call_before_anything_is_sent(string limit, int seconds)
    {
        SetLimit(limit, seconds);
        _ = NeverGetAKey();

        var call = FailAsync<OrqTimeoutException>();
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo(limit));
        Assert.That((error.Attempts, error.MayHaveBeenApplied), Is.EqualTo((0, false)));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_provider_that_is_too_slow_is_not_asked_again_within_a_call()
    {
        var questions = 0;
        Options.Retry = RetryConfig.Default;
        _ = NeverGetAKey(onAsked: () =>
        {
            questions++;
            Clock.Advance(Limit);
        });

        var error = await FailAsync<OrqTimeoutException>();

        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.Attempts, Is.Zero);
        Assert.That(questions, Is.EqualTo(1), "requests for a key");
    }

    /// <summary>A body of which every byte waits for its turn.</summary>
    private static ScriptedStream Dripping(SemaphoreSlim drops) =>
        new([
            .. Stored.Select(c =>
                (Func<CancellationToken, ValueTask<byte[]>>)(
                    async token =>
                    {
                        await drops.WaitAsync(token);
                        return [(byte)c];
                    }
                )
            ),
        ]);
}
