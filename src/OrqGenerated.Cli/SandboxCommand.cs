using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Cli;

/// <summary><c>sandbox</c>: the in-process server alone, for programs in other processes.</summary>
internal static class SandboxCommand
{
    private const string Description =
        "Runs a stand-in for the API until Ctrl-C or SIGTERM; prints its URL and its key as one line of JSON.";

    private const string Notes = """
        Examples:
          orq-contacts sandbox --port 8080
          ORQ_API_KEY=sandbox-key orq-contacts import users.csv --server-url http://127.0.0.1:8080
          orq-contacts sandbox --port 8080 --rate 20/min
          orq-contacts sandbox --port 8080 --latency 200ms --fail 500:10 --fail 503:1
        """;

    public static Command Build(Terminal terminal)
    {
        var port = Values.Number("--port", 0, 65535, "The loopback port; a free one by default.");
        var rate = Values.Rate(
            "--rate",
            "Answer 429 beyond so many requests: a rolling minute, or by the second a token bucket."
        );
        var latency = Values.Duration("--latency", "How long each answer takes.");
        var fail = new Option<string[]>("--fail")
        {
            Description = "Answer so many per cent of the requests with a status, such as 500:10; repeatable.",
            HelpName = "STATUS:PERCENT",
        };
        var command = new DocumentedCommand("sandbox", Description, Notes) { port, rate, latency, fail };
        command.SetAction(
            async (parsed, interruption) =>
            {
                var failures = (parsed.GetValue(fail) ?? []).Select(ParseFailure).ToList();
                var limit = parsed.GetValue(rate);
                var options = new OrqSandboxOptions
                {
                    Port = parsed.GetValue(port) ?? 0,
                    RecordRequests = false,
                    MaxContacts = 100_000,
                    TimeProvider = terminal.Time,
                    Latency = parsed.GetValue(latency) ?? TimeSpan.Zero,
                    RateLimit = limit?.Count,
                    RateWindow = limit?.Window ?? TimeSpan.FromMinutes(1),
                    Fail = failures.Count == 0 ? null : _ => Choose(failures),
                };
                await RunAsync(options, terminal, interruption);
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task RunAsync(OrqSandboxOptions options, Terminal terminal, CancellationToken interruption)
    {
        OrqSandbox sandbox;
        try
        {
            sandbox = await OrqSandbox.StartAsync(options, interruption);
        }
        catch (IOException e)
        {
            throw new CommandException($"--port {options.Port}: {e.Message}");
        }

        await using (sandbox)
        {
            var line = new { server_url = sandbox.ServerUrl, api_key = sandbox.ApiKey };
            await terminal.Output.WriteLineAsync(JsonSerializer.Serialize(line));
            await terminal.Output.FlushAsync(CancellationToken.None);
            var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var registration = interruption.Register(interrupted.SetResult);
            await interrupted.Task;
        }
    }

    private static (int Status, double Percent) ParseFailure(string text) =>
        text.Split(':') is [var status, var percent]
        && int.TryParse(status, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
        && code is >= 200 and <= 599
        && double.TryParse(percent, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
        && share <= 100
            ? (code, share)
            : throw new CommandException($"--fail {text}: give STATUS:PERCENT, such as 500:10.");

    private static SandboxFailure? Choose(List<(int Status, double Percent)> failures)
    {
        var chance = RandomNumberGenerator.GetInt32(1_000_000) / 10_000.0;
        foreach (var (status, percent) in failures)
        {
            if ((chance -= percent) < 0)
            {
                return new SandboxFailure(status);
            }
        }

        return null;
    }
}
