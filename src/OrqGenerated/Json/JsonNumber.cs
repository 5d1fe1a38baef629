using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>Numbers of a JSON text as the .NET number that holds them exactly, where there is one.</summary>
internal static class JsonNumber
{
    /// <summary>Longer integers stay text: reading them costs time that grows faster than their length.</summary>
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
    public static bool IsZero(ReadOnlySpan<byte> utf8) =>
        !Mantissa(utf8).ContainsAnyInRange((byte)'1', (byte)'9');

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
