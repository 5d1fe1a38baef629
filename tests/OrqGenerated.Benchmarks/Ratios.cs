using System.Globalization;

namespace OrqGenerated.Benchmarks;

/// <summary>This client by the others: the figures that the project promises.</summary>
internal static class Ratios
{
    /// <summary>Prints one line for each figure.</summary>
    /// <returns>Whether all of them could be measured.</returns>
    public static async Task<bool> PrintAsync()
    {
        using (var sides = Sides.InMemory(Workload.Example))
        {
            var raw = await Measure.RatioAsync(sides.Ours, sides.Raw).ConfigureAwait(false);
            Print("memory.time.vs-raw", raw.Time);
            Print("memory.bytes.vs-raw", raw.Bytes);
            var nswag = await Measure.RatioAsync(sides.Ours, sides.NSwag).ConfigureAwait(false);
            Print("memory.time.vs-nswag", nswag.Time);
            Print("memory.bytes.vs-nswag", nswag.Bytes);
        }

        using var loopback = await Loopback.StartAsync().ConfigureAwait(false);
        var rounds = await loopback.MeasureAsync(64, rounds: 7).ConfigureAwait(false);
        Print("loopback64.throughput.vs-raw", Measure.Median(rounds.Select(r => r.Ours / r.Raw)));
        var node = Measure.Median(rounds.Select(r => r.Ours / r.Node));
        if (double.IsNaN(node))
        {
            return false;
        }

        Print("loopback64.throughput.vs-node", node);
        return true;
    }

    private static void Print(string name, double figure) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {figure:F2}"));
}
