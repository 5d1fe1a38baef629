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

/// <summary>What a published schema allows. Nested schemas are still as published.</summary>
internal sealed record Form(Kind Kind)
{
    /// <summary>Why the schema is read as any value although it says more, or null.</summary>
    public string? Unsupported { get; init; }

    public bool IsNullable { get; init; }
    public IReadOnlyList<string> Annotations { get; init; } = [];
    public string? Format { get; init; }

    /// <summary>The values of an enum of strings, else empty.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    public int? MinLength { get; init; }
    public int? MaxLength { get; init; }

    /// <summary>The properties of an object; null if the document does not describe any.</summary>
    public JsonObject? Properties { get; init; }

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>The schema of an array's items or of an object's additional properties; null for none.</summary>
    public JsonNode? Items { get; init; }

    /// <summary>The name of exactly this schema in the document.</summary>
    public string? Component { get; init; }

    public string Type => Kind.ToString().ToLowerInvariant();

    public bool IsScalar => Kind is Kind.String or Kind.Integer or Kind.Number or Kind.Boolean;

    /// <summary>Whether it becomes a C# type.</summary>
    public bool NeedsName => Values.Count > 0 || Properties is { Count: > 0 };

    public bool Has(string annotation) => Annotations.Contains(annotation, StringComparer.Ordinal);

    public static Form Any(string because) => new(Kind.Any) { Unsupported = because };
}
