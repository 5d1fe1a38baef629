namespace OrqGenerated.Refresh;

/// <summary>The keywords of JSON Schema that bound a value.</summary>
internal static class LimitKeywords
{
    /// <summary>A higher one allows less.</summary>
    public static readonly string[] Lower =
    [
        "minLength",
        "minItems",
        "minProperties",
        "minimum",
        "exclusiveMinimum",
    ];

    /// <summary>A lower one allows less.</summary>
    public static readonly string[] Upper =
    [
        "maxLength",
        "maxItems",
        "maxProperties",
        "maximum",
        "exclusiveMaximum",
    ];

    public static readonly string[] All = [.. Lower, .. Upper, "multipleOf"];

    /// <summary>Those of numbers.</summary>
    public static readonly string[] OfNumbers =
    [
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
    ];
}
