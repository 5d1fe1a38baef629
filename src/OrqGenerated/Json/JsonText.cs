using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>What .NET's JSON reader lacks.</summary>
internal static class JsonText
{
    /// <summary>For JSON that another reader has checked by its own rules.</summary>
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
    public static ReadOnlySpan<byte> Unicode(ReadOnlySpan<byte> json)
    {
        if (Utf8.IsValid(json) && json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
            return json;

        // Without escaped backslashes, every \u starts an escape.
        var rest = Encoding.UTF8.GetString(json).Replace(@"\\", @"\u005c", StringComparison.Ordinal).AsSpan();
        var text = new StringBuilder(rest.Length);
        while (!rest.IsEmpty)
        {
            ushort code = 0;
            var isSurrogate =
                rest is ['\\', 'u', _, _, _, _, ..]
                && ushort.TryParse(rest[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code)
                && char.IsSurrogate((char)code);
            text.Append(isSurrogate ? (char)code : rest[0]);
            rest = rest[(isSurrogate ? 6 : 1)..];
        }

        // Encoding keeps pairs of surrogates, and replaces others.
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The value at a Newtonsoft reader's token; dates stay strings, NaN and Infinity are invalid.</summary>
    public static byte[] Of(JsonReader reader)
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
}
