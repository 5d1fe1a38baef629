namespace OrqGenerated.Benchmarks;

/// <summary>The ratios of docs/speed.md.</summary>
internal static class Figures
{
    private const int Calls = 2000;

    /// <summary>Measures this client and each of the others in turn.</summary>
    /// <returns>The ratios by name; without Node.js, none to the Node SDK.</returns>
    public static async IAsyncEnumerable<(string Name, double Ratio)> MeasureAsync()
    {
        using (var sides = Sides.InMemory(Workload.Example))
        {
            (string Name, Func<Task> Call)[] others =
            [
                ("raw", sides.Raw),
                ("nswag", sides.NSwag),
                ("refit", sides.Refit),
                ("kiota", sides.Kiota),
            ];
            foreach (var (name, call) in others)
            {
                var rounds = await Measure.AlternateAsync([sides.Ours, call], Calls).ConfigureAwait(false);
                yield return ($"memory.time.vs-{name}", Ratio(rounds, cost => cost.Microseconds));
                yield return ($"memory.bytes.vs-{name}", Ratio(rounds, cost => cost.Bytes));
            }
        }

        using var loopback = await Loopback.StartAsync().ConfigureAwait(false);
        var throughputs = await loopback.MeasureAsync(64, rounds: 21).ConfigureAwait(false);
        yield return (
            "loopback64.throughput.vs-raw",
            Measure.Median(throughputs.Select(round => round.Ours / round.Raw))
        );
        if (throughputs.TrueForAll(round => !double.IsNaN(round.Node)))
        {
            yield return (
                "loopback64.throughput.vs-node",
                Measure.Median(throughputs.Select(round => round.Ours / round.Node))
            );
        }
    }

    private static double Ratio(List<Cost[]> rounds, Func<Cost, double> figure) =>
        Measure.Median(rounds.Select(sides => figure(sides[0]) / figure(sides[1])));
}
