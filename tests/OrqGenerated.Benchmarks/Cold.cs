using System.Globalization;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Benchmarks;

/// <summary>The time from the start of a process to its first response.</summary>
internal static class Cold
{
    private const int Rounds = 20;

    /// <summary>Starts a process of each side in turn and prints the medians.</summary>
    public static async Task PrintAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.LineAsync("").ConfigureAwait(false);
        Console.WriteLine("| side | ms from process start to first response |");
        Console.WriteLine("|---|---:|");
        await PrintAsync(("OrqGenerated", () => First("ours")), ("RawStj", () => First("raw"))).ConfigureAwait(false);
        // On its own: a Node.js that is ending would slow down the process that starts meanwhile.
        using var node = await Loopback.StartNodeAsync(address).ConfigureAwait(false);
        if (node is not null)
            await PrintAsync(("Node SDK", () => Loopback.StartNodeAsync(address))).ConfigureAwait(false);

        Task<TestProcess?> First(string side) => Task.FromResult<TestProcess?>(Child.Self("first", side, address));
    }

    /// <summary>The process that is started: sends one contact and reports it.</summary>
    public static async Task SendFirstAsync(string side, Uri server)
    {
        if (side is "ours")
        {
            using var client = new ContactsClient(new OrqClientOptions { ApiKey = Sides.ApiKey, ServerUrl = server });
            await client.CreateContactAsync(Workload.Example.Ours()).ConfigureAwait(false);
        }
        else
        {
            using var http = new HttpClient();
            await new RawStj(http, server)
                .CreateAsync(Workload.Example.Raw(), CancellationToken.None)
                .ConfigureAwait(false);
        }

        Console.WriteLine("done");
    }

    private static async Task PrintAsync(params (string Name, Func<Task<TestProcess?>> Start)[] sides)
    {
        var times = sides.ToDictionary(side => side.Name, _ => new List<double>());
        // The first round fills the operating system's file cache.
        for (var round = 0; round <= Rounds; round++)
        {
            // Neither side may always start first.
            foreach (var (name, startSide) in round % 2 == 0 ? sides : [.. sides.Reverse()])
            {
                var start = TimeProvider.System.GetTimestamp();
                using var child = await startSide().ConfigureAwait(false);
                await child!.AskAsync("1 0").ConfigureAwait(false);
                if (round > 0)
                    times[name].Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        foreach (var (name, values) in times)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Measure.Median(values):N0} |"));
    }
}
