using System.Diagnostics;
using System.Globalization;

namespace OrqGenerated.Benchmarks;

/// <summary>The cost of a call as its body grows, and the memory in use after a million calls.</summary>
internal static class Growth
{
    private const int Calls = 1_000_000;

    public static async Task PrintAsync()
    {
        Console.WriteLine("| body | µs | vs raw | bytes | vs raw |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        Workload[] workloads =
        [
            .. new[] { 0, 10, 100, 1000, 10_000 }.Select(Workload.WithMetadata),
            .. new[] { 1, 10, 100, 1000 }.Select(kilobytes => Workload.WithText(kilobytes * 1024)),
        ];
        foreach (var workload in workloads)
        {
            using var sides = Sides.InMemory(workload);
            var calls = Math.Clamp(1_000_000 / workload.ResponseJson.Length, 5, 2000);
            var costs = await Measure.AlternateAsync([sides.Ours, sides.Raw], calls).ConfigureAwait(false);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {workload.Label} | {Median(c => c[0].Microseconds):N1} "
                        + $"| {Median(c => c[0].Microseconds / c[1].Microseconds):F2} "
                        + $"| {Median(c => c[0].Bytes):N0} | {Median(c => c[0].Bytes / c[1].Bytes):F2} |"
                )
            );

            double Median(Func<Cost[], double> figure) => Measure.Median(costs.Select(figure));
        }

        Console.WriteLine();
        await PrintManyAsync().ConfigureAwait(false);
    }

    /// <summary>Makes many calls on one client; nothing may leak.</summary>
    private static async Task PrintManyAsync()
    {
        using var sides = Sides.InMemory(Workload.Example);
        Console.WriteLine("| calls | managed memory | handles | threads |");
        Console.WriteLine("|---:|---:|---:|---:|");
        for (var done = 0; done <= Calls; done += Calls / 4)
        {
            // The first line follows a warm-up, so that it includes one-time allocations.
            for (var i = 0; i < (done == 0 ? 10_000 : Calls / 4); i++)
                await sides.Ours().ConfigureAwait(false);

            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using var self = Process.GetCurrentProcess();
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {done:N0} | {GC.GetTotalMemory(forceFullCollection: true) / 1024.0:N0} KB "
                        + $"| {self.HandleCount} | {self.Threads.Count} |"
                )
            );
        }
    }
}
