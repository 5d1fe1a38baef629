using System.Globalization;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Benchmarks;

/// <summary>The time from the start of a process to its first contact.</summary>
internal static class Cold
{
    private const int Rounds = 11;

    /// <summary>Starts the consumers in turn and prints the medians.</summary>
    public static async Task PrintAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.LineAsync("").ConfigureAwait(false);
        using var node = await Loopback.StartNodeAsync(address).ConfigureAwait(false);
        List<(string Name, Func<Task<TestProcess?>> Start)> consumers =
        [
            ("OrqGenerated", () => Task.FromResult<TestProcess?>(Child.Self("first", "ours", address))),
            ("RawStj", () => Task.FromResult<TestProcess?>(Child.Self("first", "raw", address))),
        ];
        if (node is not null)
        {
            consumers.Add(("Node SDK", () => Loopback.StartNodeAsync(address)));
        }

        var times = consumers.Select(_ => new List<double>()).ToArray();
        // The first round fills the file cache of the system.
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < consumers.Count; i++)
            {
                var start = TimeProvider.System.GetTimestamp();
                using var child = await consumers[i].Start().ConfigureAwait(false);
                await child!.AskAsync("1 0").ConfigureAwait(false);
                if (round > 0)
                {
                    times[i].Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        Console.WriteLine("| consumer | ms from process start to first response |");
        Console.WriteLine("|---|---:|");
        for (var i = 0; i < consumers.Count; i++)
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {consumers[i].Name} | {Measure.Median(times[i]):N0} |")
            );
        }
    }

    /// <summary>The consumer: sends one contact and says so.</summary>
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
