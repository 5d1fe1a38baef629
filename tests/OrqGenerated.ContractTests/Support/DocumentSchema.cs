using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;
using NJsonSchema;
using NJsonSchema.Validation;
using NJsonSchema.Validation.FormatValidators;
using NSwag;

namespace OrqGenerated.ContractTests.Support;

/// <summary>The direction of a body: a request has no readOnly properties, a response no writeOnly ones.</summary>
internal enum Direction
{
    Request,
    Response,
}

/// <summary>Checks values against the schemas of a document.</summary>
internal static class DocumentSchema
{
    private static readonly Regex SurrogatePair = new(@"[\ud800-\udbff][\udc00-\udfff]", RegexOptions.NonBacktracking);

    private static readonly Regex Capital = new("[A-Z]", RegexOptions.NonBacktracking);

    private static readonly Regex Rfc3339 = new(
        @"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    );

    private static readonly JsonSchemaValidatorSettings Settings = new();

    static DocumentSchema() =>
        Settings.FormatValidators = [
            .. Settings.FormatValidators.Where(format => format.Format != JsonFormatStrings.DateTime),
            new Rfc3339Validator(),
        ];

    /// <summary>The JSON in a body, with dates as strings; null if it is not JSON.</summary>
    public static JToken? Parse(byte[] body)
    {
        using var reader = new JsonTextReader(new StringReader(Encoding.UTF8.GetString(body)))
        {
            DateParseHandling = DateParseHandling.None,
        };
        try
        {
            var value = JToken.ReadFrom(reader);
            return reader.Read() ? null : value;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The values of a parameter as JSON of the type in its schema.</summary>
    public static JToken ParameterValue(OpenApiParameter parameter, string[] values)
    {
        var schema = parameter.ActualSchema;
        if (!schema.Type.HasFlag(JsonObjectType.Array))
            return Scalar(schema, string.Join(',', values));

        var isOnePerItem = parameter.Explode ?? parameter.Kind == OpenApiParameterKind.Query;
        var items = isOnePerItem ? values : values.SelectMany(value => value.Split(','));
        return new JArray(items.Select(item => Scalar(schema.Item?.ActualSchema ?? schema, item)));
    }

    /// <summary>Describes the violations of a value, each with its path.</summary>
    public static IEnumerable<string> Check(JsonSchema schema, JToken value, Direction direction)
    {
        schema = schema.ActualSchema;
        return schema
            .Validate(OneCharPerCodePoint(value), Settings)
            .Select(error => Describe(error, direction))
            .OfType<string>()
            .Concat(Misplaced(schema, value, direction));
    }

    private static JValue Scalar(JsonSchema schema, string text)
    {
        const JsonObjectType notText = JsonObjectType.Integer | JsonObjectType.Number | JsonObjectType.Boolean;
        return (schema.Type & notText) != JsonObjectType.None && Parse(Encoding.UTF8.GetBytes(text)) is JValue value
            ? value
            : new JValue(text);
    }

    // JSON Schema counts code points but NJsonSchema counts chars, so each code point becomes one char.
    private static JToken OneCharPerCodePoint(JToken value)
    {
        var copy = value.DeepClone();
        var values = copy is JContainer container ? container.Descendants() : [copy];
        foreach (var text in values.OfType<JValue>().Where(value => value.Type == JTokenType.String))
            text.Value = SurrogatePair.Replace((string)text!, "\ufffd");

        return copy;
    }

    private static string? Describe(ValidationError error, Direction direction)
    {
        var causes = Causes(error).Where(cause => !IsAllowedToBeMissing(cause, direction)).ToList();
        var kinds = causes.Select(cause => Humanize(cause.Kind)).Distinct(StringComparer.Ordinal);
        return causes.Count == 0 ? null : $"{causes[0].Path} {string.Join(" or ", kinds)}";
    }

    private static IEnumerable<ValidationError> Causes(ValidationError error) =>
        error switch
        {
            ChildSchemaValidationError children => children.Errors.Values.SelectMany(all => all).SelectMany(Causes),
            MultiTypeValidationError types => types.Errors.Values.SelectMany(all => all).SelectMany(Causes),
            _ => [error],
        };

    // A required property is required only in responses if it is readOnly, and only in requests if it is writeOnly.
    private static bool IsAllowedToBeMissing(ValidationError error, Direction direction) =>
        error is { Kind: ValidationErrorKind.PropertyRequired, Property: { } name }
        && error.Schema.ActualProperties.TryGetValue(name, out var property)
        && IsForOtherDirection(property, direction);

    private static bool IsForOtherDirection(JsonSchemaProperty property, Direction direction) =>
        direction == Direction.Request ? property.IsReadOnly : property.IsWriteOnly;

    // "StringTooLong" becomes "string too long".
    private static string Humanize(ValidationErrorKind kind) =>
        Capital.Replace($"{kind}", " $0").Trim().ToLowerInvariant();

    // Properties that the document does not name, or names for the other direction only.
    private static IEnumerable<string> Misplaced(JsonSchema schema, JToken value, Direction direction)
    {
        var schemas = WithParts(schema.ActualSchema).ToList();
        return value switch
        {
            JArray list => schemas
                .Where(one => one.Item is not null)
                .SelectMany(one => list.SelectMany(item => Misplaced(one.Item!, item, direction))),
            JObject map => map.Properties().SelectMany(property => Misplaced(schemas, property, direction)),
            _ => [],
        };
    }

    private static IEnumerable<string> Misplaced(List<JsonSchema> schemas, JProperty property, Direction direction)
    {
        var named = schemas
            .Select(schema => schema.Properties.TryGetValue(property.Name, out var found) ? found : null)
            .OfType<JsonSchemaProperty>()
            .ToList();
        if (named.Exists(declared => IsForOtherDirection(declared, direction)))
        {
            var only = direction == Direction.Request ? "read-only" : "write-only";
            return [$"#/{property.Path} is {only}"];
        }

        var others = schemas.Select(schema => schema.AdditionalPropertiesSchema).OfType<JsonSchema>().ToList();
        if (named.Count + others.Count > 0)
        {
            return named
                .DefaultIfEmpty(others.FirstOrDefault())
                .SelectMany(declared => Misplaced(declared!, property.Value, direction));
        }

        // An object for which the document names no property may hold any.
        return schemas.Exists(schema => schema.Properties.Count > 0)
            ? [$"#/{property.Path} is not named by the document"]
            : [];
    }

    private static IEnumerable<JsonSchema> WithParts(JsonSchema schema) =>
        schema
            .AllOf.Concat(schema.AnyOf)
            .Concat(schema.OneOf)
            .SelectMany(part => WithParts(part.ActualSchema))
            .Prepend(schema);

    // NJsonSchema's own validator accepts whatever .NET can parse, such as a date without a time.
    private sealed class Rfc3339Validator : IFormatValidator
    {
        public string Format => JsonFormatStrings.DateTime;

        public ValidationErrorKind ValidationErrorKind => ValidationErrorKind.DateTimeExpected;

        public bool IsValid(string value, JTokenType tokenType) =>
            Rfc3339.IsMatch(value)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
    }
}
