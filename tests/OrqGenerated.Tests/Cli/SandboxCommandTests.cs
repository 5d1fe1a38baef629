using System.Text.Json;
using OrqGenerated.Cli;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

internal sealed class SandboxCommandTests : CliTest
{
    [Test]
    public async Task Limits_the_rate_until_it_is_interrupted()
    {
        using var interruption = new CancellationTokenSource();
        var (run, server) = await StartSandbox(new FakeTimeProvider(), interruption.Token, "--rate", "1/min");
        SetEnvironment("ORQ_API_KEY", server.GetProperty("api_key").GetString());
        string[] create = ["create", "--external-id", "a", "--max-elapsed", "1s", "--server-url", UrlOf(server)];

        Assert.That((await Run(create)).ExitCode, Is.Zero);
        var (exitCode, _, error) = await Run(create);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("429 rate_limit_exceeded"));
        Assert.That(run.IsCompleted, Is.False);

        await interruption.CancelAsync();
        Assert.That(await WithinLimit(run), Is.Zero);
    }

    [TestCase("500ms", 0.5)]
    [TestCase("30", 30)]
    [TestCase("2m", 120)]
    [TestCase("1h", 3600)]
    public async Task Delays_each_response_by_a_time_in_seconds_or_another_unit(string latency, double seconds)
    {
        var time = new FakeTimeProvider();
        using var interruption = new CancellationTokenSource();
        var (run, server) = await StartSandbox(time, interruption.Token, "--latency", latency);
        var created = Run(["create", "--external-id", "a", "--server-url", UrlOf(server)]);

        await time.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That((await created).ExitCode, Is.Zero);
        await interruption.CancelAsync();
        await WithinLimit(run);
    }

    [Test]
    public async Task Fails_the_given_percentage_of_requests()
    {
        using var interruption = new CancellationTokenSource();
        var (run, server) = await StartSandbox(TimeProvider.System, interruption.Token, "--fail", "422:100");
        var (exitCode, summary, _) = await Run(["import", WriteIds(3), "--server-url", UrlOf(server)]);
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
    public async Task Reports_a_port_in_use()
    {
        var port = $"{Sandbox.ServerUrl.Port}";
        var (exitCode, _, error) = await Run(["sandbox", "--port", port]);
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(error, Does.Contain($":{port}"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Stops_on_a_signal_but_not_when_its_input_is_closed()
    {
        using var process = StartProcess("sandbox");
        process.CloseInput();
        await process.LineAsync("\"server_url\":\"http://127.0.0.1:");
        process.Terminate();
        Assert.That((await process.ExitAsync()).ExitCode, Is.Zero);
    }

    /// <returns>The running command, and the line that it prints.</returns>
    private static async Task<(Task<int> Run, JsonElement Server)> StartSandbox(
        TimeProvider time,
        CancellationToken interruption,
        params string[] options
    )
    {
        var output = new LineWriter();
        var terminal = new Terminal(Stream.Null, output, TextWriter.Null, _ => null, false, time);
        var run = CommandLine.RunAsync(["sandbox", .. options], terminal, interruption);
        return (run, JsonDocument.Parse(await WithinLimit(output.Line.Task)).RootElement);
    }

    private static string UrlOf(JsonElement server) => server.GetProperty("server_url").GetString()!;

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
