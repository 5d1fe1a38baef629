namespace OrqGenerated.Benchmarks;

/// <summary>Two sides in one run, by turns, so that whatever else the machine does meets both.</summary>
internal static class Measure
{
    /// <summary>Runs both sides by turns.</summary>
    /// <returns>The medians, over the rounds, of ours by theirs: time, and allocated bytes.</returns>
    public static async Task<(double Time, double Bytes)> RatioAsync(
        Func<Task> ours,
        Func<Task> theirs,
        int rounds = 41,
        int calls = 4000
    )
    {
        // Tiered compilation needs calls and time before the code is what a service runs.
        for (var i = 0; i < 5; i++)
        {
            await OnceAsync(ours, calls).ConfigureAwait(false);
            await OnceAsync(theirs, calls).ConfigureAwait(false);
        }

        var times = new List<double>();
        var bytes = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            var swap = round % 2 == 1;
            var first = await OnceAsync(swap ? theirs : ours, calls).ConfigureAwait(false);
            var second = await OnceAsync(swap ? ours : theirs, calls).ConfigureAwait(false);
            var (mine, other) = swap ? (second, first) : (first, second);
            times.Add(mine.Time / other.Time);
            bytes.Add(mine.Bytes / other.Bytes);
        }

        return (Median(times), Median(bytes));
    }

    public static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>The time in microseconds and the allocated bytes of one call.</summary>
    public static async Task<(double Time, double Bytes)> OnceAsync(Func<Task> call, int calls)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var start = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            await call().ConfigureAwait(false);
        }

        var time = TimeProvider.System.GetElapsedTime(start);
        return (
            time.TotalMicroseconds / calls,
            (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)calls
        );
    }
}
