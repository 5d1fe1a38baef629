using System.Text.Json;
using System.Text.Unicode;

namespace OrqGenerated.Cli;

/// <summary>Reads a contact from the JSON of the API's own body, strictly: what is not part of it is an error.</summary>
internal static class ContactJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>Reads one contact.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong where.</exception>
    public static CreateContactRequestBody Parse(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw new FormatException("not UTF-8");
        }

        JsonElement root;
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON at byte {e.BytePositionInLine + 1}", e);
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("not a JSON object");
        }

        // The client says what is wrong with an empty id; without one there is nothing to send.
        var contact = new CreateContactRequestBody { ExternalId = null! };
        foreach (
            var (name, value) in root.EnumerateObject().Select(p => (Name(p, "a field"), p.Value))
        )
        {
            switch (name)
            {
                case "external_id":
                    contact.ExternalId =
                        NullableText(value, name)
                        ?? throw new FormatException("external_id: must not be null");
                    break;
                case "display_name":
                    contact.DisplayName = NullableText(value, name);
                    break;
                case "email":
                    contact.Email = NullableText(value, name);
                    break;
                case "avatar_url":
                    contact.AvatarUrl = NullableText(value, name);
                    break;
                case "tags":
                    contact.Tags = Tags(value);
                    break;
                case "metadata":
                    contact.Metadata = Metadata(value, name);
                    break;
                default:
                    throw new FormatException($"{name}: no such field");
            }
        }

        return contact;
    }

    /// <summary>Reads metadata; the numbers in it keep every digit.</summary>
    /// <exception cref="FormatException">It is not a JSON object, or has a key that is no text.</exception>
    public static Dictionary<string, object?> Metadata(JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{name}: must be a JSON object");
        }

        var metadata = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            metadata[Name(property, $"{name}: a key")] = property.Value;
        }

        return metadata;
    }

    /// <summary>Reads one JSON value.</summary>
    /// <exception cref="FormatException">The text is not JSON.</exception>
    public static JsonElement Value(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw new FormatException(
                $"{name}: not JSON (a text is written with quotes, \"like this\")",
                e
            );
        }
    }

    private static string Name(JsonProperty property, string what)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException e)
        {
            // Half of a surrogate pair, such as \ud800.
            throw new FormatException($"{what} is not valid Unicode", e);
        }
    }

    private static string? NullableText(JsonElement value, string name)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => value.GetString(),
                _ => throw new FormatException($"{name}: must be a text"),
            };
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"{name}: not valid Unicode", e);
        }
    }

    private static string[] Tags(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("tags: must be a list of texts");
        }

        return
        [
            .. value
                .EnumerateArray()
                .Select(
                    (tag, i) =>
                        NullableText(tag, $"tags[{i}]")
                        ?? throw new FormatException($"tags[{i}]: must not be null")
                ),
        ];
    }
}
