using System.Globalization;
using OrqGenerated.ContractTests.Support;

namespace OrqGenerated.Benchmarks;

/// <summary>The time from the start of a process to its first contact.</summary>
internal static class Cold
{
    private const int Rounds = 11;

    /// <summary>Starts each consumer by turns and prints the medians.</summary>
    public static async Task PrintAsync()
    {
        using var server = Child.Self("serve");
        var address = await server.ReadLineAsync().ConfigureAwait(false);
        var contact = Workload.Example.Node();
        var hasNode = await Loopback.HasNodeAsync().ConfigureAwait(false);
        (string Name, Func<Child> Start)[] consumers =
        [
            ("OrqGenerated", () => Child.Self("first", "ours", address)),
            ("RawStj", () => Child.Self("first", "raw", address)),
            .. hasNode
                ?
                [
                    (
                        "Node SDK",
                        () =>
                            new Child(
                                NodePackages.StartNode(
                                    "throughput.mjs",
                                    address,
                                    Sides.ApiKey,
                                    contact
                                )
                            )
                    ),
                ]
                : Array.Empty<(string, Func<Child>)>(),
        ];
        var times = consumers.Select(_ => new List<double>()).ToArray();
        // The first round reads files into the system's cache.
        for (var round = 0; round <= Rounds; round++)
        {
            for (var i = 0; i < consumers.Length; i++)
            {
                var start = TimeProvider.System.GetTimestamp();
                using var child = consumers[i].Start();
                await child.AskAsync("1 0").ConfigureAwait(false);
                if (round > 0)
                {
                    times[i].Add(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
                }
            }
        }

        Console.WriteLine("| consumer | ms from process start to first response |");
        Console.WriteLine("|---|---:|");
        for (var i = 0; i < consumers.Length; i++)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {consumers[i].Name} | {Measure.Median(times[i]):N0} |"
                )
            );
        }
    }

    /// <summary>The consumer: sends one contact and says so.</summary>
    public static async Task SendFirstAsync(string side, Uri server)
    {
        if (side is "ours")
        {
            using var client = new ContactsClient(
                new OrqClientOptions { ApiKey = Sides.ApiKey, ServerUrl = server }
            );
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
