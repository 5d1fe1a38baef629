using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>How a schema of our document appears in the C# API.</summary>
internal static class CSharpSurface
{
    /// <summary>The type of a property, a parameter or a result.</summary>
    public static string Type(JsonNode schema, bool isRequired, Direction direction)
    {
        var type = TypeOf(schema);
        var nullable = IsNullable(schema);
        return (direction, isRequired) switch
        {
            _ when type == "object" => "object?",
            (Direction.Request, true) => "required " + type + (nullable ? "?" : ""),
            (Direction.Request, false) when nullable => $"Optional<{Settable(type)}?>",
            (_, true) when !nullable => type,
            _ => type + "?",
        };
    }

    public static bool IsNullable(JsonNode schema) =>
        schema["oneOf"] is not null || schema["type"] is JsonArray;

    /// <summary>The type without a word on null.</summary>
    public static string TypeOf(JsonNode schema)
    {
        if (Reference(schema) is { } name)
        {
            return name;
        }

        return (JsonType(schema), schema["format"]?.ToString()) switch
        {
            ("string", "date-time") => "DateTimeOffset",
            ("string", "date") => "DateOnly",
            ("string", "byte") => "byte[]",
            ("string", _) => "string",
            ("integer", _) => "long",
            ("number", "decimal") => "decimal",
            ("number", _) => "double",
            ("boolean", _) => "bool",
            ("array", _) => $"IReadOnlyList<{ElementOf(schema["items"])}>",
            ("object", _) =>
                $"IReadOnlyDictionary<string, {ElementOf(schema["additionalProperties"])}>",
            _ => "object",
        };
    }

    /// <summary>The JSON type besides null, or null when there is none.</summary>
    public static string? JsonType(JsonNode? schema) =>
        (schema.Get("type") is JsonArray types ? types[0] : schema.Get("type"))?.ToString();

    /// <summary>The name of the schema that is referred to, directly or beside null.</summary>
    public static string? Reference(JsonNode? schema) =>
        (schema.Text("$ref") ?? schema.List("oneOf").FirstOrDefault().Text("$ref"))?[
            Upstream.SchemaPrefix.Length..
        ];

    public static bool IsValueType(string type) =>
        type is "DateTimeOffset" or "DateOnly" or "long" or "double" or "decimal" or "bool";

    private static string ElementOf(JsonNode? schema) =>
        schema is null ? "object?" : Type(schema, isRequired: true, Direction.Response);

    /// <summary>C# converts no interface to another type implicitly, so <c>Optional</c> holds the class.</summary>
    private static string Settable(string type) =>
        type.Replace("IReadOnlyList<", "List<", StringComparison.Ordinal)
            .Replace("IReadOnlyDictionary<", "Dictionary<", StringComparison.Ordinal);
}
