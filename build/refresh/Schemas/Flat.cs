using System.Collections.ObjectModel;
using System.Text;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>What a value is; <see cref="Any"/> when a document allows unlike things.</summary>
internal enum Kind
{
    Any,
    Null,
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}

/// <summary>
/// A schema after the rules: one kind, its own keywords, and the schemas inside it still as they were published.
/// </summary>
internal sealed record Flat(Kind Kind)
{
    /// <summary>Whether null is allowed; null where the schema does not speak of types at all.</summary>
    public bool? Nullable { get; init; }

    /// <summary>The keywords that hold plain values: <c>format</c>, <c>enum</c>, limits, annotations.</summary>
    public IReadOnlyDictionary<string, JsonNode> Keywords { get; init; } =
        ReadOnlyDictionary<string, JsonNode>.Empty;

    public IReadOnlyDictionary<string, JsonNode> Properties { get; init; } =
        ReadOnlyDictionary<string, JsonNode>.Empty;

    public IReadOnlySet<string> Required { get; init; } = ReadOnlySet<string>.Empty;

    /// <summary>The schema of an array's items, null when it has none.</summary>
    public JsonNode? Items { get; init; }

    /// <summary>The schema of properties without a name of their own, null when they are not spoken of.</summary>
    public JsonNode? Values { get; init; }

    /// <summary>The name under which the document holds this very schema.</summary>
    public string? Component { get; init; }

    /// <summary>Whether several schemas were merged into this one, so that it stands nowhere in the document.</summary>
    public bool IsMerged { get; init; }

    /// <summary>The kind as JSON Schema writes it.</summary>
    public string TypeName => Kind.ToString().ToLowerInvariant();

    public bool IsEnum => Kind == Kind.String && Keywords.ContainsKey("enum");

    /// <summary>Whether C# needs a type of its own for it.</summary>
    public bool NeedsName => IsEnum || (Kind == Kind.Object && Properties.Count > 0);

    /// <summary>The same text for schemas that mean the same, however they are written down.</summary>
    public string Key()
    {
        if (Component is not null)
        {
            return Component;
        }

        var key = new StringBuilder().Append(Kind);
        foreach (
            var (name, value) in Keywords
                .Where(k => !SchemaKeywords.Annotations.Contains(k.Key))
                .OrderBy(k => k.Key, StringComparer.Ordinal)
        )
        {
            key.Append('|').Append(name).Append('=').Append(value.ToJsonString());
        }

        foreach (var (name, schema) in Properties.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            key.Append(Required.Contains(name) ? "|!" : "|?")
                .Append(name)
                .Append(':')
                .Append(SchemaKeywords.Canonical(schema));
        }

        key.Append("|items:").Append(Items is null ? "" : SchemaKeywords.Canonical(Items));
        return key.Append("|values:")
            .Append(Values is null ? "" : SchemaKeywords.Canonical(Values))
            .ToString();
    }
}
