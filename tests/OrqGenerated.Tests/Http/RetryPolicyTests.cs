using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Tests.Support;
using PropertyAttribute = FsCheck.NUnit.PropertyAttribute;

namespace OrqGenerated.Tests.Http;

/// <summary>The arithmetic of waits, and the server's word on them.</summary>
internal sealed class RetryPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero);

    private static BackoffStrategy Unlimited =>
        new(TimeSpan.FromMilliseconds(500), Timeout.InfiniteTimeSpan, 1.5, Timeout.InfiniteTimeSpan);

    private static IEnumerable<int> FirstRetries => Enumerable.Range(0, 21);

    [TestCaseSource(nameof(FirstRetries))]
    public void Waits_the_initial_interval_times_a_power_of_the_exponent(int retry)
    {
        var milliseconds = 500.0;
        for (var i = 0; i < retry; i++)
        {
            milliseconds *= 1.5;
        }

        var wait = RetryPolicy.Backoff(Unlimited, retry, 0.5);

        Assert.That(wait.TotalMilliseconds, Is.EqualTo(milliseconds).Within(0.001));
    }

    [TestCase(0, 0, 375)]
    [TestCase(0, 0.25, 437.5)]
    [TestCase(0, 0.5, 500)]
    [TestCase(0, 0.999999, 625)]
    [TestCase(3, 0, 1265.625)]
    [TestCase(3, 0.5, 1687.5)]
    [TestCase(3, 0.999999, 2109.375)]
    public void Chance_makes_it_three_to_five_quarters_of_that(int retry, double random, double milliseconds) =>
        Assert.That(
            RetryPolicy.Backoff(Unlimited, retry, random).TotalMilliseconds,
            Is.EqualTo(milliseconds).Within(0.01)
        );

    [TestCase(10, 1000)]
    [TestCase(10, int.MaxValue)]
    [TestCase(double.MaxValue, 2)]
    [TestCase(1.5, 12)]
    public void Is_never_over_the_longest_interval(double exponent, int retry)
    {
        var backoff = new BackoffStrategy { Exponent = exponent };

        Assert.That(RetryPolicy.Backoff(backoff, retry, 0.999), Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Without_a_longest_interval_it_is_what_a_timer_takes(bool isInfinite)
    {
        var backoff = new BackoffStrategy
        {
            Exponent = 10,
            MaxInterval = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue,
        };

        var wait = RetryPolicy.Backoff(backoff, 1000, 0.5);

        Assert.That(wait, Is.EqualTo(TimeSpan.FromMilliseconds(uint.MaxValue - 1)));
        using var timer = TimeProvider.System.CreateTimer(_ => { }, null, wait, Timeout.InfiniteTimeSpan);
    }

    [Test]
    public void An_exponent_of_1_waits_the_same_each_time()
    {
        var backoff = new BackoffStrategy { Exponent = 1 };

        Assert.That(RetryPolicy.Backoff(backoff, 1_000_000, 0.5), Is.EqualTo(TimeSpan.FromMilliseconds(500)));
    }

    [Property]
    public Property The_wait_is_within_its_bounds() =>
        Prop.ForAll(
            Waits(),
            wait =>
            {
                var actual = RetryPolicy.Backoff(wait.Backoff, wait.Retry, wait.Random);
                var full = wait.Backoff.InitialInterval.TotalMilliseconds * Math.Pow(wait.Backoff.Exponent, wait.Retry);
                var longest = wait.Backoff.MaxInterval.TotalMilliseconds;
                const double Rounding = 0.0001;
                return actual.TotalMilliseconds >= Math.Min(0.75 * full, longest) - Rounding
                    && actual.TotalMilliseconds <= Math.Min(1.25 * full, longest) + Rounding;
            }
        );

    [Property]
    public Property A_server_s_word_is_a_lower_bound_with_up_to_a_tenth_on_top() =>
        Prop.ForAll(
            Waits(),
            Gen.Choose(1, 100_000_000).ToArbitrary(),
            (wait, microseconds) =>
            {
                var asked = TimeSpan.FromMicroseconds(microseconds);
                var computed = RetryPolicy.Backoff(wait.Backoff, wait.Retry, wait.Random);
                var actual = RetryPolicy.AtLeast(asked, computed, wait.Random);
                // Timers count in whole milliseconds.
                var timer = Math.Floor(actual.TotalMilliseconds);
                return timer >= asked.TotalMilliseconds
                    && actual >= computed
                    && (
                        actual == computed
                        || actual.TotalMilliseconds
                            <= Math.Max(1.1 * asked.TotalMilliseconds, Math.Ceiling(asked.TotalMilliseconds))
                    );
            }
        );

    [TestCase(0, 10_000)]
    [TestCase(0.5, 10_500)]
    [TestCase(0.999, 10_999)]
    public void Up_to_a_tenth_is_added_to_a_server_s_word(double random, double milliseconds) =>
        Assert.That(
            RetryPolicy.AtLeast(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(9), random).TotalMilliseconds,
            Is.EqualTo(milliseconds).Within(1)
        );

    [TestCase(1.2, 2)]
    [TestCase(2, 2)]
    public void Part_of_a_millisecond_is_waited_as_a_whole_one(double asked, double milliseconds) =>
        Assert.That(
            RetryPolicy.AtLeast(TimeSpan.FromMilliseconds(asked), TimeSpan.Zero, 0),
            Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds))
        );

    [TestCase("Retry-After: 58", 58)]
    [TestCase("retry-after: 58", 58)]
    [TestCase("Retry-After: 0.5", 0.5)]
    [TestCase("Retry-After: 1.75", 1.75)]
    [TestCase("Retry-After:   7  ", 7)]
    [TestCase("retry-after-ms: 1500", 1.5)]
    [TestCase("retry-after-ms: 0.5", 0.0005)]
    [TestCase("Retry-After: Tue, 02 Jun 2026 12:00:30 GMT", 30)]
    [TestCase("Retry-After: Tuesday, 02-Jun-26 12:00:30 GMT", 30)]
    [TestCase("Retry-After: Tue Jun  2 12:00:30 2026", 30)]
    public void Reads_what_the_server_asks_for(string header, double seconds) =>
        Assert.That(Asked(header)?.TotalSeconds, Is.EqualTo(seconds));

    [TestCase("Retry-After: 0")]
    [TestCase("Retry-After: 0.0")]
    [TestCase("Retry-After: -5")]
    [TestCase("retry-after-ms: 0")]
    [TestCase("retry-after-ms: -1")]
    [TestCase("Retry-After:")]
    [TestCase("Retry-After: soon")]
    [TestCase("Retry-After: 58s")]
    [TestCase("Retry-After: 1e3")]
    [TestCase("Retry-After: 0x10")]
    [TestCase("Retry-After: NaN")]
    [TestCase("Retry-After: Infinity")]
    [TestCase("Retry-After: -Infinity")]
    [TestCase("Retry-After: Tue, 02 Jun 2026 12:00:00 GMT")]
    [TestCase("Retry-After: Tue, 02 Jun 2026 11:59:59 GMT")]
    [TestCase("Retry-After: Tue, 99 Jun 2026 12:00:00 GMT")]
    [TestCase("Retry-After: 2026-06-02T12:00:30Z")]
    [TestCase("x-ratelimit-reset: 58s")]
    public void Zero_negative_past_or_malformed_asks_for_nothing(string header) => Assert.That(Asked(header), Is.Null);

    [TestCase("99999999999", 99999999999)]
    [TestCase("999999999999999999999999999999", 922337203685.4775807)]
    public void An_absurd_number_is_a_very_long_wait(string number, double seconds) =>
        Assert.That(Asked($"Retry-After: {number}")?.TotalSeconds, Is.EqualTo(seconds).Within(0.001).Percent);

    [Test]
    public void Milliseconds_win_over_seconds() =>
        Assert.That(Asked("Retry-After: 58", "retry-after-ms: 1500"), Is.EqualTo(TimeSpan.FromSeconds(1.5)));

    [TestCase("retry-after-ms: 0")]
    [TestCase("retry-after-ms: soon")]
    public void Seconds_count_where_milliseconds_say_nothing(string header) =>
        Assert.That(Asked(header, "Retry-After: 58"), Is.EqualTo(TimeSpan.FromSeconds(58)));

    [TestCase("Retry-After: 3", "Retry-After: 58", "Retry-After: soon", "Retry-After: 7")]
    [TestCase("Retry-After: 3, 58,soon, 7")]
    [TestCase("Retry-After: 5, Tue, 02 Jun 2026 12:00:58 GMT, 9")]
    [TestCase("retry-after-ms: 5, 58000")]
    public void Of_several_values_the_longest_counts(params string[] headers) =>
        Assert.That(Asked(headers), Is.EqualTo(TimeSpan.FromSeconds(58)));

    [TestCase("Date: Tue, 02 Jun 2026 09:00:00 GMT", "Retry-After: Tue, 02 Jun 2026 09:00:30 GMT")]
    [TestCase("Date: Wed, 02 Jun 2027 12:00:00 GMT", "Retry-After: Wed, 02 Jun 2027 12:00:30 GMT")]
    public void A_date_is_read_against_the_server_s_own_clock(string date, string retryAfter) =>
        Assert.That(Asked(date, retryAfter), Is.EqualTo(TimeSpan.FromSeconds(30)));

    [Test]
    public void A_date_that_has_passed_on_the_server_s_clock_asks_for_nothing() =>
        Assert.That(
            Asked("Date: Tue, 02 Jun 2026 15:00:00 GMT", "Retry-After: Tue, 02 Jun 2026 14:00:00 GMT"),
            Is.Null
        );

    [Test]
    public void A_malformed_Date_leaves_our_own_clock() =>
        Assert.That(
            Asked("Date: today", "Retry-After: Tue, 02 Jun 2026 12:00:30 GMT"),
            Is.EqualTo(TimeSpan.FromSeconds(30))
        );

    [TestCase("de-DE")]
    [TestCase("th-TH")]
    [TestCase("ar-SA")]
    public void The_culture_changes_nothing(string culture)
    {
        using var _ = new InCulture(culture);

        Assert.That(Asked("Retry-After: 1.5"), Is.EqualTo(TimeSpan.FromSeconds(1.5)));
        Assert.That(Asked("Retry-After: 1,5"), Is.EqualTo(TimeSpan.FromSeconds(5)));
        Assert.That(Asked("Retry-After: Tue, 02 Jun 2026 12:00:30 GMT"), Is.EqualTo(TimeSpan.FromSeconds(30)));
        Assert.That(Asked("retry-after-ms: 2.5"), Is.EqualTo(TimeSpan.FromMilliseconds(2.5)));
    }

    private static TimeSpan? Asked(params string[] headers)
    {
        using var response = StubHandler.Response(503, "", headers);
        return RetryPolicy.RetryAfter(response.Headers, new FakeTimeProvider(Now));
    }

    private static Arbitrary<Wait> Waits() =>
        (
            from initial in Gen.Choose(1, 10_000_000)
            from exponent in Gen.Choose(0, 900)
            from longest in Gen.Choose(1, 100_000)
            from retry in Gen.Frequency((3, Gen.Choose(0, 20)), (1, Gen.Choose(21, int.MaxValue - 1)))
            from random in Gen.Choose(0, 999_999)
            select new Wait(
                new BackoffStrategy(
                    TimeSpan.FromMicroseconds(initial),
                    TimeSpan.FromMilliseconds(longest),
                    1 + (exponent / 100.0),
                    Timeout.InfiniteTimeSpan
                ),
                retry,
                random / 1_000_000.0
            )
        ).ToArbitrary();

    private sealed record Wait(BackoffStrategy Backoff, int Retry, double Random);
}
