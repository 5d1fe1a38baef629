using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace OrqGenerated.Tests.Support;

/// <summary>
/// A process whose output is read as it runs. Every wait for it has a limit, after which it is killed and the exception
/// shows what was expected and what the process wrote. Disposing kills it too.
/// </summary>
internal sealed class TestProcess : IDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private int _openStreams = 2;

    /// <summary>Starts a program.</summary>
    /// <param name="file">Its path, or a name to find on the PATH.</param>
    /// <param name="args">Its arguments.</param>
    /// <param name="folder">Its working directory.</param>
    /// <param name="environment">Variables to set; null removes one.</param>
    public TestProcess(
        string file,
        IEnumerable<string> args,
        string? folder = null,
        params (string Name, string? Value)[] environment
    )
    {
        var start = new ProcessStartInfo(file, args)
        {
            WorkingDirectory = folder ?? "",
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment.Remove(name);
            if (value is not null)
                start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Received(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Received(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The limit of each wait; defaults to one minute.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string file, params string[] args)
    {
        using var process = new TestProcess(file, args);
        return await process.ExitAsync();
    }

    /// <summary>
    /// Starts <c>dotnet</c> as a new shell would: without variables of the build that runs the tests, and without any
    /// server process that outlives it.
    /// </summary>
    public static TestProcess Dotnet(
        string dotnet,
        IEnumerable<string> args,
        string folder,
        params (string Name, string? Value)[] environment
    ) =>
        new(
            dotnet,
            args,
            folder,
            [
                .. Environment
                    .GetEnvironmentVariables()
                    .Keys.Cast<string>()
                    .Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase))
                    .Select(name => (name, (string?)null)),
                ("DOTNET_HOST_PATH", null),
                ("DOTNET_CLI_UI_LANGUAGE", "en"),
                ("DOTNET_CLI_USE_MSBUILD_SERVER", "0"),
                ("DOTNET_NOLOGO", "1"),
                ("MSBUILDDISABLENODEREUSE", "1"),
                ("UseSharedCompilation", "false"),
                .. environment,
            ]
        )
        {
            Limit = TimeSpan.FromMinutes(9),
        };

    public void CloseInput() => _process.StandardInput.Close();

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"));
        await _process.StandardInput.BaseStream.FlushAsync();
    }

    /// <summary>Sends SIGTERM, which, unlike SIGINT, is not ignored in background jobs of a shell.</summary>
    public void Terminate()
    {
        if (Kill(_process.Id, SigTerm) != 0)
            throw new InvalidOperationException("The signal was not sent.");
    }

    /// <summary>Sends SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for the next line of either stream that contains this text.</summary>
    public async Task<string> LineAsync(string text)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        try
        {
            await foreach (var line in _lines.Reader.ReadAllAsync(limit.Token))
            {
                if (line.Contains(text, StringComparison.Ordinal))
                    return line;
            }
        }
        catch (OperationCanceledException)
        {
            // Reported below.
        }

        throw Missing($"a line with \"{text}\"");
    }

    /// <summary>Waits until the process has made a condition true.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(start) > Limit)
                throw Missing(what);

            await Task.Yield();
        }
    }

    /// <summary>Waits for the end of the process and of its output.</summary>
    public async Task<(int ExitCode, string Output, string Error)> ExitAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Limit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw Missing("its end");
        }

        return (_process.ExitCode, Text(_output), Text(_error));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);

    private TimeoutException Missing(string what)
    {
        var state = _process.HasExited ? $"ended with exit code {_process.ExitCode}" : $"ran for more than {Limit}";
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);

        return new TimeoutException(
            $"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)}: "
                + $"expected {what}, but it {state}.\nOutput: {Text(_output)}\nError: {Text(_error)}"
        );
    }

    // A null ends a stream.
    private void Received(StringBuilder text, string? line)
    {
        if (line is null)
        {
            if (Interlocked.Decrement(ref _openStreams) == 0)
                _lines.Writer.Complete();

            return;
        }

        lock (text)
        {
            text.Append(line).Append('\n');
        }

        _lines.Writer.TryWrite(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
