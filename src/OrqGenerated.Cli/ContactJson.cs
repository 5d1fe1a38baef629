using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrqGenerated.Cli;

/// <summary>Reads the JSON of contacts, and writes that of results.</summary>
internal static class ContactJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>Writes all characters as they are.</summary>
    public static JsonSerializerOptions Plain { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement Null { get; } = Parse("null"u8.ToArray());

    /// <summary>Parses JSON; numbers keep every digit.</summary>
    /// <exception cref="FormatException">It is not JSON, or has half of a surrogate pair, such as \ud800.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            using var writer = new Utf8JsonWriter(Stream.Null);
            // Throws on half of a surrogate pair.
            document.WriteTo(writer);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON at byte {e.BytePositionInLine + 1}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("not valid Unicode", e);
        }
    }

    /// <summary>Parses JSON that is part of a cell or an option.</summary>
    /// <exception cref="FormatException">As of <see cref="Parse"/>.</exception>
    public static JsonElement ParseText(string json, string name)
    {
        try
        {
            return Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{name}: {e.Message} (a text is written with quotes, \"like this\")", e);
        }
    }
}
