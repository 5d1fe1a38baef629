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
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, Options);
        return document.RootElement.Clone();
    }

    /// <summary>Parses JSON that is part of a cell or an option.</summary>
    /// <exception cref="FormatException">It is not JSON.</exception>
    public static JsonElement ParseText(string json, string name)
    {
        try
        {
            return Parse(Encoding.UTF8.GetBytes(json));
        }
        catch (JsonException e)
        {
            throw new FormatException($"{name}: not JSON (a text is written with quotes, \"like this\")", e);
        }
    }

    /// <summary>The properties of an object.</summary>
    /// <exception cref="FormatException">A name is half of a surrogate pair, such as \ud800.</exception>
    public static List<(string Name, JsonElement Value)> Properties(JsonElement json, string ifNotUnicode)
    {
        try
        {
            return [.. json.EnumerateObject().Select(property => (property.Name, property.Value))];
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException(ifNotUnicode, e);
        }
    }
}
