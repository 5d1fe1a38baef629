using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The arithmetic of waits before retries.</summary>
internal sealed class RetryPolicyTests
{
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
    public Property The_requested_wait_grows_by_up_to_a_tenth() =>
        Prop.ForAll(
            Waits(),
            Gen.Choose(1, 100_000_000).ToArbitrary(),
            (wait, microseconds) =>
            {
                var requested = TimeSpan.FromMicroseconds(microseconds);
                var computed = RetryPolicy.Backoff(wait.Backoff, wait.Retry, wait.Random);
                var actual = RetryPolicy.AtLeast(requested, computed, wait.Random);
                // Timers count whole milliseconds.
                var timer = Math.Floor(actual.TotalMilliseconds);
                return timer >= requested.TotalMilliseconds
                    && actual >= computed
                    && (
                        actual == computed
                        || actual.TotalMilliseconds
                            <= Math.Max(1.1 * requested.TotalMilliseconds, Math.Ceiling(requested.TotalMilliseconds))
                    );
            }
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
