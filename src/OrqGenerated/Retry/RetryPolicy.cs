using System.Globalization;
using System.Net.Http.Headers;

namespace OrqGenerated.Internal;

/// <summary>Decides whether to retry a failed attempt, and after how long, from its arguments alone.</summary>
internal static class RetryPolicy
{
    /// <summary>
    /// The wait before the next attempt; null if there must be none. <paramref name="retry"/> is the number of retries
    /// so far; an attempt with a new key is not one of them.
    /// </summary>
    public static TimeSpan? NextDelay(Failure failure, Call call, int retry, TimeSpan elapsed)
    {
        var config = call.Settings.Retry;
        var random = call.Settings.Client.NextRandom;
        var requested = (failure as Failure.Status)?.RetryAfter;
        if (
            config.Strategy == RetryStrategy.None
            || call.Attempts >= config.MaxAttempts
            || !Allow(failure, config, call.Request.Operation.IsIdempotent)
            || requested > MaxInterval(config.Backoff)
        )
        {
            return null;
        }

        var delay = Backoff(config.Backoff, retry, random());
        if (requested is not null)
            delay = AtLeast(requested.Value, delay, random());

        var end = elapsed + delay;
        return IsPast(end, config.Backoff.MaxElapsedTime) || IsPast(end, call.Settings.TotalTimeout) ? null : delay;
    }

    /// <summary>
    /// Whether a retry is safe, regardless of waits and limits. An operation that is not idempotent is only retried if
    /// the server says that it did not carry it out (429, 503 with a wait), or did not receive the request.
    /// </summary>
    public static bool Allow(Failure failure, RetryConfig retry, bool isIdempotent) =>
        failure switch
        {
            Failure.Status status => retry.Covers(status.Code)
                && (isIdempotent || status.Code == 429 || (status.Code == 503 && status.RetryAfter is not null)),
            Failure.Connection connection => retry.RetryConnectionErrors
                && connection.IsTransient
                && (isIdempotent || !connection.MayHaveBeenApplied),
            Failure.Timeout { IsPerAttempt: true } => retry.RetryConnectionErrors && isIdempotent,
            _ => false,
        };

    /// <summary>The wait before a retry, counted from 0, if the server requests none.</summary>
    public static TimeSpan Backoff(BackoffStrategy backoff, int retry, double random)
    {
        var ticks = backoff.InitialInterval.Ticks * Math.Pow(backoff.Exponent, retry) * (0.75 + (random / 2));
        // Compared as doubles, so that a value beyond TimeSpan's range, or infinity, is simply over the limit.
        return TimeSpan.FromTicks((long)Math.Min(ticks, MaxInterval(backoff).Ticks));
    }

    /// <summary>
    /// The wait if the server requests one: that wait plus up to a tenth, or the computed wait if it is longer. Timers
    /// drop fractions of a millisecond, so the server's wait is rounded up.
    /// </summary>
    public static TimeSpan AtLeast(TimeSpan requested, TimeSpan computed, double random)
    {
        var least = Math.Ceiling(requested.TotalMilliseconds) * TimeSpan.TicksPerMillisecond;
        var wait = Math.Max(requested.Ticks * (1 + (random / 10)), least);
        return TimeSpan.FromTicks((long)Math.Max(Math.Min(wait, CallDeadline.LongestTimer.Ticks), computed.Ticks));
    }

    /// <summary>
    /// Reads the server's requested wait: <c>retry-after-ms</c>, else <c>Retry-After</c> (RFC 9110, section 10.2.3) in
    /// seconds or as an HTTP date relative to the response's <c>Date</c>, or to now. Of several, the longest counts.
    /// </summary>
    /// <returns>Null if the headers are absent, malformed or not positive.</returns>
    public static TimeSpan? RetryAfter(IReadOnlyDictionary<string, string> headers, TimeProvider time) =>
        LongestWait(headers, "retry-after-ms", text => Duration(text, 0.001))
        ?? LongestWait(
            headers,
            "Retry-After",
            text => Duration(text, 1) ?? (Date(text) - (Date(headers.GetValueOrDefault("Date")) ?? time.GetUtcNow()))
        );

    private static bool IsPast(TimeSpan end, TimeSpan limit) => limit != Timeout.InfiniteTimeSpan && end > limit;

    private static TimeSpan MaxInterval(BackoffStrategy backoff) =>
        backoff.MaxInterval == Timeout.InfiniteTimeSpan || backoff.MaxInterval > CallDeadline.LongestTimer
            ? CallDeadline.LongestTimer
            : backoff.MaxInterval;

    /// <summary>The longest wait in a list. A date contains a comma, so neighbours are also read together.</summary>
    private static TimeSpan? LongestWait(
        IReadOnlyDictionary<string, string> headers,
        string name,
        Func<string, TimeSpan?> read
    )
    {
        var parts = headers.GetValueOrDefault(name, "").Split(',');
        var pairs = parts.Zip(parts.Skip(1), (left, right) => $"{left},{right}");
        return parts.Concat(pairs).Select(item => read(item.Trim())).Where(wait => wait > TimeSpan.Zero).Max();
    }

    private static TimeSpan? Duration(string text, double unitInSeconds)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
            return null;

        var ticks = Math.Ceiling(number * unitInSeconds * TimeSpan.TicksPerSecond);
        return TimeSpan.FromTicks(long.CreateSaturating(ticks));
    }

    private static DateTimeOffset? Date(string? text) =>
        RetryConditionHeaderValue.TryParse(text, out var value) ? value.Date : null;
}
