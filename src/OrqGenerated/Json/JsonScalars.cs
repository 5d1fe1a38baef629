using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>Numbers of a JSON text as the .NET number that holds them exactly, where there is one.</summary>
internal static class JsonNumber
{
    /// <summary>Longer integers stay text: the time to parse one grows faster than its length.</summary>
    private const int LongestInteger = 4096;

    /// <summary>
    /// A <see cref="long"/>, <see cref="BigInteger"/> or <see cref="decimal"/> where it is the same number, else the
    /// nearest <see cref="double"/>, else (beyond every double) the text itself.
    /// </summary>
    public static object Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8[0] == (byte)'-' && IsZero(utf8))
        {
            return -0.0;
        }

        if (!utf8.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            return Utf8Parser.TryParse(utf8, out long integer, out _) ? integer
                : utf8.Length <= LongestInteger
                    ? BigInteger.Parse(
                        Encoding.ASCII.GetString(utf8),
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture
                    )
                : Encoding.ASCII.GetString(utf8);
        }

        var text = Encoding.ASCII.GetString(utf8);
        if (
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && IsExact(number, Encoding.ASCII.GetString(Mantissa(utf8)))
        )
        {
            return number;
        }

        var nearest = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(nearest) ? nearest : text;
    }

    /// <summary>Whether a number is zero itself, and not only too small for a double.</summary>
    public static bool IsZero(ReadOnlySpan<byte> utf8) => !Mantissa(utf8).ContainsAnyInRange((byte)'1', (byte)'9');

    private static ReadOnlySpan<byte> Mantissa(ReadOnlySpan<byte> utf8)
    {
        var exponent = utf8.IndexOfAny((byte)'e', (byte)'E');
        return exponent == -1 ? utf8 : utf8[..exponent];
    }

    /// <summary>A decimal was rounded, maybe to zero, where it has other digits than the text.</summary>
    private static bool IsExact(decimal number, string mantissa) =>
        string.Equals(
            Digits(number.ToString(CultureInfo.InvariantCulture)),
            Digits(mantissa),
            StringComparison.Ordinal
        );

    private static string Digits(string number) =>
        number.Replace(".", "", StringComparison.Ordinal).TrimStart('-').Trim('0');
}

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
            time.Offset == TimeSpan.Zero ? "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz",
            CultureInfo.InvariantCulture
        );

    /// <summary>With Z, the local offset or none, as the time's kind is.</summary>
    public static string Format(DateTime time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture);
}

/// <summary>Path, query and header parameters, and keys of dictionaries, as text.</summary>
internal static class ParameterText
{
    public static string Of<T>(T value) =>
        value switch
        {
            string text => text,
            bool flag => flag ? "true" : "false",
            DateTime time => JsonTime.Format(time),
            DateTimeOffset time => JsonTime.Format(time),
            DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            TimeOnly time => time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture),
            Uri uri => uri.OriginalString,
            byte[] bytes => Convert.ToBase64String(bytes),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value?.ToString() ?? "",
        };
}
