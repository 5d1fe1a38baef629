using System.Text;
using System.Text.Json;
using OrqGenerated.Cli;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>
/// Runs command lines in this process, against a sandbox that records, with an empty temporary folder for files.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class CliTest
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    protected OrqSandbox Sandbox { get; private set; } = null!;

    protected string Folder { get; private set; } = null!;

    protected static string Program { get; } = typeof(CommandLine).Assembly.Location;

    protected string Rejects => Path.Combine(Folder, "rejects.jsonl");

    protected string CheckpointFile => Path.Combine(Folder, "checkpoint");

    [SetUp]
    public async Task Start()
    {
        Sandbox = await OrqSandbox.StartAsync();
        Folder = Directory.CreateTempSubdirectory("orq-contacts").FullName;
        _environment["ORQ_API_KEY"] = Sandbox.ApiKey;
    }

    [TearDown]
    public async Task Stop()
    {
        await Sandbox.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Sets an environment variable, or removes it with null.</summary>
    protected void SetEnvironment(string name, string? value)
    {
        _environment.Remove(name);
        if (value is not null)
            _environment[name] = value;
    }

    /// <summary>Runs a command line to its end.</summary>
    protected async Task<(int ExitCode, string Output, string Error)> Run(
        IEnumerable<string> args,
        Stream? input = null,
        bool isTerminal = false,
        TimeProvider? time = null,
        TextWriter? error = null,
        CancellationToken cancellationToken = default
    )
    {
        using var output = new StringWriter();
        using var written = new StringWriter();
        var terminal = new Terminal(
            input ?? Stream.Null,
            output,
            error ?? written,
            name => _environment.GetValueOrDefault(name),
            isTerminal,
            time ?? TimeProvider.System
        );
        // On another thread, because a start may block: a named pipe waits for its other end.
        var exitCode = await WithinLimit(
            Task.Run(() => CommandLine.RunAsync([.. args], terminal, cancellationToken), CancellationToken.None)
        );
        return (exitCode, output.ToString(), written.ToString());
    }

    protected Task<(int ExitCode, string Output, string Error)> RunOnSandbox(params string[] args) =>
        Run(On(Sandbox, args));

    protected static string[] On(OrqSandbox sandbox, params string[] args) =>
        [.. args, "--server-url", sandbox.ServerUrl.ToString()];

    /// <exception cref="TimeoutException">The task takes more than a minute.</exception>
    protected static Task<T> WithinLimit<T>(Task<T> task) =>
        task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);

    /// <summary>Starts the program in a process of its own, with the sandbox's key.</summary>
    protected TestProcess StartProcess(params string[] args) =>
        new("dotnet", [Program, .. args], environment: ("ORQ_API_KEY", Sandbox.ApiKey));

    /// <summary>Starts a sandbox that responds only when the semaphore is released.</summary>
    protected static Task<OrqSandbox> StartBlocked(SemaphoreSlim response) =>
        OrqSandbox.StartAsync(
            new()
            {
                Fail = _ =>
                {
                    response.Wait();
                    return null;
                },
            }
        );

    /// <summary>The counts of a summary, which must add up.</summary>
    protected static (long Rows, long Succeeded, long Failed, long Skipped, long Unfinished) Summary(string output)
    {
        var summary = JsonDocument.Parse(output).RootElement;
        long Number(string name) => summary.GetProperty(name).GetInt64();
        var (rows, succeeded, failed) = (Number("rows"), Number("succeeded"), Number("failed"));
        var (skipped, unfinished) = (Number("skipped"), Number("unfinished"));
        Assert.That(rows, Is.EqualTo(succeeded + failed + skipped + unfinished), $"the counts add up: {output}");
        return (rows, succeeded, failed, skipped, unfinished);
    }

    /// <summary>Why the run ended early; null if it did not.</summary>
    protected static string? EndedBy(string output)
    {
        var summary = JsonDocument.Parse(output).RootElement;
        var reason = summary.GetProperty("ended_by").GetString();
        Assert.That(summary.GetProperty("complete").GetBoolean(), Is.EqualTo(reason is null));
        return reason;
    }

    /// <summary>The body of the only request so far.</summary>
    protected string OnlyBody() => Sandbox.Requests.Single().BodyText;

    protected IEnumerable<string> Bodies() => Sandbox.Requests.Select(r => r.BodyText);

    protected string WriteFile(string name, string text) => WriteFile(name, Encoding.UTF8.GetBytes(text));

    protected string WriteFile(string name, byte[] bytes)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a CSV file of contacts with the ids u0, u1 and so on.</summary>
    protected string WriteIds(int count) => WriteFile("in.csv", "external_id\n" + Rows(count, i => $"u{i}"));

    protected static string Rows(int count, Func<int, string> row) =>
        string.Concat(Enumerable.Range(0, count).Select(i => row(i) + "\n"));

    /// <summary>The lines of the rejects file, as JSON.</summary>
    protected List<JsonElement> ReadRejects() =>
        [.. File.ReadAllLines(Rejects).Select(line => JsonDocument.Parse(line).RootElement)];

    protected static MemoryStream InputOf(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A stderr that interrupts the command once it contains a string.</summary>
    protected sealed class InterruptingWriter(string text, CancellationTokenSource interruption) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value?.Contains(text, StringComparison.Ordinal) == true)
                interruption.Cancel();
        }
    }
}
