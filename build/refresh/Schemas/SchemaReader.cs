using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrqGenerated.Refresh;

/// <summary>
/// Reads a schema's own keywords, follows references, and combines schemas as far as the API's documents need it.
/// Anything else, such as a union of objects, is read as any value, with the reason in <see cref="Form.Unsupported"/>.
/// </summary>
internal sealed class SchemaReader(Upstream upstream)
{
    /// <summary>Keywords about how a value is used, not about the value itself.</summary>
    private static readonly string[] Annotations = ["readOnly", "writeOnly", "deprecated"];

    private static readonly string[] Combining = ["$ref", "allOf", "anyOf", "oneOf"];

    private static readonly string[] Shaping =
    [
        .. "type nullable format enum const minLength maxLength".Split(' '),
        .. "properties required additionalProperties items".Split(' '),
    ];

    /// <summary>
    /// Keywords that do not affect how a value is read or written. The server applies defaults, some of which are the
    /// time at which the document was built, and it alone checks limits other than lengths.
    /// </summary>
    private static readonly HashSet<string> WithoutEffect =
    [
        .. "title description default example examples externalDocs xml discriminator contentMediaType".Split(' '),
        .. "propertyNames pattern minimum maximum exclusiveMinimum exclusiveMaximum multipleOf".Split(' '),
        .. "minItems maxItems uniqueItems minProperties maxProperties".Split(' '),
    ];

    /// <summary>Formats for which NSwag would choose a .NET type that reads or writes something else.</summary>
    private static readonly string[] MisreadFormats =
    [
        .. "time duration time-span timespan binary enum regex double".Split(' '),
    ];

    private static readonly Regex Time = new(@"^\d{4}-\d\d-\d\dT|^/Date\(", RegexOptions.NonBacktracking);

    /// <summary>The named schemas. While one is being read: null if it is a reference, else any value.</summary>
    private readonly Dictionary<string, Form?> _named = new(StringComparer.Ordinal);

