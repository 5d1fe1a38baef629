using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using System.Globalization;

namespace OrqGenerated.Benchmarks;

/// <summary>The allocations per call by type, which the runtime samples about every 100 KB.</summary>
internal sealed class AllocationProfile : EventListener
{
    private const int Calls = 1_000_000;
    private const EventKeywords GarbageCollection = (EventKeywords)1;

    private readonly ConcurrentDictionary<string, long> _bytes = new(StringComparer.Ordinal);

    public static async Task PrintAsync()
    {
        using var sides = Sides.InMemory(Workload.Example);
        for (var i = 0; i < 100_000; i++)
            await sides.Ours().ConfigureAwait(false);

        using var profile = new AllocationProfile();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Calls; i++)
            await sides.Ours().ConfigureAwait(false);

        var total = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Calls;
        var seen = profile._bytes.ToArray();
        var scale = total / seen.Sum(type => type.Value);
        Console.WriteLine("| type | bytes per call |");
        Console.WriteLine("|---|---:|");
        foreach (var (type, bytes) in seen.OrderByDescending(type => type.Value).Take(24))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| `{type}` | {bytes * scale:N0} |"));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| all | {total:N0} |"));
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name is "Microsoft-Windows-DotNETRuntime")
            EnableEvents(eventSource, EventLevel.Verbose, GarbageCollection);
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (
            eventData.EventName?.StartsWith("GCAllocationTick", StringComparison.Ordinal) == true
            && eventData.Payload is [_, _, _, ulong bytes, _, string type, ..]
        )
        {
            _bytes.AddOrUpdate(type, (long)bytes, (_, sum) => sum + (long)bytes);
        }
    }
}
