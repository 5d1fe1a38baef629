using System.Globalization;

namespace OrqGenerated.Internal;

/// <summary>The numbers of a retry: what the configuration and the server say about the wait.</summary>
internal static class RetryDelay
{
    /// <summary>The longest that a .NET timer takes: 49 days.</summary>
    private static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>The largest double that a TimeSpan holds.</summary>
    private static readonly double MostTicks = Math.BitDecrement(long.MaxValue);

    /// <summary>The longest that the server may ask for.</summary>
    public static TimeSpan Longest(BackoffStrategy backoff) =>
        Limits.IsFinite(backoff.MaxInterval)
            ? TimeSpan.FromTicks(Math.Min(backoff.MaxInterval.Ticks, LongestTimer.Ticks))
            : LongestTimer;

    /// <summary>The wait before retry <paramref name="retry"/>, counted from 0, without a server's word.</summary>
    /// <param name="backoff">The configuration.</param>
    /// <param name="retry">Which retry.</param>
    /// <param name="random">A uniform number in [0, 1).</param>
    public static TimeSpan Backoff(BackoffStrategy backoff, int retry, double random)
    {
        var ticks =
            backoff.InitialInterval.Ticks
            * Math.Pow(backoff.Exponent, retry)
            * (0.75 + (random / 2));
        // Compared as doubles, so that a power beyond every TimeSpan, or infinity, is just over the limit.
        return TimeSpan.FromTicks((long)Math.Min(ticks, Longest(backoff).Ticks));
    }

    /// <summary>
    /// The wait when the server has asked for one: at least that, and up to a tenth more. Timers drop fractions of a
    /// millisecond, so that one asked for is rounded up.
    /// </summary>
    /// <param name="asked">What the server asked for.</param>
    /// <param name="computed">What the configuration says.</param>
    /// <param name="random">A uniform number in [0, 1).</param>
    public static TimeSpan AtLeast(TimeSpan asked, TimeSpan computed, double random)
    {
        var least = Math.Ceiling(asked.TotalMilliseconds) * TimeSpan.TicksPerMillisecond;
        var wait = Math.Max(asked.Ticks * (1 + (random / 10)), least);
        return TimeSpan.FromTicks(
            (long)Math.Max(Math.Min(wait, LongestTimer.Ticks), computed.Ticks)
        );
    }

    /// <summary>
    /// How long the server asks to wait: <c>retry-after-ms</c>, else <c>Retry-After</c> in seconds or as an HTTP date
    /// (RFC 9110, section 10.2.3), read against the response's own <c>Date</c>. Of repeated headers the longest counts.
    /// </summary>
    /// <returns>Null when there is no such word, or one that cannot be read or asks for nothing.</returns>
    public static TimeSpan? Asked(HttpResponseMessage response, TimeProvider time)
    {
        var headers = response.Headers.NonValidated;
        return (
                headers.TryGetValues("retry-after-ms", out var milliseconds)
                    ? LongestOf(milliseconds, text => Number(text, 0.001))
                    : null
            )
            ?? (
                headers.TryGetValues("Retry-After", out var seconds)
                    ? LongestOf(seconds, text => Number(text, 1) ?? UntilDate(text, response, time))
                    : null
            );
    }

    private static TimeSpan? LongestOf(
        System.Net.Http.Headers.HeaderStringValues values,
        Func<string, TimeSpan?> read
    ) => values.Select(value => read(value.Trim())).Where(wait => wait > TimeSpan.Zero).Max();

    private static TimeSpan? Number(string text, double unitInSeconds)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        // .NET takes "Infinity" and "NaN" for numbers whatever the style says.
        if (
            !double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number)
            || char.IsAsciiLetter(text[^1])
        )
        {
            return null;
        }

        var ticks = Math.Ceiling(number * unitInSeconds * TimeSpan.TicksPerSecond);
        return TimeSpan.FromTicks((long)Math.Clamp(ticks, 0, MostTicks));
    }

    private static TimeSpan? UntilDate(string text, HttpResponseMessage response, TimeProvider time)
    {
        if (!TryParseDate(text, out var date))
        {
            return null;
        }

        var now =
            response.Headers.NonValidated.TryGetValues("Date", out var sent)
            && TryParseDate(sent.ToString(), out var serverNow)
                ? serverNow
                : time.GetUtcNow();
        return date - now;
    }

    /// <summary>The three forms of an HTTP date (RFC 9110, section 5.6.7).</summary>
    private static bool TryParseDate(string text, out DateTimeOffset date) =>
        DateTimeOffset.TryParseExact(
            text,
            [
                "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
                "dddd, dd-MMM-yy HH:mm:ss 'GMT'",
                "ddd MMM d HH:mm:ss yyyy",
                "ddd MMM  d HH:mm:ss yyyy",
            ],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out date
        );
}
