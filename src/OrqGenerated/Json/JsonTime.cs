using System.Globalization;

namespace OrqGenerated.Internal;

/// <summary>Dates and times as RFC 3339 text.</summary>
internal static class JsonTime
{
    /// <summary>How many digits of a second .NET keeps.</summary>
    private const int FractionDigits = 7;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd' 'HH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd' 'HH:mmK",
        "yyyy-MM-dd",
    ];

    /// <summary>Reads a date with or without a time (RFC 3339, section 5.6, or nearly so); without an offset it is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        const int fraction = 20;
        var end = fraction;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        var kept = Math.Min(end, fraction + FractionDigits);
        return DateTimeOffset.TryParseExact(
            end > kept ? text.Remove(kept, end - kept).ToUpperInvariant() : text.ToUpperInvariant(),
            Formats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out time
        );
    }

    /// <summary>With Z for UTC, and no more digits of a second than it has.</summary>
    public static string Format(DateTimeOffset time) =>
        time.ToString(
            time.Offset == TimeSpan.Zero
                ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"
                : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
            CultureInfo.InvariantCulture
        );

    /// <summary>With Z, the local offset or none, as the time's kind is.</summary>
    public static string Format(DateTime time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}
