using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

internal static class JsonNodes
{
    /// <summary>The value of a key, null also when the node is no mapping.</summary>
    public static JsonNode? Get(this JsonNode? node, string key) => (node as JsonObject)?[key];

    /// <summary>The text of a key, null also when it holds no single value.</summary>
    public static string? Text(this JsonNode? node, string key) => (node.Get(key) as JsonValue)?.ToString();

    /// <summary>What a key lists, nothing also when it holds no list.</summary>
    public static IEnumerable<JsonNode?> List(this JsonNode? node, string key) => node.Get(key) as JsonArray ?? [];

    /// <summary>What a key maps to, nothing also when it holds no mapping.</summary>
    public static JsonObject Map(this JsonNode? node, string key) => node.Get(key) as JsonObject ?? [];

    /// <exception cref="FormatException">The key holds a single value that is neither true nor false.</exception>
    public static bool IsTrue(this JsonNode? node, string key) =>
        node.Get(key) is JsonValue value
        && value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new FormatException($"{key} is {value}, and not true or false"),
        };

    public static IEnumerable<string> Keys(this JsonObject mapping) => mapping.Select(p => p.Key);

    public static JsonArray ToJsonArray(this IEnumerable<string> texts) =>
        new([.. texts.Select(t => JsonValue.Create(t))]);

    /// <summary>Sets the key unless there is no text.</summary>
    public static void AddText(this JsonObject node, string key, string? text)
    {
        if (text is not null)
        {
            node[key] = text;
        }
    }

    /// <summary>Sets the key to true, or leaves it out.</summary>
    public static void AddFlag(this JsonObject node, string key, bool isSet)
    {
        if (isSet)
        {
            node[key] = true;
        }
    }

    /// <summary>A note for each text of refresh.yaml that is for nothing in the document.</summary>
    public static void AddUnused(
        this List<string> notes,
        IEnumerable<string> texts,
        IEnumerable<string> used,
        string what
    ) => notes.AddRange(texts.Except(used, StringComparer.Ordinal).Select(t => $"refresh.yaml: {what} {t}"));
}
