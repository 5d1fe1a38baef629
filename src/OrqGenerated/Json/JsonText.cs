using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>Prepares JSON text for .NET's reader.</summary>
internal static class JsonText
{
    /// <summary>For JSON that has been checked before, perhaps by other rules.</summary>
    public static readonly JsonReaderOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = int.MaxValue,
    };

    /// <summary>
    /// Replaces invalid UTF-8 and escaped lone surrogates with U+FFFD, since .NET's reader throws an
    /// <see cref="InvalidOperationException"/> when asked for such a string.
    /// </summary>
    public static ReadOnlySpan<byte> ReplaceInvalid(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));

        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return json;

        var repaired = json.ToArray();
        var rest = repaired.AsSpan();
        int next;
        while ((next = rest.IndexOf((byte)'\\')) >= 0)
        {
            rest = rest[next..];
            var escaped = EscapedCharacter(rest);
            var isPair = char.IsHighSurrogate(escaped) && char.IsLowSurrogate(EscapedCharacter(rest[6..]));
            if (char.IsSurrogate(escaped) && !isPair)
                "\\ufffd"u8.CopyTo(rest);

            // Any other escape has two characters, or only digits after them.
            rest = rest[Math.Min(isPair ? 12 : 2, rest.Length)..];
        }

        return repaired;
    }

    /// <summary>The JSON at a Newtonsoft reader's token; dates stay strings, NaN and Infinity become invalid.</summary>
    public static byte[] FromNewtonsoft(JsonReader reader)
    {
        var dates = reader.DateParseHandling;
        reader.DateParseHandling = DateParseHandling.None;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var writer = new JsonTextWriter(text) { FloatFormatHandling = FloatFormatHandling.Symbol };
        while (reader.TokenType == JsonToken.Comment && reader.Read()) { }
        writer.WriteToken(reader);
        reader.DateParseHandling = dates;
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The character that a <c>\u00e4</c> at the start escapes; zero for anything else.</summary>
    private static char EscapedCharacter(ReadOnlySpan<byte> json) =>
        json is [(byte)'\\', (byte)'u', _, _, _, _, ..]
        && ushort.TryParse(json[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character)
            ? (char)character
            : '\0';
}
