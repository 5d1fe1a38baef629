using System.Globalization;
using OrqGenerated.Benchmarks;

switch (args)
{
    case ["ratios"]:
        var figures = await Figures.MeasureAsync();
        foreach (var (name, figure) in figures.Ratios().Where(r => !double.IsNaN(r.Figure)))
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"ratio {name} {figure:F2}")
            );
        }

        return 0;
    case ["plot"]:
        await Plot.WriteAsync();
        return 0;
    case ["matrix"]:
        Matrix.Run();
        return 0;
    case ["loopback"]:
        await Loopback.PrintAsync();
        return 0;
    case ["growth"]:
        await Growth.PrintAsync();
        return 0;
    case ["cold"]:
        await Cold.PrintAsync();
        return 0;
    case ["profile"]:
        await AllocationProfile.PrintAsync();
        return 0;
    case ["loop", "ours" or "raw" or "nswag"]:
        // For a profiler to look at; ends when it is told to.
        using (var sides = Sides.InMemory(Workload.Example))
        {
            var call =
                args[1] is "ours" ? sides.Ours
                : args[1] is "raw" ? sides.Raw
                : sides.NSwag;
            while (true)
            {
                await call();
            }
        }

    case ["serve"]:
        await Loopback.ServeAsync();
        return 0;
    case ["first", var side, var server]:
        await Cold.SendFirstAsync(side, new Uri(server));
        return 0;
    default:
        Console.Error.WriteLine(
            """
            Usage: dotnet run -c Release --project tests/OrqGenerated.Benchmarks -- COMMAND
              ratios     the figures that the project promises, one line each; under two minutes
              plot       the same as a table, and as ratios.svg beside this program's source
              matrix     one call in memory, by BenchmarkDotNet, with bodies of several kinds
              loopback   calls per second over sockets, 1, 16 and 64 at a time
              growth     what a call costs as its body grows, and what a million calls leave behind
              cold       from the start of a process to its first response
              profile    what a call allocates, by type
              loop SIDE  calls of one side (ours, raw, nswag) without end, for a profiler
            """
        );
        return 2;
}
