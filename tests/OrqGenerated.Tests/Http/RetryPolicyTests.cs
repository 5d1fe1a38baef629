using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The arithmetic of waits.</summary>
internal sealed class RetryPolicyTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void Without_MaxInterval_the_longest_wait_is_what_a_timer_takes(bool isInfinite)
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

    [SeededProperty]
    public Property The_wait_stays_within_its_bounds() =>
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

    [SeededProperty]
    public Property Waits_at_least_as_long_as_asked_and_up_to_a_tenth_longer() =>
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

    [TestCase(1.2, 2)]
    [TestCase(2, 2)]
    public void Rounds_the_wait_up_to_whole_milliseconds(double asked, double milliseconds) =>
        Assert.That(
            RetryPolicy.AtLeast(TimeSpan.FromMilliseconds(asked), TimeSpan.Zero, 0),
            Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds))
        );

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
