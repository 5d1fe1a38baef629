using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The limits of an attempt and of a call, and what is reported when several ends meet.</summary>
internal sealed class TimeoutTests : ClientTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    public TimeoutTests() => Options.Retry = RetryConfig.None;

    [Test]
    public async Task An_attempt_without_an_answer_ends_at_its_limit()
    {
        var call = FailAsync<OrqTimeoutException>();
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

    [Test]
    public async Task A_body_that_stalls_ends_at_the_limit_of_its_attempt()
    {
        var body = new ScriptedStream(ScriptedStream.Bytes(Stored[..9]), ScriptedStream.Stall);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));

        var call = FailAsync<OrqTimeoutException>();
        await body.WaitForReadAsync();
        await body.WaitForReadAsync();
        Clock.Advance(Limit);

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.MayHaveBeenApplied, Is.True);
        Assert.That(body.IsDisposed, Is.True, "the connection was left open");
    }

    [Test]
    public async Task A_body_that_drips_ends_at_the_limit_however_steady_it_is()
    {
        using var drops = new SemaphoreSlim(0);
        var body = Dripping(drops);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));

        var call = FailAsync<OrqTimeoutException>();
        for (var second = 0; second < 30; second++)
        {
            await body.WaitForReadAsync();
            Assert.That(call.IsCompleted, Is.False, $"the call ended after {second} s");
            drops.Release();
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That((await call).Elapsed, Is.EqualTo(Limit));
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
    public async Task The_total_limit_ends_a_body_that_stalls()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(5);
        var body = new ScriptedStream(ScriptedStream.Stall);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));

        var call = FailAsync<OrqTimeoutException>();
        await body.WaitForReadAsync();
        Clock.Advance(TimeSpan.FromSeconds(5));

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo("TotalTimeout"));
        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [Test]
    public async Task The_total_limit_that_passes_within_a_wait_ends_it()
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromMilliseconds(500);
        PassesAtOnce = due => due == Options.TotalTimeout && Server.Requests.Count == 1;
        Server.Answers(503);

        var error = await FailAsync<OrqTimeoutException>();

        Assert.That(error.Limit, Is.EqualTo("TotalTimeout"));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.MayHaveBeenApplied, Is.False, "the server has answered");
    }

    [Test]
    public async Task An_answer_that_comes_with_the_end_of_the_total_limit_counts()
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(20);
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(1);
        Server
            .Answers(503)
            .Does(
                (_, _) =>
                {
                    Clock.Advance(TimeSpan.FromSeconds(20));
                    return Task.FromResult(StubHandler.Response(400, """{"message":"no"}"""));
                }
            );

        Assert.That((await FailAsync<OrqBadRequestException>()).Attempts, Is.EqualTo(2));
    }

    [TestCase(29)]
    [TestCase(30)]
    public async Task The_total_limit_counts_before_that_of_an_attempt(int seconds)
    {
        Clock.FiresLatestFirst = true;
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(seconds);

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.FireNext(TimeSpan.FromSeconds(60));

        Assert.That((await call).Limit, Is.EqualTo("TotalTimeout"));
    }

    [Test]
    public async Task A_later_attempt_that_would_end_with_the_call_leaves_the_total_limit_to_count()
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(60.5);
        Clock.FiresLatestFirst = true;

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit);
        await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));
        Clock.Advance(TimeSpan.FromMilliseconds(500));
        await Server.WaitForRequestAsync();
        Clock.FireNext(Limit);

        Assert.That((await call).Limit, Is.EqualTo("TotalTimeout"));
    }

    [Test]
    public async Task The_attempt_s_limit_counts_where_it_is_the_shorter()
    {
        Options.TotalTimeout = Limit + Tick;

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit);

        Assert.That((await call).Limit, Is.EqualTo("AttemptTimeout"));
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

    [Test]
    public async Task A_response_that_is_read_completely_is_returned_though_its_time_is_up()
    {
        using var source = new CancellationTokenSource();
        var body = new ScriptedStream(
            ScriptedStream.Bytes(Stored),
            _ =>
            {
                Clock.Advance(TimeSpan.FromDays(1));
                source.Cancel();
                return ValueTask.FromResult<byte[]>([]);
            }
        );
        Options.TotalTimeout = TimeSpan.FromSeconds(20);
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));

        var response = await CreateAsync(null, source.Token);

        Assert.That(response.Value.ExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task A_given_HttpClient_s_own_limit_is_named()
    {
        Http.Timeout = TimeSpan.FromMilliseconds(20);

        var error = await FailAsync<OrqTimeoutException>();

        Assert.That(error.Limit, Is.EqualTo("HttpClient.Timeout"));
        Assert.That(error.Timeout, Is.EqualTo(TimeSpan.FromMilliseconds(20)));
        Assert.That(
            error.Message,
            Is.EqualTo("CreateContact took longer than its HttpClient.Timeout of 0.02 s after 1 attempt.")
        );
        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [Test]
    public async Task A_given_HttpClient_s_own_limit_is_repeated_like_an_attempt_s()
    {
        Options.Retry = RetryConfig.Default;
        PassesAtOnce = static due => due < Limit;
        Http.Timeout = TimeSpan.FromMilliseconds(20);
        Server.Hangs().Answers(200, Stored);

        Assert.That((await CreateAsync()).Attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task An_equal_limit_of_the_attempt_counts_before_the_HttpClient_s()
    {
        Http.Timeout = TimeSpan.FromMilliseconds(20);
        Options.AttemptTimeout = TimeSpan.FromMilliseconds(20);

        Assert.That((await FailAsync<OrqTimeoutException>()).Limit, Is.EqualTo("AttemptTimeout"));
    }

    [Test]
    public async Task The_attempt_s_limit_counts_when_the_HttpClient_s_comes_with_it()
    {
        Server.Does(
            (_, token) =>
            {
                Clock.Advance(Limit);
                throw new TaskCanceledException(
                    "The request was canceled due to the configured HttpClient.Timeout of 30 seconds elapsing.",
                    new TimeoutException(),
                    token
                );
            }
        );

        Assert.That((await FailAsync<OrqTimeoutException>()).Limit, Is.EqualTo("AttemptTimeout"));
    }

    [Test]
    public async Task The_total_limit_counts_when_the_HttpClient_s_comes_with_it()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(10);
        Server.Does(
            (_, _) =>
            {
                Clock.Advance(TimeSpan.FromSeconds(10));
                throw new TaskCanceledException("HttpClient.Timeout", new TimeoutException());
            }
        );

        Assert.That((await FailAsync<OrqTimeoutException>()).Limit, Is.EqualTo("TotalTimeout"));
    }

    [Test]
    public async Task A_connection_that_is_not_made_in_time_is_no_timeout_of_ours()
    {
        Server.Throws(() =>
            new TaskCanceledException(
                "A connection could not be established within the configured ConnectTimeout.",
                new TimeoutException("A connection could not be established within the configured ConnectTimeout.")
            )
        );

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Message, Does.Contain("could not be made in time"));
    }

    [Test]
    public async Task A_key_that_is_not_had_in_time_ends_the_attempt()
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = static async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        };

        var call = FailAsync<OrqTimeoutException>();
        Clock.Advance(Limit);

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.MayHaveBeenApplied, Is.False);
    }

    [TestCase(30)]
    [TestCase(20)]
    public async Task Reports_the_401_when_the_key_refresh_times_out(int totalSeconds)
    {
        var questions = 0;
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(totalSeconds);
        Options.ApiKey = null;
        Options.ApiKeyProvider = async (request, token) =>
        {
            if (request.RejectedKey is null)
            {
                return "first";
            }

            questions++;
            Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        };
        Server.Answers(401, """{"message":"expired"}""");

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.ErrorMessage, Is.EqualTo("expired"));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(questions, Is.EqualTo(1), "requests for another key");
    }

    [Test]
    public async Task A_provider_that_is_too_slow_is_not_asked_again_within_a_call()
    {
        var questions = 0;
        Options.Retry = RetryConfig.Default;
        Options.ApiKey = null;
        Options.ApiKeyProvider = async (_, token) =>
        {
            questions++;
            Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        };

        var error = await FailAsync<OrqTimeoutException>();

        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.Attempts, Is.Zero);
        Assert.That(questions, Is.EqualTo(1), "requests for a key");
    }

    [Test]
    public async Task A_key_that_is_not_had_before_the_total_limit_ends_the_call()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(5);
        Options.ApiKey = null;
        Options.ApiKeyProvider = static async (_, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        };

        var call = FailAsync<OrqTimeoutException>();
        Clock.Advance(TimeSpan.FromSeconds(5));

        var error = await call;
        Assert.That(error.Limit, Is.EqualTo("TotalTimeout"));
        Assert.That(error.Attempts, Is.Zero);
        Assert.That(error.MayHaveBeenApplied, Is.False);
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
