using System.Globalization;

namespace OrqGenerated.Internal;

/// <summary>Dates and times as RFC 3339 text.</summary>
internal static class JsonTime
{
    /// <summary>Reads a date with or without a time; without an offset it is UTC.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        // The parser alone also takes a bare time or a bare month, and adds today's date to them.
        if (text.Length >= 10 && text[4] == '-' && text[7] == '-')
        {
            return DateTimeOffset.TryParse(
                text,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out time
            );
        }

        time = default;
        return false;
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
