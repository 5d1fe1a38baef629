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

    private const int DecimalDigits = 28;

    /// <summary>
    /// A <see cref="long"/>, <see cref="BigInteger"/> or <see cref="decimal"/> where it is the same number, else the
    /// nearest <see cref="double"/>, else (beyond every double) the text itself.
    /// </summary>
    public static object Parse(ReadOnlySpan<byte> utf8)
    {
        var isNegativeZero =
            utf8[0] == (byte)'-' && utf8.IndexOfAnyInRange((byte)'1', (byte)'9') < 0;
        if (isNegativeZero)
        {
            return -0.0;
        }

        if (!utf8.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            return Utf8Parser.TryParse(utf8, out long integer, out var read) && read == utf8.Length
                    ? integer
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
            IsExactDecimal(text)
            && decimal.TryParse(
                text,
                NumberStyles.Float,
                CultureInfo.InvariantCulture,
                out var exact
            )
        )
        {
            return exact;
        }

        var nearest = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(nearest) ? nearest : text;
    }

    /// <summary>
    /// Whether a decimal holds the number without rounding: at most 28 significant digits, none further than 28 places
    /// from the point.
    /// </summary>
    private static bool IsExactDecimal(string number)
    {
        var e = number.AsSpan().IndexOfAny('e', 'E');
        var mantissa = (e < 0 ? number : number[..e]).TrimStart('-');
        var exponent = 0;
        if (
            e >= 0
            && !int.TryParse(
                number.AsSpan(e + 1),
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out exponent
            )
        )
        {
            return false;
        }

        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var fraction = point < 0 ? "" : mantissa[(point + 1)..].TrimEnd('0');
        var digits = (point < 0 ? mantissa : mantissa[..point]) + fraction;
        var significant = digits.TrimStart('0');
        var trailingZeros = significant.Length - significant.TrimEnd('0').Length;
        var scale = (long)fraction.Length - exponent;
        return significant.Length == 0
            || (
                scale <= DecimalDigits + trailingZeros
                && significant.Length - Math.Min(scale, 0) <= DecimalDigits
            );
    }
}
