namespace OrqGenerated.Benchmarks;

/// <summary>The cost of one call.</summary>
/// <param name="Microseconds">The time it takes.</param>
/// <param name="Bytes">The bytes it allocates, on all threads.</param>
internal sealed record Cost(double Microseconds, double Bytes);

/// <summary>Measures sides in turn, so that other load on the machine affects all of them alike.</summary>
internal static class Measure
{
    private const int MinimumRounds = 5;
    private const int MaximumRounds = 201;

    // Tiered compilation needs calls and time to reach the code that a service runs.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan TimeForRounds = TimeSpan.FromSeconds(10);

    /// <summary>Measures sides in turn.</summary>
    /// <returns>For each round, the cost of each side.</returns>
    public static async Task<List<Cost[]>> AlternateAsync(Func<Task>[] sides, int calls)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < WarmUp)
        {
            foreach (var side in sides)
                await OnceAsync(side, calls).ConfigureAwait(false);
        }

        var costs = new List<Cost[]>();
        start = TimeProvider.System.GetTimestamp();
        while (
            costs.Count < MinimumRounds
            || (costs.Count < MaximumRounds && TimeProvider.System.GetElapsedTime(start) < TimeForRounds)
        )
        {
            var cost = new Cost[sides.Length];
            for (var turn = 0; turn < sides.Length; turn++)
            {
                // Each side comes first equally often.
                var side = (turn + costs.Count) % sides.Length;
                cost[side] = await OnceAsync(sides[side], calls).ConfigureAwait(false);
            }

            costs.Add(cost);
        }

        return costs;
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static async Task<Cost> OnceAsync(Func<Task> call, int calls)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < calls; i++)
            await call().ConfigureAwait(false);

        var time = TimeProvider.System.GetElapsedTime(start);
        return new Cost(
            time.TotalMicroseconds / calls,
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls
        );
    }
}
