using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>A schema's keywords, by name.</summary>
internal sealed class SchemaKeywords(IEnumerable<KeyValuePair<string, JsonNode?>> keywords)
    : Dictionary<string, JsonNode?>(keywords, StringComparer.Ordinal)
{
    /// <summary>Keywords that say something about a use of a value and nothing about the value.</summary>
    public static readonly IReadOnlySet<string> Annotations = new HashSet<string>(
        StringComparer.Ordinal
    )
    {
        "readOnly",
        "writeOnly",
        "deprecated",
    };

    /// <summary>Keywords that change nothing in how a value is read or written.</summary>
    private static readonly HashSet<string> Texts =
    [
        "title",
        "description",
        "default",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "$comment",
        "$schema",
        "$id",
        "discriminator",
    ];

    /// <summary>Keywords whose members have no order.</summary>
    private static readonly HashSet<string> Sets =
    [
        "type",
        "enum",
        "required",
        "anyOf",
        "oneOf",
        "allOf",
    ];

    /// <summary>The order in which keywords are written.</summary>
    private static readonly string[] KeyOrder =
    [
        "$ref",
        "oneOf",
        "type",
        "format",
        "readOnly",
        "description",
        "enum",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "exclusiveMinimum",
        "maximum",
        "exclusiveMaximum",
        "multipleOf",
        "minItems",
        "maxItems",
        "uniqueItems",
        "minProperties",
        "maxProperties",
        "items",
        "required",
        "properties",
        "additionalProperties",
        "writeOnly",
        "deprecated",
        "examples",
    ];

    /// <summary>Where a keyword is written among others.</summary>
    public static int Rank(string keyword) => Array.IndexOf(KeyOrder, keyword);

    public bool IsTrue(string name) => this.GetValueOrDefault(name).IsTrue();

    public string? Text(string name) =>
        this.GetValueOrDefault(name) is JsonValue v ? v.ToString() : null;

    public static bool IsText(string keyword) =>
        Texts.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal);

    /// <summary>A published schema as text in which order, texts and defaults play no part.</summary>
    public static string Canonical(JsonNode? node) =>
        node is not JsonObject schema
            ? node?.ToJsonString() ?? "null"
            : "{"
                + string.Join(
                    ',',
                    schema
                        .Where(k => !IsText(k.Key))
                        .OrderBy(k => k.Key, StringComparer.Ordinal)
                        .Select(k => k.Key + ":" + Canonical(k.Key, k.Value))
                )
                + "}";

    private static string Canonical(string keyword, JsonNode? value) =>
        value switch
        {
            JsonArray set when Sets.Contains(keyword) => "["
                + string.Join(',', set.Select(Canonical).Order(StringComparer.Ordinal))
                + "]",
            JsonObject map when keyword is "properties" or "patternProperties" => "{"
                + string.Join(
                    ',',
                    map.OrderBy(p => p.Key, StringComparer.Ordinal)
                        .Select(p => p.Key + ":" + Canonical(p.Value))
                )
                + "}",
            _ => Canonical(value),
        };
}
