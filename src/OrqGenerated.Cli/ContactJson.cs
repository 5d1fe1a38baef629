using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

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
    /// <param name="json">UTF-8.</param>
    /// <param name="name">The part of a row or a command line that it is, for messages; null if it is a row.</param>
    /// <exception cref="FormatException">It is not JSON, or has half of a surrogate pair, such as \ud800.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json, string? name = null)
    {
        var start = name is null ? "" : name + ": ";
        if (!Utf8.IsValid(json.Span))
        {
            throw new FormatException($"{start}not UTF-8");
        }

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
            throw new FormatException($"{start}not JSON at byte {e.BytePositionInLine + 1}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"{start}not valid Unicode", e);
        }
    }
}
