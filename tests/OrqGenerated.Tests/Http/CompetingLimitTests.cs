using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>What counts when a call could end for several reasons at once.</summary>
internal sealed class CompetingLimitTests : ClientTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public CompetingLimitTests() => Options.Retry = RetryConfig.None;

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
        Options.TotalTimeout = Limit + TimeSpan.FromMilliseconds(1);

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit);

        Assert.That((await call).Limit, Is.EqualTo("AttemptTimeout"));
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

    [TestCase("AttemptTimeout", 30)]
    [TestCase("TotalTimeout", 10)]
    public async Task A_limit_of_ours_counts_before_the_HttpClient_s_that_comes_with_it(string limit, int seconds)
    {
        SetLimit(limit, seconds);
        Server.Does(
            (_, token) =>
            {
                Clock.Advance(TimeSpan.FromSeconds(seconds));
                throw new TaskCanceledException(
                    $"The request was canceled due to the configured HttpClient.Timeout of {seconds} seconds elapsing.",
                    new TimeoutException(),
                    token
                );
            }
        );

        Assert.That((await FailAsync<OrqTimeoutException>()).Limit, Is.EqualTo(limit));
    }

    [TestCase(30)]
    [TestCase(20)]
    public async Task Reports_the_401_when_the_key_refresh_times_out(int totalSeconds)
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(totalSeconds);
        var asked = NeverGetAKey(first: "first", onAsked: () => Clock.Advance(Limit));
        Server.Answers(401, """{"message":"expired"}""");

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.ErrorMessage, Is.EqualTo("expired"));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(asked.IsCompletedSuccessfully, Is.True, "another key was asked for");
    }
}
