using System.Globalization;
using System.Text.Json;

namespace OrqGenerated.Tests.Cli;

internal sealed class SandboxCommandTests : CliTest
{
    [Test]
    public async Task Answers_until_it_is_interrupted_whatever_becomes_of_its_input()
    {
        using var interruption = new CancellationTokenSource();
        await using var output = new LineWriter();
        var run = RunSandbox(["--rate", "1/min", "--latency", "1ms"], output, interruption.Token);
        var server = JsonDocument.Parse(await WithinLimit(output.Line.Task)).RootElement;
        SetEnvironment("ORQ_API_KEY", server.GetProperty("api_key").GetString());
        string[] create =
        [
            "create",
            "--external-id",
            "a",
            "--max-elapsed",
            "1s",
            "--server-url",
            server.GetProperty("server_url").GetString()!,
        ];

        Assert.That((await Run(create)).ExitCode, Is.Zero);
        var (exitCode, _, error) = await Run(create);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("429 rate_limit_exceeded"));
        Assert.That(run.IsCompleted, Is.False);

        await interruption.CancelAsync();
        Assert.That(await WithinLimit(run), Is.Zero);
    }

    [Test]
    public async Task Fails_as_often_as_asked()
    {
        using var interruption = new CancellationTokenSource();
        await using var output = new LineWriter();
        var run = RunSandbox(["--fail", "422:100"], output, interruption.Token);
        var server = JsonDocument.Parse(await WithinLimit(output.Line.Task)).RootElement;
        var (exitCode, summary, _) = await Run([
            "import",
            WriteIds(3),
            "--server-url",
            server.GetProperty("server_url").GetString()!,
        ]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(summary).Failed, Is.EqualTo(3));
        await interruption.CancelAsync();
        await WithinLimit(run);
    }

    [TestCase("--fail 500: give STATUS:PERCENT", "--fail", "500")]
    [TestCase("--fail 99:1: give STATUS:PERCENT", "--fail", "99:1")]
    [TestCase("--fail 500:101: give STATUS:PERCENT", "--fail", "500:101")]
    [TestCase("--rate 5: give a rate", "--rate", "5")]
    [TestCase("--port 70000: give a whole number", "--port", "70000")]
    public async Task Says_what_is_wrong_with_the_command_line(string expected, params string[] args)
    {
        var (exitCode, output, error) = await Run(["sandbox", .. args]);
        Assert.That((exitCode, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public async Task A_port_that_is_taken_is_told()
    {
        var port = Sandbox.ServerUrl.Port.ToString(CultureInfo.InvariantCulture);
        var (exitCode, _, error) = await Run(["sandbox", "--port", port]);
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(error, Does.Contain($":{port}"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_signal_ends_it_and_a_closed_input_does_not()
    {
        using var process = StartProcess("sandbox");
        process.CloseInput();
        await process.LineAsync("\"server_url\":\"http://127.0.0.1:");
        process.Terminate();
        Assert.That((await process.ExitAsync()).ExitCode, Is.Zero);
    }

    private static Task<int> RunSandbox(string[] options, TextWriter output, CancellationToken interruption) =>
        OrqGenerated.Cli.CommandLine.RunAsync(
            ["sandbox", .. options],
            new OrqGenerated.Cli.Terminal(Stream.Null, output, TextWriter.Null, _ => null, false, TimeProvider.System),
            interruption
        );

    private sealed class LineWriter : StringWriter
    {
        public TaskCompletionSource<string> Line { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Task WriteLineAsync(string? value)
        {
            Line.TrySetResult(value!);
            return Task.CompletedTask;
        }
    }
}
