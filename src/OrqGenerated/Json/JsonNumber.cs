using System.Globalization;
using System.Numerics;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>Parses JSON numbers to the .NET number that is exact, if there is one.</summary>
internal static class JsonNumber
{
    /// <summary>Longer integers stay strings: parsing takes more than linear time.</summary>
    private const int MaxIntegerLength = 4096;

    /// <summary>
    /// A <see cref="long"/>, <see cref="BigInteger"/> or <see cref="decimal"/> if that is exact, else the nearest
    /// <see cref="double"/>, or the string itself beyond the range of double or <see cref="MaxIntegerLength"/>.
    /// </summary>
    public static object Parse(ReadOnlySpan<byte> utf8)
    {
        // Only a double can be negative zero.
        if (utf8[0] == (byte)'-' && double.Parse(utf8, CultureInfo.InvariantCulture) == 0)
            return -0.0;

        if (long.TryParse(utf8, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return integer;

        var text = Encoding.ASCII.GetString(utf8);
        if (!utf8.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
            return text.Length > MaxIntegerLength ? text : BigInteger.Parse(text, CultureInfo.InvariantCulture);

        if (TryParseExactly(utf8, out var number))
            return number;

        var nearest = double.Parse(text, CultureInfo.InvariantCulture);
        return double.IsFinite(nearest) ? nearest : text;
    }

    /// <summary>Parses a number if a decimal holds all its digits.</summary>
    public static bool TryParseExactly(ReadOnlySpan<byte> utf8, out decimal number) =>
        decimal.TryParse(utf8, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
        && Digits(number.ToString(CultureInfo.InvariantCulture)) == Digits(Encoding.ASCII.GetString(utf8));

    /// <summary>The significant digits. Those of a rounded decimal differ from those of its source.</summary>
    private static string Digits(string number) =>
        number.Split('e', 'E')[0].Replace(".", "", StringComparison.Ordinal).TrimStart('-').Trim('0');
}
