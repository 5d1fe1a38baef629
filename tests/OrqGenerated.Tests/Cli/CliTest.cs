using System.Text;
using OrqGenerated.Cli;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Tests.Cli;

/// <summary>Runs command lines in this process, in an empty folder of their own, against a sandbox that records.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class CliTest
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    protected OrqSandbox Sandbox { get; private set; } = null!;

    protected string Folder { get; private set; } = null!;

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

    /// <summary>Sets an environment variable, or with null takes it away.</summary>
    protected void SetEnvironment(string name, string? value)
    {
        _environment.Remove(name);
        if (value is not null)
            _environment[name] = value;
    }

    /// <summary>Runs a command line to its end; what looks like a URL option is added by <see cref="RunOnSandbox"/>.</summary>
    protected async Task<(int ExitCode, string Output, string Error)> Run(
        IEnumerable<string> args,
        Stream? input = null,
        bool isInteractive = false,
        CancellationToken cancellationToken = default
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal(
            input ?? Stream.Null,
            output,
            error,
            name => _environment.GetValueOrDefault(name),
            isInteractive
        );
        var exitCode = await CommandLine
            .RunAsync([.. args], terminal, cancellationToken)
            .WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, CancellationToken.None);
        return (exitCode, output.ToString(), error.ToString());
    }

    protected Task<(int ExitCode, string Output, string Error)> RunOnSandbox(
        params string[] args
    ) => Run([.. args, "--server-url", Sandbox.ServerUrl.ToString()]);

    /// <summary>The body of the only request so far.</summary>
    protected string OnlyBody() => Sandbox.Requests.Single().BodyText;

    protected string WriteFile(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    protected static MemoryStream InputOf(string text) => new(Encoding.UTF8.GetBytes(text));
}
