using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

internal static class JsonNodes
{
    /// <summary>The key's value; null if the node is not a mapping.</summary>
    public static JsonNode? Get(this JsonNode? node, string key) => (node as JsonObject)?[key];

    /// <summary>The key's value as a string; null for a mapping or a list.</summary>
    public static string? Text(this JsonNode? node, string key) => (node.Get(key) as JsonValue)?.ToString();

    /// <summary>The key's list; empty if it is not a list.</summary>
    public static IEnumerable<JsonNode?> List(this JsonNode? node, string key) => node.Get(key) as JsonArray ?? [];

    /// <summary>The key's mapping; empty if it is not a mapping.</summary>
    public static JsonObject Map(this JsonNode? node, string key) => node.Get(key) as JsonObject ?? [];

    /// <summary>The schema of a request body or a response; null for none.</summary>
    public static JsonNode? ContentSchema(this JsonNode? body) =>
        body.Map("content").FirstOrDefault().Value.Get("schema");

    /// <exception cref="FormatException">The value is a scalar other than true and false.</exception>
    public static bool IsTrue(this JsonNode? node, string key) =>
        node.Get(key) is JsonValue value
        && value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FormatException($"{key} is {value}, and not true or false"),
        };

    public static IEnumerable<string> Keys(this JsonObject mapping) => mapping.Select(p => p.Key);

    public static JsonArray ToJsonArray(this IEnumerable<string> strings) =>
        new([.. strings.Select(s => JsonValue.Create(s))]);

    /// <summary>Adds a value unless it is null, or an empty list or mapping.</summary>
    public static void AddIfAny(this JsonObject node, string key, JsonNode? value)
    {
        if (value is not (null or JsonArray { Count: 0 } or JsonObject { Count: 0 }))
            node[key] = value;
    }

    public static void AddFlag(this JsonObject node, string key, bool isSet)
    {
        if (isSet)
            node[key] = true;
    }

    /// <summary>Adds a note for each entry of refresh.yaml that matches nothing in the document.</summary>
    public static void AddUnused(
        this List<string> notes,
        IEnumerable<string> entries,
        IEnumerable<string> used,
        string what
    ) => notes.AddRange(entries.Except(used, StringComparer.Ordinal).Select(e => $"refresh.yaml: {what} {e}"));
}
