namespace OrqGenerated.Benchmarks;

/// <summary>All that the project promises figures for, measured in one run.</summary>
/// <param name="VsRaw">In memory, by turns: this client, and handwritten code without features.</param>
/// <param name="VsNSwag">In memory, by turns: this client, and NSwag's own templates.</param>
/// <param name="Loopback">Over sockets, 64 calls at a time.</param>
internal sealed record Figures(
    List<Cost[]> VsRaw,
    List<Cost[]> VsNSwag,
    List<Loopback.Throughput> Loopback
)
{
    private const int Calls = 2000;

    public static async Task<Figures> MeasureAsync()
    {
        using var sides = Sides.InMemory(Workload.Example);
        var raw = await Measure
            .AlternateAsync([sides.Ours, sides.Raw], Calls)
            .ConfigureAwait(false);
        var nswag = await Measure
            .AlternateAsync([sides.Ours, sides.NSwag], Calls)
            .ConfigureAwait(false);
        using var loopback = await Benchmarks.Loopback.StartAsync().ConfigureAwait(false);
        return new Figures(
            raw,
            nswag,
            await loopback.MeasureAsync(64, rounds: 21).ConfigureAwait(false)
        );
    }

    /// <summary>The ratios by name; NaN for the Node SDK where there is no Node.js.</summary>
    public IEnumerable<(string Name, double Figure)> Ratios() =>
        [
            ("memory.time.vs-raw", Ratio(VsRaw, cost => cost.Microseconds)),
            ("memory.bytes.vs-raw", Ratio(VsRaw, cost => cost.Bytes)),
            ("memory.time.vs-nswag", Ratio(VsNSwag, cost => cost.Microseconds)),
            ("memory.bytes.vs-nswag", Ratio(VsNSwag, cost => cost.Bytes)),
            (
                "loopback64.throughput.vs-raw",
                Measure.Median(Loopback.Select(round => round.Ours / round.Raw))
            ),
            (
                "loopback64.throughput.vs-node",
                Measure.Median(Loopback.Select(round => round.Ours / round.Node))
            ),
        ];

    private static double Ratio(List<Cost[]> rounds, Func<Cost, double> figure) =>
        Measure.Median(rounds.Select(sides => figure(sides[0]) / figure(sides[1])));
}
