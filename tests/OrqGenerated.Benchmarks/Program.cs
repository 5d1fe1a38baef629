using OrqGenerated.Benchmarks;

switch (args)
{
    case ["ratios"]:
        return await Ratios.PrintAsync() ? 0 : 1;
    case ["serve"]:
        await Loopback.ServeAsync();
        return 0;
    default:
        Console.Error.WriteLine(
            "Usage: dotnet run -c Release --project tests/OrqGenerated.Benchmarks -- ratios"
        );
        return 2;
}
