using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The outcome of a call that could end for several reasons at once.</summary>
internal sealed class CompetingLimitTests : ClientTest
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public CompetingLimitTests() => Options.Retry = RetryConfig.None;

    [TestCase(0)]
    [TestCase(1)]
    public async Task The_total_timeout_ends_a_call_whose_time_is_up_after_a_wait(int lateBy)
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromMilliseconds(500);
        Options.NextRandom = () =>
        {
            Clock.Advance(TimeSpan.FromMilliseconds(lateBy));
            return 0.5;
        };
        PassesAtOnce = due => due == Options.TotalTimeout && Server.Requests.Count == 1;
        Server.Responds(503);

        var error = await FailAsync<OrqTimeoutException>();

        Assert.That(error.Limit, Is.EqualTo("TotalTimeout"));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.MayHaveBeenApplied, Is.False, "the only attempt was answered with a 503");
    }

    [Test]
    public async Task The_total_timeout_wins_over_a_shorter_one_when_both_have_passed()
    {
        Options.TotalTimeout = Limit * 2;
        Server.Does(
            (_, token) =>
            {
                Clock.Advance(Limit * 3);
                return Task.FromCanceled<HttpResponseMessage>(token);
            }
        );

        Assert.That((await FailAsync<OrqTimeoutException>()).Limit, Is.EqualTo("TotalTimeout"));
    }

    [Test]
    public async Task The_attempt_timeout_wins_when_it_is_shorter()
    {
        Options.TotalTimeout = Limit + TimeSpan.FromMilliseconds(1);

        var call = FailAsync<OrqTimeoutException>();
        await Server.WaitForRequestAsync();
        Clock.Advance(Limit);

        Assert.That((await call).Limit, Is.EqualTo("AttemptTimeout"));
    }

    [TestCase(200)]
    [TestCase(400)]
    public async Task A_response_that_was_read_completely_counts_despite_timeout_and_cancellation(int status)
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
        Server.Responds(() => StubHandler.Response(status, body));

        if (status == 200)
            Assert.That((await CreateAsync(null, source.Token)).Value.ExternalId, Is.EqualTo("user_12345"));
        else
            Assert.That((await FailAsync<OrqBadRequestException>(null, source.Token)).Body, Is.EqualTo(Stored));
    }

    [Test]
    public async Task Names_the_timeout_of_a_supplied_HttpClient()
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
    public async Task Retries_the_timeout_of_a_supplied_HttpClient_like_an_attempt_timeout()
    {
        Options.Retry = RetryConfig.Default;
        PassesAtOnce = IsWait;
        Http.Timeout = TimeSpan.FromMilliseconds(20);
        Server.Hangs().Responds(200, Stored);

        Assert.That((await CreateAsync()).Attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task The_attempt_timeout_wins_over_an_equal_HttpClient_timeout()
    {
        Http.Timeout = TimeSpan.FromMilliseconds(20);
        Options.AttemptTimeout = TimeSpan.FromMilliseconds(20);

        Assert.That((await FailAsync<OrqTimeoutException>()).Limit, Is.EqualTo("AttemptTimeout"));
    }

    [Test]
    public async Task The_attempt_timeout_wins_over_a_simultaneous_HttpClient_timeout()
    {
        Http.Timeout = TimeSpan.FromDays(1);
        var body = new ScriptedStream(_ =>
        {
            Clock.Advance(Limit);
            throw HttpTimeout;
        });
        Server.Responds(() => StubHandler.Response(200, body));

        Assert.That((await FailAsync<OrqTimeoutException>()).Limit, Is.EqualTo("AttemptTimeout"));
    }

    [TestCase(45, TestName = "{m}(AttemptTimeout)")]
    [TestCase(20, TestName = "{m}(TotalTimeout)")]
    public async Task Reports_the_401_when_the_key_refresh_times_out(int totalSeconds)
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(totalSeconds);
        var hangs = HangProvider(first: "first", onAsked: () => Clock.Advance(Limit));
        Server.Responds(401, """{"message":"expired"}""");

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.ErrorMessage, Is.EqualTo("expired"));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(hangs.IsCompletedSuccessfully, Is.True, "the provider was not asked for a new key");
    }
}
