using System.Globalization;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>The outcomes that a behaviour had for the Node SDK and for this client.</summary>
internal sealed record Observation(Behaviour Behaviour, string Node, string Ours);

/// <summary>A scripted server, and the outcome that its client should have.</summary>
/// <param name="Name">The behaviour of the server, as the page shows it.</param>
/// <param name="Ours">The outcome for this client.</param>
/// <param name="Scripts">One per connection, the last one for all that follow; without any, none is accepted.</param>
internal sealed record Behaviour(string Name, string Ours, params Func<RawConnection, Task>[] Scripts)
{
    /// <summary>Why this client differs from the Node SDK; null if it does the same.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the outcome includes the length of the waits.</summary>
    public bool ShowsWaits { get; init; }

    /// <summary>Whether the server stalls "before" or "after" its headers, so that only a timeout ends it.</summary>
    public string? Stalls { get; init; }

    /// <summary>Whether both use their own default retries; otherwise the SDK gets this client's.</summary>
    public bool IsAsShipped { get; init; }

    /// <summary>Describes the outcomes with the least and the most jitter together.</summary>
    public string Describe(Outcome least, Outcome greatest)
    {
        List<string> parts = [least.Result == greatest.Result ? least.Result : $"{least.Result} or {greatest.Result}"];
        var attempts = Range(least.Attempts, greatest.Attempts);
        if (attempts != "1")
            parts.Add($"{attempts} attempts");

        if (ShowsWaits && least.Waits.Length > 0)
            parts.Add($"waits {Range(least.Waits.Sum() / 1000, greatest.Waits.Sum() / 1000)} s");

        return string.Join(", ", parts);
    }

    private static string Range(double one, double other)
    {
        var (low, high) = (Text(Math.Min(one, other)), Text(Math.Max(one, other)));
        return low == high ? low : $"{low} to {high}";

        static string Text(double number) => Math.Round(number, 3).ToString(CultureInfo.InvariantCulture);
    }
}
