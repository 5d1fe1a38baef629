using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The length of waits between attempts, and when a client gives up instead.</summary>
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
    public async Task Waits_between_attempts_grow_as_configured_up_to_the_cap()
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
    public async Task Jitter_spreads_the_waits(double random, double milliseconds)
    {
        Random = random;
        Server.Responds(500).Responds(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromMilliseconds(milliseconds)]));
    }

    [Test]
    public async Task Waits_as_long_as_the_server_asks_and_up_to_a_tenth_more()
    {
        Server.Responds(429, "", "Retry-After: 20").Responds(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromSeconds(21)]));
    }

    [Test]
    public async Task Waits_its_own_time_when_the_server_asks_for_less()
    {
        Server.Responds(503, "", "retry-after-ms: 100").Responds(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromMilliseconds(500)]));
    }

    [Test]
    public async Task Waits_its_own_time_when_the_server_asks_for_none()
    {
        Options.Retry.MaxAttempts = 3;
        Server.Responds(429, "", "Retry-After: 0");

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo([500, 750]));
        Assert.That(error.RetryAfter, Is.Null);
    }

    [Test]
    public async Task Fails_at_once_when_the_server_asks_for_more_than_MaxInterval()
    {
        Server.Responds(429, "", "Retry-After: 60.001");

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(Waits, Is.Empty);
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(60.001)));
    }

    [Test]
    public async Task Waits_when_the_server_asks_for_exactly_MaxInterval()
    {
        Random = 0;
        Server.Responds(429, "", "Retry-After: 60").Responds(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromSeconds(60)]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Fails_at_once_when_the_server_asks_for_more_than_a_timer_takes(bool isInfinite)
    {
        Options.Retry.Backoff.MaxInterval = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        Options.Retry.Backoff.MaxElapsedTime = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        Options.TotalTimeout = TimeSpan.MaxValue;
        Server.Responds(503, "", "Retry-After: 99999999999");

        var error = await FailAsync<OrqServerException>();

        Assert.That(Waits, Is.Empty);
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(99999999999)));
    }

    [Test]
    public async Task Begins_no_wait_that_would_end_after_MaxElapsedTime()
    {
        // 500 + 750 + 1125 ms are 2375 ms; the next wait would end after 4062 ms.
        Options.Retry.Backoff.MaxElapsedTime = TimeSpan.FromMilliseconds(4061);
        Server.Responds(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo([500, 750, 1125]));
        Assert.That(error.Attempts, Is.EqualTo(4));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.FromMilliseconds(2375)));
    }

    [Test]
    public async Task Begins_a_wait_that_ends_exactly_at_MaxElapsedTime()
    {
        Options.Retry.Backoff.MaxElapsedTime = TimeSpan.FromMilliseconds(500);
        Server.Responds(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task The_time_of_attempts_counts_towards_the_elapsed_time()
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
    public async Task Begins_no_wait_that_would_end_after_the_total_timeout()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(10);
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(10);
        Server.Responds(429, "", "Retry-After: 9.9");

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(9.9)));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task The_most_generous_configuration_does_not_overflow()
    {
        Options.Retry = new RetryConfig
        {
            Backoff = new BackoffStrategy(TimeSpan.MaxValue, TimeSpan.MaxValue, double.MaxValue, TimeSpan.MaxValue),
            MaxAttempts = int.MaxValue,
        };
        Options.AttemptTimeout = TimeSpan.MaxValue;
        Options.TotalTimeout = TimeSpan.MaxValue;
        Server.Responds(503, "", "retry-after-ms: 9").Responds(503).Responds(503).Responds(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(4));
        Assert.That(Waits, Is.All.EqualTo(TimeSpan.FromMilliseconds(uint.MaxValue - 1)));
    }

    [Test]
    public async Task A_thousand_retries_with_exponent_10_wait_no_longer_than_the_cap()
    {
        Options.Retry.Backoff.Exponent = 10;
        Options.Retry.MaxAttempts = 1001;
        Server.Responds(503);

        await FailAsync<OrqServerException>();

        Assert.That(Waits.Take(3).Select(wait => wait.TotalSeconds), Is.EqualTo([0.5, 5, 50]));
        Assert.That(Waits.Skip(3), Is.All.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(Waits, Has.Count.EqualTo(1000));
    }

    [TestCase("de-DE")]
    [TestCase("th-TH")]
    [TestCase("ar-SA")]
    public async Task Waits_do_not_depend_on_the_culture(string culture)
    {
        using var _ = new InCulture(culture);
        Random = 0;
        Server
            .Responds(503, "", "Retry-After: 1.5")
            .Responds(503, "", $"Retry-After: {Clock.GetUtcNow().AddSeconds(31.5).UtcDateTime:R}")
            .Responds(503, "", "retry-after-ms: 2500.5")
            .Responds(503, "", "Retry-After: 1,5")
            .Responds(200, Stored);

        await CreateAsync();

        Assert.That(Waits.Select(wait => wait.TotalSeconds), Is.EqualTo([1.5, 29.5, 2.501, 5]).Within(0.51));
        Assert.That((Waits[0], Waits[2]), Is.EqualTo((TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2.501))));
    }

    [Test]
    public async Task An_exception_between_two_attempts_reaches_the_caller()
    {
        Options.NextRandom = static () => throw new NotSupportedException("no chance");
        Server.Responds(503);

        Assert.That((await FailAsync<NotSupportedException>()).Message, Is.EqualTo("no chance"));
    }
}
