using System.Globalization;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Benchmarks;

/// <summary>The time from the start of a process to its first response.</summary>
internal static class Cold
{
    private const int Rounds = 11;

    /// <summary>Starts a process of each side in turn and prints the medians.</summary>
    public static async Task PrintAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.LineAsync("").ConfigureAwait(false);
        using var node = await Loopback.StartNodeAsync(address).ConfigureAwait(false);
        List<(string Name, Func<Task<TestProcess?>> Start)> sides =
        [
            ("OrqGenerated", () => Task.FromResult<TestProcess?>(Child.Self("first", "ours", address))),
            ("RawStj", () => Task.FromResult<TestProcess?>(Child.Self("first", "raw", address))),
        ];
        if (node is not null)
            sides.Add(("Node SDK", () => Loopback.StartNodeAsync(address)));

        var times = sides.Select(_ => new List<double>()).ToArray();
        // The first round fills the operating system's file cache.
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < sides.Count; i++)
            {
                var start = TimeProvider.System.GetTimestamp();
                using var child = await sides[i].Start().ConfigureAwait(false);
                await child!.AskAsync("1 0").ConfigureAwait(false);
                if (round > 0)
                    times[i].Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        Console.WriteLine("| side | ms from process start to first response |");
        Console.WriteLine("|---|---:|");
        for (var i = 0; i < sides.Count; i++)
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {sides[i].Name} | {Measure.Median(times[i]):N0} |")
            );
        }
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
}
