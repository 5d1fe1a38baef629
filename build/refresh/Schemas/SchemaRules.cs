using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>
/// The rules that one schema's own keywords go through, each a small function from keywords to keywords. How several
/// schemas become one is in <see cref="SchemaMerging"/>.
/// </summary>
internal static class SchemaRules
{
    private static readonly string[] Types =
    [
        "array",
        "boolean",
        "integer",
        "null",
        "number",
        "object",
        "string",
    ];

    private static readonly Dictionary<Kind, string[]> Known = new()
    {
        [Kind.String] = ["format", "enum", "minLength", "maxLength", "pattern"],
        [Kind.Integer] = ["format", .. LimitKeywords.OfNumbers],
        [Kind.Number] = ["format", .. LimitKeywords.OfNumbers],
        [Kind.Array] = ["minItems", "maxItems", "uniqueItems"],
        [Kind.Object] = ["minProperties", "maxProperties"],
        [Kind.Any] = ["format"],
    };

    /// <summary>Formats that a generator would turn into a .NET type that reads or writes something else.</summary>
    private static readonly HashSet<string> MisreadFormats =
    [
        "time",
        "duration",
        "time-span",
        "timespan",
        "binary",
        "enum",
        "regex",
        "double",
    ];

    /// <summary>One schema's own keywords, without what <c>allOf</c>, <c>anyOf</c>, <c>oneOf</c> and <c>$ref</c> add.</summary>
    public static Flat Apply(IEnumerable<KeyValuePair<string, JsonNode?>> schema)
    {
        var keywords = new SchemaKeywords(schema);
        DropTextsAndDefaults(keywords);
        NullableKeywordBecomesNullType(keywords);
        ConstBecomesEnum(keywords);
        var nullable = TakeNull(keywords);
        SeveralTypesBecomeAny(keywords);
        EnumIsOfStrings(keywords);
        var speaksOfType = keywords.ContainsKey("type");
        TypeIsInferred(keywords);
        BooleanBoundsBecomeNumbers(keywords);
        FormatsFitTheType(keywords);
        LimitsWithoutEffectAreDropped(keywords);
        return ToFlat(keywords) with
        {
            Nullable =
                nullable ? true
                : speaksOfType ? false
                : null,
        };
    }

    /// <summary>Texts are ours. A default is applied by the server, and some are the moment the document was built.</summary>
    internal static void DropTextsAndDefaults(SchemaKeywords keywords)
    {
        foreach (var name in keywords.Keys.Where(k => SchemaKeywords.IsText(k)).ToList())
        {
            keywords.Remove(name);
        }
    }

    /// <summary><c>nullable: true</c> of OpenAPI 3.0 says what 3.1 says with <c>type: [..., "null"]</c>.</summary>
    internal static void NullableKeywordBecomesNullType(SchemaKeywords keywords)
    {
        if (keywords.IsTrue("nullable") && TypesOf(keywords) is { Length: > 0 } types)
        {
            keywords["type"] = new JsonArray([.. types, "null"]);
        }
    }

    /// <summary><c>const: x</c> is an enum of one.</summary>
    internal static void ConstBecomesEnum(SchemaKeywords keywords)
    {
        if (keywords.Remove("const", out var value))
        {
            keywords["enum"] = new JsonArray(value?.DeepClone());
        }
    }

    /// <summary>Null among types or enum values is taken out and told apart.</summary>
    internal static bool TakeNull(SchemaKeywords keywords)
    {
        var nullable = keywords.IsTrue("nullable");
        keywords.Remove("nullable");
        var types = TypesOf(keywords);
        if (types.Contains("null"))
        {
            nullable = true;
            keywords["type"] = types.All(t => t == "null")
                ? "null"
                : new JsonArray([.. types.Where(t => t != "null")]);
        }

        if (keywords.GetValueOrDefault("enum") is JsonArray values && values.Any(v => v is null))
        {
            nullable = nullable || types.Length == 0;
            keywords["enum"] = new JsonArray([
                .. values.Where(v => v is not null).Select(v => v!.DeepClone()),
            ]);
            if (values.All(v => v is null))
            {
                keywords["type"] = "null";
            }
        }

        return nullable;
    }

