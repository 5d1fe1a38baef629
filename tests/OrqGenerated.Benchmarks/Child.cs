using OrqGenerated.Tests.Support;

namespace OrqGenerated.Benchmarks;

/// <summary>Child processes that respond line by line.</summary>
internal static class Child
{
    /// <summary>Starts this program again.</summary>
    public static TestProcess Self(params string[] arguments)
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) is "dotnet"
            ? new TestProcess(program, [typeof(Child).Assembly.Location, .. arguments])
            : new TestProcess(program, arguments);
    }

    public static async Task<string> AskAsync(this TestProcess process, string line)
    {
        await process.WriteLineAsync(line).ConfigureAwait(false);
        return await process.LineAsync("").ConfigureAwait(false);
    }
}