    /// <param name="place">Its name in an error.</param>
    public Form Read(JsonNode? schema, string place = "a schema")
    {
        if (schema is JsonValue && schema.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            return new(Kind.Any) { Unsupported = schema.GetValue<bool>() ? null : "the document allows no value" };

        var keywords =
            schema as JsonObject
            ?? throw new BadInputException($"{upstream.Name}: {place} has to be a mapping; is the document cut off?");
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new BadInputException($"{upstream.Name}: {place} is nested too deeply");

        var form = WithoutAnnotations(keywords);
        return form with { Annotations = [.. Annotations.Where(a => keywords.IsTrue(a) || form.Has(a))] };
    }

    private Form WithoutAnnotations(JsonObject schema)
    {
        var keywords = schema.Keys().Where(HasEffect).ToList();
        if (keywords.Find(k => !Shaping.Contains(k) && !Combining.Contains(k)) is { } unknown)
            return Form.Any($"it has {unknown}");

        if (keywords.Find(Combining.Contains) is not { } combining)
            return Own(schema);

        var isUnion = combining is "anyOf" or "oneOf";
        if (keywords.Exists(k => k != combining && !(isUnion && k == "format")))
            return Form.Any($"it has other keywords beside {combining}");

        return combining switch
        {
            "$ref" => Follow(schema.Text(combining) ?? ""),
            "allOf" => All(schema.List(combining)),
            _ => Union(combining, schema.List(combining).Select(m => Read(m)).ToList(), schema.Text("format")),
        };
    }

    private static bool HasEffect(string keyword) =>
        !WithoutEffect.Contains(keyword)
        && !Annotations.Contains(keyword)
        && !keyword.StartsWith("x-", StringComparison.Ordinal)
        && (!keyword.StartsWith('$') || keyword is "$ref" or "$dynamicRef");

    /// <summary>The only schema with an effect on the value, with the annotations of all.</summary>
    private Form All(IEnumerable<JsonNode?> schemas)
    {
        var members = schemas
            .Select(s => (Form: Read(s), HasEffect: s is not JsonObject keywords || keywords.Keys().Any(HasEffect)))
            .ToList();
        var all = members.FindAll(m => m.HasEffect) switch
        {
            [] => new Form(Kind.Any),
            [var (only, _)] => only,
            _ => Form.Any("its allOf has several members"),
        };
        return all with { Annotations = [.. members.SelectMany(m => m.Form.Annotations)] };
    }

    private Form Follow(string reference)
    {
        var (name, schema) = upstream.Resolve(reference);
        if (_named.TryGetValue(name, out var known))
        {
            return known
                ?? throw new BadInputException($"{upstream.Name}: the reference {reference} leads back to itself");
        }

        // Pet may be a union of Cat and Dog, which are both allOf Pet.
        _named[name] = schema.Get("$ref") is null ? Form.Any("it leads back to itself") : null;
        var target = Read(schema, $"the schema {name}");
        if (target.NeedsName || target.Unsupported is not null)
            target = target with { Component = target.Component ?? name };

        _named[name] = target;
        return target;
    }

    /// <summary>A value of one form, possibly null, or strings of several kinds.</summary>
    private static Form Union(string keyword, List<Form> members, string? format)
    {
        var forms = members.Where(m => m.Kind != Kind.Null).DistinctBy(m => m.Component ?? (object)m).ToList();
        var union = forms switch
        {
            [] => members.FirstOrDefault() ?? Form.Any($"its {keyword} lists nothing"),
            [var only] => only,
            _ when forms.TrueForAll(m => m.Kind == Kind.String) => UnionOfStrings(forms, format),
            _ => Form.Any(
                $"its {keyword} has {forms.Count} forms ({string.Join(", ", Sorted(forms.Select(f => f.Type)))})"
            ),
        };
        return union with
        {
            IsNullable = members.Exists(m => m.Kind == Kind.Null || m.IsNullable),
            Annotations = [.. Annotations.Where(a => forms.Count > 0 && forms.TrueForAll(f => f.Has(a)))],
        };
    }

    /// <summary>Dates in several formats become one date-time, enums one enum, and other strings a string.</summary>
    private static Form UnionOfStrings(List<Form> strings, string? format)
    {
        var areDates =
            strings.Exists(s => s.Format == "date-time")
            && strings.TrueForAll(s => s.Values.Count == 0 && (s.Format ?? format) is "date" or "date-time");
        var areEnums = strings.TrueForAll(s => s.Values.Count > 0);
        return new(Kind.String)
        {
            Format = areDates ? "date-time" : null,
            Values = areEnums ? Sorted(strings.SelectMany(s => s.Values)) : [],
        };
    }

    /// <summary>Reads a schema that combines no others, in the dialect of OpenAPI 3.0 or 3.1.</summary>
    private Form Own(JsonObject schema)
    {
        var types = schema
            .List("type")
            .Select(t => t?.ToString() ?? "null")
            .Concat(schema.Text("type") is { } type ? [type] : [])
            .ToHashSet(StringComparer.Ordinal);
        var allowed = schema.ContainsKey("const") ? [schema["const"]] : schema.List("enum").ToList();
        var isNullable =
            types.Remove("null") || schema.IsTrue("nullable") || (types.Count == 0 && allowed.Contains(null));
        var values = allowed.OfType<JsonNode>().ToList();
        var areStrings = values.TrueForAll(v => v.GetValueKind() == JsonValueKind.String);
        var kind =
            types.Count == 1 ? ParseKind(types.Single())
            : schema.ContainsKey("properties") || schema.ContainsKey("additionalProperties") ? Kind.Object
            : schema.ContainsKey("items") ? Kind.Array
            : areStrings && values.Count > 0 ? Kind.String
            : Kind.Any;
        if (Obstacle(schema, types, kind, values) is { } obstacle)
            return Form.Any(obstacle) with { IsNullable = isNullable };

        var form = new Form(kind) { IsNullable = isNullable, Format = FormatOf(kind, schema.Text("format")) };
        return kind switch
        {
            Kind.Any when isNullable && schema.ContainsKey("type") => form with { Kind = Kind.Null },
            Kind.String => form with
            {
                Values = areStrings ? Sorted(values.Select(v => v.ToString())) : [],
                MinLength = Length(schema["minLength"], atLeast: 1),
                MaxLength = Length(schema["maxLength"], atLeast: 0),
            },
            Kind.Array => form with { Items = schema["items"] },
            Kind.Object => form with
            {
                Properties = schema["properties"] as JsonObject,
                Required = [.. schema.List("required").Select(r => $"{r}")],
                Items =
                    schema["additionalProperties"] as JsonObject
                    ?? (schema.IsTrue("additionalProperties") ? new JsonObject() : null),
            },
            _ => form,
        };
    }

    /// <summary>Why the schema is read as any value, or null.</summary>
    private static string? Obstacle(JsonObject schema, HashSet<string> types, Kind kind, List<JsonNode> values)
    {
        var format = schema.Text("format");
        return types.Count > 1 ? $"its type is {string.Join(" or ", types.Order(StringComparer.Ordinal))}"
            : kind == Kind.Any && values.Count > 0 ? "its enum has values other than strings"
            : kind == Kind.Any && schema.ContainsKey("format") && !schema.ContainsKey("type")
                ? "it has a format, but no type"
            : kind is Kind.Integer or Kind.Number && format == "uint64" ? "its format is uint64"
            : kind == Kind.Number && format == "int64" ? "it is a number with the format int64"
            : values.Exists(v => Time.IsMatch(v.ToString()))
                ? "its enum contains a time, which NSwag would write differently"
            : schema["properties"] is not (null or JsonObject) ? "its properties are not a mapping"
            : schema.Map("properties").Keys().Any(Names.BreaksLines)
                ? "the name of a property contains a line break or a control character"
            : null;
    }

    private Kind ParseKind(string type) =>
        type is "string" or "integer" or "number" or "boolean" or "array" or "object"
            ? Enum.Parse<Kind>(type, ignoreCase: true)
            : throw new BadInputException(
                $"{upstream.Name}: '{type}' is not a type of JSON Schema; is the document cut off?"
            );

    /// <summary>Integers have 64 bits by default, and Base64 is bytes.</summary>
    private static string? FormatOf(Kind kind, string? format) =>
        kind switch
        {
            Kind.Integer => format == "int32" ? format : "int64",
            Kind.Number => format is "float" or "decimal" ? format : null,
            Kind.String when format == "base64" => "byte",
            Kind.String when !MisreadFormats.Contains(format) => format,
            _ => null,
        };

    private static int? Length(JsonNode? value, int atLeast) =>
        value is JsonValue number && number.TryGetValue<int>(out var length) && length >= atLeast ? length : null;

    private static List<string> Sorted(IEnumerable<string> values) =>
        [.. values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
