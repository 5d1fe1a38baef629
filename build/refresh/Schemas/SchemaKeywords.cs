using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>The keywords of JSON Schema and OpenAPI, by what this program does with them.</summary>
internal static class SchemaKeywords
{
    /// <summary>They say something about a use of a value and nothing about the value.</summary>
    public static readonly string[] Annotations = ["readOnly", "writeOnly", "deprecated"];

    /// <summary>They combine schemas.</summary>
    public static readonly string[] Combining = ["$ref", "allOf", "anyOf", "oneOf"];

    /// <summary>What a client checks before it sends a string; published schemas bound other values, too.</summary>
    public static readonly string[] Lengths = ["minLength", "maxLength"];

    /// <summary>They shape a value, and this program reads them.</summary>
    private static readonly HashSet<string> Shapes = Words(
        "type nullable format enum const properties required additionalProperties items"
    );

    /// <summary>
    /// They change nothing about how a value is read or written. A default is applied by the server, and some are the
    /// time at which the document was built. Limits other than lengths are checked by the server alone.
    /// </summary>
    private static readonly HashSet<string> WithoutEffect = Words(
        """
        title description default example examples externalDocs xml discriminator contentMediaType propertyNames pattern
        minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minItems maxItems uniqueItems minProperties
        maxProperties
        """
    );

    public static bool HasEffect(string keyword) =>
        !WithoutEffect.Contains(keyword)
        && !keyword.StartsWith("x-", StringComparison.Ordinal)
        && (!keyword.StartsWith('$') || keyword is "$ref" or "$dynamicRef");

    public static bool SaysMoreThanAnnotations(JsonNode? schema) =>
        schema is not JsonObject keywords || keywords.Keys().Any(k => HasEffect(k) && !Annotations.Contains(k));

    public static bool IsRead(string keyword) =>
        new[] { Combining, Annotations, Lengths }.Any(k => k.Contains(keyword)) || Shapes.Contains(keyword);

    /// <summary>Whether a reference or a union means the same with the keyword beside it.</summary>
    public static bool CanStandBeside(string keyword) => Annotations.Contains(keyword) || keyword == "format";

    private static HashSet<string> Words(string words) =>
        [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
