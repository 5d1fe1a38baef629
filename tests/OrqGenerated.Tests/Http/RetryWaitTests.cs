using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>How long a client waits before a retry, and when it gives up instead.</summary>
internal sealed class RetryWaitTests : ClientTest
{
    public RetryWaitTests()
    {
        // Every timer is then a wait between attempts.
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Options.Retry.Backoff.MaxElapsedTime = Timeout.InfiniteTimeSpan;
        PassesAtOnce = static _ => true;
    }

    private IReadOnlyList<TimeSpan> Waits => Clock.RequestedTimers;

    [Test]
    public async Task Waits_grow_as_configured_up_to_MaxInterval()
    {
        Options.Retry.MaxAttempts = 22;
        Server.Responds(503);

        var error = await FailAsync<OrqServerException>();

        var expected = Enumerable.Range(0, 21).Select(n => Math.Floor(Math.Min(500 * Math.Pow(1.5, n), 60_000)));
        Assert.That(Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo(expected));
        Assert.That(error.Attempts, Is.EqualTo(22));
        Assert.That(error.Elapsed, Is.EqualTo(Waits.Aggregate((a, b) => a + b)));
    }

    [TestCase(0, 375)]
    [TestCase(0.5, 500)]
    [TestCase(0.9999, 624)]
    [TestCase(0, 60_000, "Retry-After: 60", TestName = "{m}(exactly MaxInterval)")]
    [TestCase(0.5, 21_000, "Retry-After: 20", TestName = "{m}(the requested time plus up to a tenth)")]
    [TestCase(0.5, 500, "retry-after-ms: 100", TestName = "{m}(its own time, if that is longer)")]
    [TestCase(0.5, 500, "Retry-After: 0", TestName = "{m}(its own time, if zero is requested)")]
    public async Task Waits_with_jitter(double random, double milliseconds, params string[] headers)
    {
        Random = random;
        Server.Responds(503, "", headers).Responds(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromMilliseconds(milliseconds)]));
    }

    [Test]
    public async Task Fails_at_once_when_the_server_requests_more_than_MaxInterval()
    {
        Server.Responds(429, "", "Retry-After: 60.001");

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(Waits, Is.Empty);
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(60.001)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Fails_at_once_when_the_server_requests_more_than_a_timer_accepts(bool isInfinite)
    {
        Options.Retry.Backoff.MaxInterval = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        Options.Retry.Backoff.MaxElapsedTime = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        Options.TotalTimeout = TimeSpan.MaxValue;
        Server.Responds(503, "", "Retry-After: 99999999999");

        var error = await FailAsync<OrqServerException>();

        Assert.That(Waits, Is.Empty);
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(99999999999)));
    }

    [TestCase(4062, 4)]
    [TestCase(4062.5, 5)]
    public async Task Starts_no_wait_that_would_end_after_MaxElapsedTime(double milliseconds, int attempts)
    {
        // 500 + 750 + 1125 = 2375 ms; the next wait would end at 4062.5 ms.
        Options.Retry.Backoff.MaxElapsedTime = TimeSpan.FromMilliseconds(milliseconds);
        Server.Responds(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That((error.Attempts, Waits.Count), Is.EqualTo((attempts, attempts - 1)));
    }

    [Test]
    public async Task Attempts_count_towards_the_elapsed_time()
    {
        Options.Retry.Backoff.MaxElapsedTime = TimeSpan.FromSeconds(10);
        Server.Does(
            (_, _) =>
            {
                Clock.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult(StubHandler.Response(503, ""));
            }
        );

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(10.5)));
    }

    [Test]
    public async Task Starts_no_wait_that_would_end_after_the_total_timeout()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(10);
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(10);
        Server.Responds(429, "", "Retry-After: 9.9");

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(9.9)));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.Zero));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_most_generous_configuration_waits_as_long_as_a_timer_accepts(bool isInfinite)
    {
        var longest = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        Options.Retry = new RetryConfig
        {
            Backoff = new BackoffStrategy(TimeSpan.MaxValue, longest, double.MaxValue, longest),
            MaxAttempts = int.MaxValue,
        };
        Options.AttemptTimeout = longest;
        Options.TotalTimeout = longest;
        Server.Responds(503, "", "retry-after-ms: 9").Responds(503).Responds(503).Responds(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(4));
        Assert.That(Waits, Is.All.EqualTo(TimeSpan.FromMilliseconds(uint.MaxValue - 1)));
        using var timer = TimeProvider.System.CreateTimer(_ => { }, null, Waits[0], Timeout.InfiniteTimeSpan);
    }

    // With another decimal separator and another calendar.
    [Test]
    [SetCulture("ar-SA")]
    public async Task Waits_do_not_depend_on_the_culture()
    {
        Random = 0;
        Server
            .Responds(503, "", "Retry-After: 1.5")
            .Responds(503, "", $"Retry-After: {Clock.GetUtcNow().AddSeconds(31.5).UtcDateTime:R}")
            .Responds(503, "", "retry-after-ms: 2500.5")
            .Responds(503, "", "Retry-After: 1,5")
            .Responds(200, Stored);

        await CreateAsync();

        Assert.That(Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo([1500, 29_500, 2501, 5000]));
    }
}