    /// <summary>A value of several types is any value; whole numbers and numbers together are numbers.</summary>
    internal static void SeveralTypesBecomeAny(SchemaKeywords keywords)
    {
        var types = TypesOf(keywords)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        switch (types)
        {
            case []:
                keywords.Remove("type");
                break;
            case [var only]:
                keywords["type"] = only;
                break;
            case ["integer", "number"]:
                keywords["type"] = "number";
                break;
            default:
                foreach (
                    var name in keywords
                        .Keys.Where(k => !SchemaKeywords.Annotations.Contains(k))
                        .ToList()
                )
                {
                    keywords.Remove(name);
                }

                break;
        }
    }

    /// <summary>An enum of strings is a set, kept in one order; an enum of anything else is its plain type.</summary>
    internal static void EnumIsOfStrings(SchemaKeywords keywords)
    {
        if (!keywords.Remove("enum", out var node) || node is not JsonArray { Count: > 0 } values)
        {
            return;
        }

        var kinds = values
            .Select(v =>
                v!.GetValueKind() == JsonValueKind.False ? JsonValueKind.True : v.GetValueKind()
            )
            .Distinct()
            .ToArray();
        if (kinds is [JsonValueKind.String] && keywords.Text("type") is null or "string")
        {
            keywords["type"] = "string";
            keywords["enum"] = new JsonArray([
                .. values
                    .Select(v => v!.ToString())
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal)
                    .Select(v => JsonValue.Create(v)),
            ]);
        }
        else if (!keywords.ContainsKey("type") && kinds is [var kind])
        {
            keywords["type"] = kind switch
            {
                JsonValueKind.True => "boolean",
                JsonValueKind.Array => "array",
                JsonValueKind.Object => "object",
                _ => values.All(v => !v!.ToJsonString().Contains('.', StringComparison.Ordinal))
                    ? "integer"
                    : "number",
            };
        }
    }

    /// <summary>A schema without a type has the one that its keywords speak of.</summary>
    internal static void TypeIsInferred(SchemaKeywords keywords)
    {
        if (keywords.ContainsKey("type"))
        {
            return;
        }

        string[] objects =
        [
            "properties",
            "additionalProperties",
            "patternProperties",
            "required",
            "minProperties",
            "maxProperties",
        ];
        string[] arrays = ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"];
        string[] strings = ["minLength", "maxLength", "pattern", "contentEncoding"];
        if (objects.Any(keywords.ContainsKey))
        {
            keywords["type"] = "object";
        }
        else if (arrays.Any(keywords.ContainsKey))
        {
            keywords["type"] = "array";
        }
        else if (
            strings.Any(keywords.ContainsKey)
            || keywords.Text("format")
                is "date-time"
                    or "date"
                    or "byte"
                    or "email"
                    or "uri"
                    or "uuid"
        )
        {
            keywords["type"] = "string";
        }
    }

    /// <summary><c>exclusiveMinimum: true</c> of OpenAPI 3.0 turns <c>minimum</c> into an exclusive one.</summary>
    internal static void BooleanBoundsBecomeNumbers(SchemaKeywords keywords)
    {
        foreach (
            var (exclusive, inclusive) in (ReadOnlySpan<(string, string)>)
                [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")]
        )
        {
            if (
                keywords.GetValueOrDefault(exclusive) is JsonValue value
                && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            )
            {
                keywords.Remove(exclusive);
                if (
                    value.GetValueKind() == JsonValueKind.True
                    && keywords.Remove(inclusive, out var bound)
                )
                {
                    keywords[exclusive] = bound;
                }
            }
        }
    }

    /// <summary>Formats mean what they say: integers are 64 bits wide unless said otherwise, Base64 is bytes.</summary>
    internal static void FormatsFitTheType(SchemaKeywords keywords)
    {
        var format = keywords.Text("format");
        var fitting = (keywords.Text("type"), format) switch
        {
            ("integer", "int32") => "int32",
            ("integer", _) => "int64",
            ("number", "float" or "decimal") => format,
            ("number" or "boolean" or "object" or "array", _) => null,
            ("string", "base64") => "byte",
            ("string", null) when keywords.Text("contentEncoding") == "base64" => "byte",
            (_, not null) when MisreadFormats.Contains(format) => null,
            _ => format,
        };
        keywords.Remove("format");
        if (fitting is not null)
        {
            keywords["format"] = fitting;
        }
    }

    /// <summary>
    /// A limit that allows everything is none, and so is one beyond the numbers that a generator reads. A number in quotes
    /// is a number.
    /// </summary>
    internal static void LimitsWithoutEffectAreDropped(SchemaKeywords keywords)
    {
        foreach (var name in LimitKeywords.All.Where(keywords.ContainsKey))
        {
            keywords.Remove(name, out var value);
            if (
                value is JsonValue
                && Scalars.Plain(value.ToString()) is { } number
                && HasEffect(name, number)
            )
            {
                keywords[name] = number;
            }
        }
    }

    private static bool HasEffect(string limit, JsonNode number) =>
        number.GetValueKind() == JsonValueKind.Number
        && double.Parse(number.ToJsonString(), CultureInfo.InvariantCulture) is var value
        && limit switch
        {
            "minLength" or "minItems" or "minProperties" => value > 0,
            "maxLength" or "maxItems" or "maxProperties" => value is >= 0 and <= int.MaxValue,
            _ => Math.Abs(value) <= (double)decimal.MaxValue,
        };

    private static bool IsWellFormed(SchemaKeywords keywords, string name) =>
        keywords.GetValueOrDefault(name) switch
        {
            JsonArray => name == "enum",
            JsonValue value => LimitKeywords.All.Contains(name)
                || value.GetValueKind()
                    == (name is "format" or "pattern" ? JsonValueKind.String : JsonValueKind.True),
            _ => false,
        };

    private static Flat ToFlat(SchemaKeywords keywords)
    {
        var kind = keywords.Text("type") is { } type
            ? Enum.Parse<Kind>(type, ignoreCase: true)
            : Kind.Any;
        var kept = Known.GetValueOrDefault(kind, []).Concat(SchemaKeywords.Annotations);
        var open = keywords.GetValueOrDefault("additionalProperties");
        return new Flat(kind)
        {
            Keywords = kept.Where(k => IsWellFormed(keywords, k))
                .ToDictionary(k => k, k => keywords[k]!, StringComparer.Ordinal),
            Properties =
                kind == Kind.Object
                && keywords.GetValueOrDefault("properties") is JsonObject properties
                    ? properties
                        .Where(p => p.Value?.GetValueKind() != JsonValueKind.False)
                        .ToDictionary(
                            p => p.Key,
                            p =>
                                p.Value
                                ?? throw new BadInputException(
                                    $"the property {p.Key} has no schema; is the document cut off?"
                                ),
                            StringComparer.Ordinal
                        )
                    : ReadOnlyDictionary<string, JsonNode>.Empty,
            Required = keywords.GetValueOrDefault("required") is JsonArray required
                ? required.Select(r => r?.ToString() ?? "").ToHashSet(StringComparer.Ordinal)
                : ReadOnlySet<string>.Empty,
            Items = kind == Kind.Array ? keywords.GetValueOrDefault("items") : null,
            Values =
                kind != Kind.Object ? null
                : open is JsonObject ? open
                : keywords.IsTrue("additionalProperties")
                || keywords.ContainsKey("patternProperties")
                    ? new JsonObject()
                : null,
        };
    }

    private static string[] TypesOf(SchemaKeywords keywords)
    {
        string[] types = keywords.GetValueOrDefault("type") switch
        {
            JsonArray array => [.. array.Select(t => t?.ToString() ?? "null")],
            JsonValue value => [value.ToString()],
            _ => [],
        };
        return types.FirstOrDefault(t => !Types.Contains(t)) is { } unknown
            ? throw new BadInputException(
                $"'{unknown}' is not a type of JSON Schema; is the document cut off?"
            )
            : types;
    }
}
