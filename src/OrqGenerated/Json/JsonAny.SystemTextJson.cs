using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

// What System.Text.Json knows: its elements and nodes, and JSON that is text already.
internal static partial class JsonAny
{
    private static void WriteRaw(JsonWriter writer, string json, int depth)
    {
        var (utf8, length) = RequestJson.ToUtf8(json);
        try
        {
            using var document = JsonDocument.Parse(
                utf8.AsMemory(0, length),
                new JsonDocumentOptions { MaxDepth = int.MaxValue }
            );
            WriteElement(writer, document.RootElement, depth);
        }
        catch (System.Text.Json.JsonException)
        {
            throw Refused(writer, "is raw text that is not JSON");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
        }
    }

    private static void WriteElement(JsonWriter writer, JsonElement element, int depth)
    {
        switch (KindOf(writer, element))
        {
            case JsonValueKind.Object:
                // Of two properties of one name the last one counts, as when reading.
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                foreach (var property in element.EnumerateObject())
                {
                    map[NameOf(property)] = property.Value;
                }

                WriteMap(writer, map, depth);
                break;
            case JsonValueKind.Array:
                WriteList(writer, element.EnumerateArray(), depth);
                break;
            case JsonValueKind.String:
                writer.WriteValue(TextOf(element));
                break;
            case JsonValueKind.Undefined:
                throw Refused(writer, "is an undefined JsonElement");
            default:
                // A number keeps its digits this way.
                writer.WriteRawValue(element.GetRawText());
                break;
        }
    }

    private static JsonValueKind KindOf(JsonWriter writer, JsonElement element)
    {
        try
        {
            return element.ValueKind;
        }
        catch (ObjectDisposedException)
        {
            throw Refused(writer, "belongs to a JsonDocument that was disposed of");
        }
    }

    private static string TextOf(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return JsonText.Exact(element.GetRawText());
        }
    }

    private static string NameOf(System.Text.Json.JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            // Its text begins with the name.
            return JsonText.Exact(property.ToString());
        }
    }

    private static void WriteNode(JsonWriter writer, JsonNode node, int depth)
    {
        switch (node)
        {
            case JsonObject map when EntriesOf(map) is { } entries:
                WriteMap(writer, entries, depth);
                break;
            case JsonArray list:
                WriteList(writer, list, depth);
                break;
            case JsonValue when node.GetValue<object>() is JsonElement or string or double or float:
                Write(writer, node.GetValue<object>(), depth);
                break;
            default:
                WriteRaw(writer, TextOf(writer, node), depth);
                break;
        }
    }

    /// <summary>Null for an object that was parsed from JSON with a name twice: it refuses to be looked into.</summary>
    private static List<KeyValuePair<string, object?>>? EntriesOf(JsonObject map)
    {
        try
        {
            return [.. map.Select(p => new KeyValuePair<string, object?>(p.Key, p.Value))];
        }
        catch (Exception exception)
            when (exception is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string TextOf(JsonWriter writer, JsonNode node)
    {
        try
        {
            return node.ToJsonString();
        }
        catch (Exception)
        {
            throw Refused(writer, "is a JsonNode that cannot be written as JSON");
        }
    }
}
