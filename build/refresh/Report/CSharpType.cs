using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>The C# types of our schemas, as the templates in build/templates write them.</summary>
internal static class CSharpType
{
    public static string OfProperty(JsonNode? schema, bool isRequired, bool isSent)
    {
        var type = Of(schema, isRequired);
        return isRequired ? "required " + type
            : isSent && IsNullable(schema) ? $"Optional<{Settable(type)}>"
            : type;
    }

    /// <param name="isRequired">Whether the value is always present.</param>
    public static string Of(JsonNode? schema, bool isRequired = true)
    {
        var type = Plain(schema);
        return !isRequired || IsNullable(schema) || type == "object" ? type + "?" : type;
    }

    /// <summary>The JSON type besides null.</summary>
    public static string? JsonType(JsonNode? schema) =>
        schema.Text("type") ?? schema.List("type").FirstOrDefault()?.ToString();

    private static bool IsNullable(JsonNode? schema) =>
        schema.Get("oneOf") is not null || schema.Get("type") is JsonArray;

    private static string Plain(JsonNode? schema)
    {
        var reference = schema.Text("$ref") ?? schema.List("oneOf").FirstOrDefault().Text("$ref");
        return (JsonType(schema), schema.Text("format")) switch
        {
            _ when reference is not null => reference.Split('/')[^1],
            ("string", "date-time") => "DateTimeOffset",
            ("string", "date") => "DateOnly",
            ("string", "byte") => "byte[]",
            ("string", _) => "string",
            ("integer", _) => "long",
            ("number", "decimal") => "decimal",
            ("number", _) => "double",
            ("boolean", _) => "bool",
            ("array", _) => $"IReadOnlyList<{Of(schema.Get("items"))}>",
            ("object", _) => $"IReadOnlyDictionary<string, {Of(schema.Get("additionalProperties"))}>",
            _ => "object",
        };
    }

    /// <summary>C# has no implicit conversion from an interface, so <c>Optional</c> contains the class.</summary>
    private static string Settable(string type) =>
        type.StartsWith("IReadOnly", StringComparison.Ordinal) ? type["IReadOnly".Length..] : type;
}
