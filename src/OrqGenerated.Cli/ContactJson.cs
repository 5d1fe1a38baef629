using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace OrqGenerated.Cli;

/// <summary>Settings for the JSON of contacts and results, and strict parsing of it.</summary>
internal static class ContactJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>Writes non-ASCII characters unescaped.</summary>
    public static JsonSerializerOptions Plain { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement Null { get; } = JsonElement.Parse("null"u8);

    /// <summary>Parses UTF-8 JSON; numbers keep every digit.</summary>
    /// <param name="name">The field or option for the message; null for a whole row.</param>
    /// <exception cref="FormatException">It is not JSON, or contains a lone surrogate, such as \ud800.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json, string? name = null)
    {
        var prefix = name is null ? "" : name + ": ";
        if (!Utf8.IsValid(json.Span))
            throw new FormatException($"{prefix}not UTF-8");

        try
        {
            var element = JsonElement.Parse(json.Span, Options);
            using var writer = new Utf8JsonWriter(Stream.Null);
            // Throws on a lone surrogate.
            element.WriteTo(writer);
            return element;
        }
        catch (JsonException e)
        {
            throw new FormatException($"{prefix}not JSON at byte {e.BytePositionInLine + 1}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"{prefix}not valid Unicode", e);
        }
    }
}
