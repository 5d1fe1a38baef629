using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;

namespace OrqGenerated.Tests.Support;

/// <summary>
/// A process whose output is always read. Every wait for it has an end: then it is killed, and the exception says what
/// was expected and what the process has written. Disposing kills it, too.
/// </summary>
internal sealed class TestProcess : IDisposable
{
    private const int SigTerm = 15;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private int _openStreams = 2;

    public TestProcess(string file, IEnumerable<string> args, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(file, args)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Received(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Received(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string file, params string[] args)
    {
        using var process = new TestProcess(file, args);
        return await process.ExitAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Sends SIGTERM: unlike SIGINT, no shell that runs the tests in the background has it ignored.</summary>
    public void Terminate() => Assert.That(Kill(_process.Id, SigTerm), Is.Zero, "the signal is sent");

    /// <summary>SIGKILL.</summary>
    public void Kill() => _process.Kill();

    /// <summary>The next line with this text in it, of either stream.</summary>
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
            // It is told below.
        }

        throw Missing($"a line with \"{text}\"");
    }

    /// <summary>Waits until the process has brought something about.</summary>
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
            text.Append(line).Append('\n');
        _lines.Writer.TryWrite(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }
}
