using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrqGenerated.Refresh;

/// <summary>Scalars of YAML and numbers of JSON, each value in one form.</summary>
internal static class Scalars
{
    private static readonly Regex HexInteger = Linear("^0x[0-9a-fA-F]+$");
    private static readonly Regex OctalInteger = Linear("^0o[0-7]+$");
    private static readonly Regex DecimalNumber = Linear(
        @"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,9})?$"
    );

    private static Regex Linear(string pattern) => new(pattern, RegexOptions.NonBacktracking);

    /// <summary>The value of a plain scalar under YAML 1.2's core schema.</summary>
    public static JsonNode? Plain(string text) =>
        text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" => JsonValue.Create(true),
            "false" or "False" or "FALSE" => JsonValue.Create(false),
            _ when HexInteger.IsMatch(text) => Integer(Radix(text[2..], 16)),
            _ when OctalInteger.IsMatch(text) => Integer(Radix(text[2..], 8)),
            _ when DecimalNumber.IsMatch(text) => Number(text),
            _ => JsonValue.Create(text),
        };

    private static BigInteger Radix(string digits, int radix) =>
        digits.Aggregate(
            BigInteger.Zero,
            (sum, digit) =>
                (sum * radix)
                + int.Parse([digit], NumberStyles.HexNumber, CultureInfo.InvariantCulture)
        );

    private static JsonNode? Integer(BigInteger value) =>
        JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>A JSON number in its shortest exact form; what decimal cannot hold keeps its digits.</summary>
    public static JsonNode? Number(string text)
    {
        var (mantissa, exponent) = text.Split('e', 'E') is [var m, var e] ? (m, e) : (text, "0");
        var sign = mantissa.StartsWith('-') ? "-" : "";
        var parts = mantissa.TrimStart('-', '+').Split('.');
        var whole = parts[0].TrimStart('0');
        var fraction = parts.Length > 1 ? parts[1].TrimEnd('0') : "";
        if (whole.Length + fraction.Length == 0)
        {
            return JsonValue.Create(0);
        }

        var shift = int.TryParse(
            exponent,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var s
        )
            ? s
            : 0;
        if (shift == 0 || Math.Abs(shift) > 40)
        {
            var suffix = shift == 0 ? "" : "e" + shift.ToString(CultureInfo.InvariantCulture);
            whole = whole.Length == 0 ? "0" : whole;
            return JsonNode.Parse(
                sign + whole + (fraction.Length == 0 ? "" : "." + fraction) + suffix
            );
        }

        var digits = new string('0', 41) + whole + fraction + new string('0', 41);
        var point = 41 + whole.Length + shift;
        var shiftedWhole = digits[..point].TrimStart('0');
        var shiftedFraction = digits[point..].TrimEnd('0');
        return JsonNode.Parse(
            sign
                + (shiftedWhole.Length == 0 ? "0" : shiftedWhole)
                + (shiftedFraction.Length == 0 ? "" : "." + shiftedFraction)
        );
    }
}
