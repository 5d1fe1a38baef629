using System.Diagnostics;

namespace OrqGenerated.Benchmarks;

/// <summary>A process that answers on its standard output, line by line, and ends with its standard input.</summary>
internal sealed class Child(Process process) : IDisposable
{
    /// <summary>Starts this program again.</summary>
    public static Child Self(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (Path.GetFileNameWithoutExtension(start.FileName) is "dotnet")
        {
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return new Child(Process.Start(start)!);
    }

    public async Task<string> ReadLineAsync() =>
        await process.StandardOutput.ReadLineAsync().ConfigureAwait(false)
        ?? throw new InvalidOperationException($"{process.StartInfo.FileName} ended without an answer.");

    public async Task<string> AskAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line).ConfigureAwait(false);
        await process.StandardInput.FlushAsync().ConfigureAwait(false);
        return await ReadLineAsync().ConfigureAwait(false);
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }
}
