using System.Globalization;
using System.Net.Http.Headers;

namespace OrqGenerated.Internal;

/// <summary>
/// Decides whether a failed attempt may be retried, and after how long. Pure: time and chance are given.
/// </summary>
internal static class RetryPolicy
{
    /// <summary>The longest that a .NET timer takes: 49 days.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>The largest double that a TimeSpan holds.</summary>
    private static readonly double MostTicks = Math.BitDecrement(long.MaxValue);

    /// <summary>
    /// The wait before the next attempt; null if there must be none. An attempt with a new key is not a retry, so
    /// there can be more attempts than retries.
    /// </summary>
    public static TimeSpan? NextDelay(
        Failure failure,
        OrqOperation operation,
        CallSettings settings,
        int retry,
        int attempts,
        TimeSpan elapsed,
        Func<double> random
    )
    {
        var config = settings.Retry;
        var asked = (failure as Failure.Status)?.RetryAfter;
        if (
            config.Strategy == RetryStrategy.None
            || attempts >= config.MaxAttempts
            || !Allow(failure, config, operation.IsIdempotent)
            || asked > Longest(config.Backoff)
        )
        {
            return null;
        }

        var delay = Backoff(config.Backoff, retry, random());
        if (asked is not null)
        {
            delay = AtLeast(asked.Value, delay, random());
        }

        var end = elapsed + delay;
        return IsPast(end, config.Backoff.MaxElapsedTime) || IsPast(end, settings.TotalTimeout) ? null : delay;
    }

    /// <summary>
    /// Whether a retry is safe, waits and limits aside. An operation that is not idempotent is only retried if the
    /// server has not done its work: it says so (429, 503 with a wait), or has not had the request.
    /// </summary>
    public static bool Allow(Failure failure, RetryConfig retry, bool isIdempotent) =>
        failure switch
        {
            Failure.Status status => retry.Covers(status.Code)
                && (isIdempotent || status.Code == 429 || (status.Code == 503 && status.RetryAfter is not null)),
            Failure.Connection connection => retry.RetryConnectionErrors
                && connection.IsTransient
                && (isIdempotent || !connection.MayHaveReached),
            Failure.Timeout { IsOfAttempt: true } => retry.RetryConnectionErrors && isIdempotent,
            _ => false,
        };

    /// <summary>The wait before a retry, counted from 0, if the server does not ask for one.</summary>
    public static TimeSpan Backoff(BackoffStrategy backoff, int retry, double random)
    {
        var ticks = backoff.InitialInterval.Ticks * Math.Pow(backoff.Exponent, retry) * (0.75 + (random / 2));
        // Compared as doubles, so that a power beyond every TimeSpan, or infinity, is just over the limit.
        return TimeSpan.FromTicks((long)Math.Min(ticks, Longest(backoff).Ticks));
    }

    /// <summary>
    /// The wait if the server asks for one: at least that and up to a tenth more, and at least the computed wait.
    /// Timers drop fractions of a millisecond, so the server's is rounded up.
    /// </summary>
    public static TimeSpan AtLeast(TimeSpan asked, TimeSpan computed, double random)
    {
        var least = Math.Ceiling(asked.TotalMilliseconds) * TimeSpan.TicksPerMillisecond;
        var wait = Math.Max(asked.Ticks * (1 + (random / 10)), least);
        return TimeSpan.FromTicks((long)Math.Max(Math.Min(wait, LongestTimer.Ticks), computed.Ticks));
    }

    /// <summary>
    /// Reads how long the server asks to wait: <c>retry-after-ms</c>, else <c>Retry-After</c> in seconds or as an HTTP
    /// date (RFC 9110, section 10.2.3), read against the response's own <c>Date</c>. Of several values the longest
    /// counts.
    /// </summary>
    /// <returns>Null if the headers are absent, malformed or not positive.</returns>
    public static TimeSpan? RetryAfter(IReadOnlyDictionary<string, string> headers, TimeProvider time) =>
        Longest(headers, "retry-after-ms", text => Number(text, 0.001))
        ?? Longest(
            headers,
            "Retry-After",
            text => Number(text, 1) ?? (Date(text) - (Date(headers.GetValueOrDefault("Date")) ?? time.GetUtcNow()))
        );

    private static bool IsPast(TimeSpan end, TimeSpan limit) => limit != Timeout.InfiniteTimeSpan && end > limit;

    private static TimeSpan Longest(BackoffStrategy backoff) =>
        backoff.MaxInterval == Timeout.InfiniteTimeSpan || backoff.MaxInterval > LongestTimer
            ? LongestTimer
            : backoff.MaxInterval;

    /// <summary>The longest wait in a list. A date has a comma, so neighbours are also read together.</summary>
    private static TimeSpan? Longest(
        IReadOnlyDictionary<string, string> headers,
        string name,
        Func<string, TimeSpan?> read
    )
    {
        var parts = headers.GetValueOrDefault(name, "").Split(',');
        var pairs = parts.Zip(parts.Skip(1), (left, right) => $"{left},{right}");
        return parts.Concat(pairs).Select(item => read(item.Trim())).Where(wait => wait > TimeSpan.Zero).Max();
    }

    private static TimeSpan? Number(string text, double unitInSeconds)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
        {
            return null;
        }

        var ticks = Math.Ceiling(number * unitInSeconds * TimeSpan.TicksPerSecond);
        return TimeSpan.FromTicks((long)Math.Clamp(ticks, 0, MostTicks));
    }

    private static DateTimeOffset? Date(string? text) =>
        RetryConditionHeaderValue.TryParse(text, out var value) ? value.Date : null;
}
