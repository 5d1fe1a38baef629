using System.Globalization;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>A scripted server, and what is expected of a client that talks to it.</summary>
/// <param name="Name">What the server does, for the page.</param>
/// <param name="Ours">The outcome for this client.</param>
/// <param name="Scripts">For each connection; the last one goes on. None: connections are refused.</param>
internal sealed record Behaviour(string Name, string Ours, params Func<RawConnection, Task>[] Scripts)
{
    /// <summary>Why the Node SDK does something else; null if it does the same.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the length of the waits is part of the outcome.</summary>
    public bool ShowsWaits { get; init; }

    /// <summary>Whether the server stalls "before" or "after" its headers, so that only a limit ends it.</summary>
    public string? Stalls { get; init; }

    /// <summary>Whether both keep their own default retries; otherwise the SDK gets those of this client.</summary>
    public bool IsAsShipped { get; init; }

    /// <summary>Describes outcomes under the least and the greatest chance as one.</summary>
    public string Describe(Outcome least, Outcome greatest)
    {
        List<string> parts = [least.Result == greatest.Result ? least.Result : $"{least.Result} or {greatest.Result}"];
        var attempts = Range(least.Attempts, greatest.Attempts);
        if (attempts != "1")
        {
            parts.Add($"{attempts} attempts");
        }

        if (ShowsWaits && least.Waits.Length > 0)
        {
            parts.Add($"waits {Range(least.Waits.Sum() / 1000, greatest.Waits.Sum() / 1000)} s");
        }

        return string.Join(", ", parts);
    }

    private static string Range(double one, double other)
    {
        var (low, high) = (Text(Math.Min(one, other)), Text(Math.Max(one, other)));
        return low == high ? low : $"{low} to {high}";

        static string Text(double number) => Math.Round(number, 3).ToString(CultureInfo.InvariantCulture);
    }
}
