using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Cli;

/// <summary><c>sandbox</c>: the in-process server on its own, for use by other processes.</summary>
internal sealed class SandboxCommand : DocumentedCommand
{
    private const string About =
        "Runs a stand-in for the API until Ctrl-C or SIGTERM; prints its URL and key as one line of JSON.";

    private const string Examples = """
        Examples:
          orq-contacts sandbox --port 8080
          ORQ_API_KEY=sandbox-key orq-contacts import users.csv --server-url http://127.0.0.1:8080
          orq-contacts sandbox --port 8080 --rate 20/min
          orq-contacts sandbox --port 8080 --latency 200ms --fail 500:10 --fail 503:1
        """;

    private readonly Terminal _terminal;

    public SandboxCommand(Terminal terminal)
        : base("sandbox", About, Examples)
    {
        _terminal = terminal;
        Add(
            Values.Number("--port", 0, 65535, "The loopback port; any free one by default."),
            Values.Rate("--rate", "Respond with 429 above this rate: a rolling minute, or a token bucket for N/s."),
            Values.Duration("--latency", "How long each response takes."),
            Values.Texts(
                "--fail",
                "STATUS:PERCENT",
                "Fail this percentage of the requests with a status, such as 500:10; repeatable."
            )
        );
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interruption)
    {
        var failures = (parsed.GetValue<string[]>("--fail") ?? []).Select(ParseFailure).ToList();
        var rate = parsed.GetValue<Rate>("--rate");
        var options = new OrqSandboxOptions
        {
            Port = parsed.GetValue<int?>("--port") ?? 0,
            RecordRequests = false,
            MaxContacts = 100_000,
            TimeProvider = _terminal.Time,
            Latency = parsed.GetValue<TimeSpan?>("--latency") ?? TimeSpan.Zero,
            RateLimit = rate?.Count,
            RateWindow = rate?.Window ?? TimeSpan.FromMinutes(1),
            Fail = failures.Count == 0 ? null : _ => Choose(failures),
        };
        await using var sandbox = await OrqSandbox.StartAsync(options, interruption);
        var line = new { server_url = sandbox.ServerUrl, api_key = sandbox.ApiKey };
        await _terminal.WriteAsync(JsonSerializer.Serialize(line));
        await Task.Delay(Timeout.InfiniteTimeSpan, _terminal.Time, interruption)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ExitCode.Done;
    }

    private static (int Status, double Percent) ParseFailure(string text) =>
        text.Split(':') is [var status, var percent]
        && Values.ParseWhole(status) is >= 200 and <= 599 and var code
        && Values.ParseNumber(percent) is <= 100 and var share
            ? (code, share)
            : throw new CommandException($"--fail {text}: give STATUS:PERCENT, such as 500:10.");

    private static SandboxFailure? Choose(List<(int Status, double Percent)> failures)
    {
        var percentile = RandomNumberGenerator.GetInt32(1_000_000) / 10_000.0;
        foreach (var (status, percent) in failures)
        {
            percentile -= percent;
            if (percentile < 0)
                return new SandboxFailure(status);
        }

        return null;
    }
}
