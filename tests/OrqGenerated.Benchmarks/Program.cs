using System.Globalization;
using OrqGenerated.Benchmarks;

switch (args)
{
    case ["ratios"]:
        await foreach (var (name, ratio) in Figures.MeasureAsync())
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio {name} {ratio:F2}"));

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
    case ["loop", "ours" or "raw"]:
        // For a profiler; ends when it is killed.
        using (var sides = Sides.InMemory(Workload.Example))
        {
            var call = args[1] is "ours" ? sides.Ours : sides.Raw;
            while (true)
                await call();
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
              ratios     the figures of docs/speed.md, one line each; under two minutes
              loopback   calls per second over sockets, 1, 16 and 64 at a time
              growth     the cost of a call as its body grows, and the memory a million calls leave behind
              cold       from the start of a process to its first response
              profile    the allocations of a call by type
              loop SIDE  calls of one side (ours, raw) without end, for a profiler
            """
        );
        return 2;
}
