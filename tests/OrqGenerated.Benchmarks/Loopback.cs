using System.Globalization;
using OrqGenerated.ConformanceTests;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Benchmarks;

/// <summary>Calls per second to a sandbox in a separate process.</summary>
internal sealed class Loopback : IDisposable
{
    /// <summary>Enough to open the connections and to compile the code at its final tier.</summary>
    private const int WarmUpRounds = 10;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(400);

    private readonly TestProcess _server;
    private readonly Sides _sides;
    private readonly TestProcess? _node;

    private Loopback(TestProcess server, Sides sides, TestProcess? node)
    {
        _server = server;
        _sides = sides;
        _node = node;
    }

    /// <summary>Calls per second of each side in each round.</summary>
    /// <param name="Ours">This client.</param>
    /// <param name="Raw">The handwritten client without features.</param>
    /// <param name="Node">The official Node SDK; NaN without Node.js.</param>
    public sealed record Throughput(double Ours, double Raw, double Node);

    /// <summary>Runs the server until standard input ends.</summary>
    public static async Task ServeAsync()
    {
        var sandbox = await OrqSandbox
            .StartAsync(
                new OrqSandboxOptions
                {
                    ApiKey = Sides.ApiKey,
                    RecordRequests = false,
                    MaxContacts = 1000,
                }
            )
            .ConfigureAwait(false);
        await using (sandbox.ConfigureAwait(false))
        {
            Console.WriteLine(sandbox.ServerUrl);
            while (await Console.In.ReadLineAsync().ConfigureAwait(false) is not null) { }
        }
    }

    /// <summary>Prints the throughput of each side at several levels of concurrency.</summary>
    public static async Task PrintAsync()
    {
        using var loopback = await StartAsync().ConfigureAwait(false);
        Console.WriteLine("| at a time | OrqGenerated, calls/s | RawStj | Node SDK | vs RawStj | vs Node SDK |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
        foreach (var concurrency in new[] { 1, 16, 64 })
        {
            var rounds = await loopback.MeasureAsync(concurrency, rounds: 21).ConfigureAwait(false);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {concurrency} | {Median(r => r.Ours):N0} | {Median(r => r.Raw):N0} | {Median(r => r.Node):N0} "
                        + $"| {Median(r => r.Ours / r.Raw):F2} | {Median(r => r.Ours / r.Node):F1} |"
                )
            );

            double Median(Func<Throughput, double> figure) => Measure.Median(rounds.Select(figure));
        }
    }

    /// <summary>Starts the server and, if Node.js is installed, the SDK.</summary>
    public static async Task<Loopback> StartAsync()
    {
        var server = Child.Self("serve");
        var address = await server.LineAsync("").ConfigureAwait(false);
        var sides = Sides.Over(new Uri(address), Workload.Example);
        return new Loopback(server, sides, await StartNodeAsync(address).ConfigureAwait(false));
    }

    /// <summary>Starts the official Node SDK; without Node.js, reports that and returns null.</summary>
    public static async Task<TestProcess?> StartNodeAsync(string address)
    {
        try
        {
            return await NodePackages
                .StartAsync("throughput.mjs", address, Sides.ApiKey, Workload.Example.Node())
                .ConfigureAwait(false);
        }
        catch (InvalidOperationException e)
        {
            await Console.Error.WriteLineAsync($"Without the official Node SDK: {e.Message}").ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Measures all sides in turn.</summary>
    public async Task<List<Throughput>> MeasureAsync(int concurrency, int rounds)
    {
        var results = new List<Throughput>();
        for (var round = 0; round < WarmUpRounds + rounds; round++)
        {
            // Neither side may always run first.
            var isSwapped = round % 2 == 1;
            var first = await RunAsync(isSwapped ? _sides.Raw : _sides.Ours, concurrency).ConfigureAwait(false);
            var second = await RunAsync(isSwapped ? _sides.Ours : _sides.Raw, concurrency).ConfigureAwait(false);
            var node = await RunNodeAsync(concurrency).ConfigureAwait(false);
            var (ours, raw) = isSwapped ? (second, first) : (first, second);
            results.Add(new Throughput(ours, raw, node));
        }

        return results[WarmUpRounds..];
    }

    public void Dispose()
    {
        _sides.Dispose();
        _node?.Dispose();
        _server.Dispose();
    }

    private static async Task<double> RunAsync(Func<Task> call, int concurrency)
    {
        var start = TimeProvider.System.GetTimestamp();
        var calls = await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => WorkAsync())).ConfigureAwait(false);
        return calls.Sum() / TimeProvider.System.GetElapsedTime(start).TotalSeconds;

        async Task<int> WorkAsync()
        {
            // All workers start before the first call.
            await Task.Yield();
            var done = 0;
            while (TimeProvider.System.GetElapsedTime(start) < Turn)
            {
                await call().ConfigureAwait(false);
                done++;
            }

            return done;
        }
    }

    private async Task<double> RunNodeAsync(int concurrency) =>
        _node is null
            ? double.NaN
            : double.Parse(
                await _node
                    .AskAsync(string.Create(CultureInfo.InvariantCulture, $"{concurrency} {Turn.TotalMilliseconds}"))
                    .ConfigureAwait(false),
                CultureInfo.InvariantCulture
            );
}
