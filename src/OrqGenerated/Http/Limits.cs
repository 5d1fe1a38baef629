namespace OrqGenerated.Internal;

/// <summary>Time limits, as options and calls use them.</summary>
internal static class Limits
{
    /// <summary>A time limit: above zero, or infinite.</summary>
    public static TimeSpan Checked(TimeSpan value, string property) =>
        value > TimeSpan.Zero || value == Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(
                property,
                $"{property} is above zero, or Timeout.InfiniteTimeSpan."
            );

    public static bool IsFinite(TimeSpan limit) => limit != Timeout.InfiniteTimeSpan;

    /// <summary>Whether a timer has to watch the limit: the longest that .NET's timers take is 49 days.</summary>
    public static bool IsTimer(TimeSpan limit) =>
        IsFinite(limit) && limit.TotalMilliseconds < uint.MaxValue;
}
