using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OrqGenerated.Internal;

/// <summary>Steps of reading and writing JSON that .NET's reader and writer lack.</summary>
internal static class JsonText
{
    /// <summary>Goes to the name of the object's next property; false at the object's end.</summary>
    public static bool ReadProperty(this ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Refuses a further object or list where as many are open as may be.</summary>
    public static Mismatch? CheckDepth(this Utf8JsonWriter writer, int limit = JsonCodec.WriteDepthLimit) =>
        writer.CurrentDepth < Math.Min(limit, writer.Options.MaxDepth) ? null : Mismatch.TooDeep;

    /// <summary>Writes a JSON text value by value: written raw, it could nest as deep as it likes.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static Mismatch? WriteJson(this Utf8JsonWriter writer, string json, int limit)
    {
        var bytes = Unicode(Encoding.UTF8.GetBytes(json));
        var start = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var reader = start;
        while (reader.Read())
        {
            var opens = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray;
            if (opens && writer.CheckDepth(limit - reader.CurrentDepth) is { } refusal)
            {
                return refusal;
            }
        }

        JsonElement.ParseValue(ref start).WriteTo(writer);
        return null;
    }

    /// <summary>
    /// The text with U+FFFD for whatever is not Unicode: invalid UTF-8, and an escaped surrogate without its partner.
    /// </summary>
    /// <remarks>.NET's reader throws at such a string only when it is asked for it, and no JsonException.</remarks>
    public static ReadOnlySpan<byte> Unicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        if (json.IndexOf("\\u"u8) < 0)
        {
            return json;
        }

        var repaired = json.ToArray();
        var rest = repaired.AsSpan();
        int next;
        while ((next = rest.IndexOf((byte)'\\')) >= 0)
        {
            rest = rest[next..];
            var escaped = EscapedCharacter(rest);
            var isPair = char.IsHighSurrogate(escaped) && char.IsLowSurrogate(EscapedCharacter(rest[6..]));
            if (char.IsSurrogate(escaped) && !isPair)
            {
                "\\ufffd"u8.CopyTo(rest);
            }

            // Two characters end any other escape, or leave only digits of it.
            rest = rest[Math.Min(isPair ? 12 : 2, rest.Length)..];
        }

        return repaired;
    }

    /// <summary>The character of an escape such as <c>\u00e4</c> at the text's start; zero for anything else.</summary>
    private static char EscapedCharacter(ReadOnlySpan<byte> json) =>
        json is [(byte)'\\', (byte)'u', _, _, _, _, ..]
        && ushort.TryParse(json[2..6], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var character)
            ? (char)character
            : '\0';
}
