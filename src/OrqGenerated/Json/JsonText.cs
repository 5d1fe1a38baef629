using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>Steps of reading JSON that .NET's reader lacks.</summary>
internal static partial class JsonText
{
    private const string Hex = "[0-9a-fA-F]{2}";

    /// <summary>For text that another reader has checked by its own rules.</summary>
    public static JsonReaderOptions Lenient { get; } =
        new()
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = int.MaxValue,
        };

    /// <summary>Goes to the name of the object's next property; false at the object's end.</summary>
    public static bool ReadProperty(this ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>
    /// Replaces whatever is not Unicode by U+FFFD: invalid UTF-8, and an escaped surrogate without its partner.
    /// </summary>
    /// <remarks>.NET's reader throws at such a string only when it is asked for it, and no JsonException.</remarks>
    public static ReadOnlySpan<byte> Unicode(ReadOnlySpan<byte> json)
    {
        var mayHoldSurrogates = json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;
        if (Utf8.IsValid(json) && !mayHoldSurrogates)
        {
            return json;
        }

        // Decoding replaces invalid bytes.
        var text = Encoding.UTF8.GetString(json);
        return Encoding.UTF8.GetBytes(
            Escape().Replace(text, static e => e.Groups["valid"].Success ? e.Value : "\\ufffd")
        );
    }

    /// <summary>The value at a Newtonsoft reader's token, dates as they are; NaN and Infinity are no JSON.</summary>
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

    /// <summary>A backslash with what it escapes, a pair of surrogates, or a single one, which is not valid.</summary>
    [GeneratedRegex(
        $@"(?<valid>\\[^u]|\\u[dD][89abAB]{Hex}\\u[dD][c-fC-F]{Hex})|\\u[dD][89a-fA-F]{Hex}",
        RegexOptions.ExplicitCapture,
        Timeout.Infinite
    )]
    private static partial Regex Escape();
}
