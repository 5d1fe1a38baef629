using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

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

/// <summary>What a published schema says a value is; the schemas inside it are still as published.</summary>
internal sealed record Form(Kind Kind)
{
    /// <summary>Why the value can be anything although the document says more, or null.</summary>
    public string? Unsupported { get; init; }

    public bool IsNullable { get; init; }

    public IReadOnlyList<string> Annotations { get; init; } = [];

    public string? Format { get; init; }

    /// <summary>The values of an enum of strings, else empty.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public int? MinLength { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>The properties of an object; null if the document does not speak of them.</summary>
    public JsonObject? Properties { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>
    /// The schema of an array's items, or of an object's properties that are not named; null for none.
    /// </summary>
    public JsonNode? Items { get; init; }

    /// <summary>The name under which the document holds exactly this schema.</summary>
    public string? Component { get; init; }

    /// <summary>The kind as JSON Schema writes it.</summary>
    public string Type => Kind.ToString().ToLowerInvariant();

    public bool IsScalar => Kind is Kind.String or Kind.Integer or Kind.Number or Kind.Boolean;

    /// <summary>Whether C# needs a type of its own for it.</summary>
    public bool NeedsName => Values.Count > 0 || Properties is { Count: > 0 };

    public bool Has(string annotation) => Annotations.Contains(annotation, StringComparer.Ordinal);

    public static Form Any(string because) => new(Kind.Any) { Unsupported = because };
}
