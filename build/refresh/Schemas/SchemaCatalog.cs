using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Whether a schema is sent or read.</summary>
internal enum Direction
{
    Request,
    Response,
}

/// <summary>
/// Writes schemas as our document has them, and collects those that need a C# type under one name each: the document's
/// own, or made of the operation and the properties that lead to it. A schema for requests and responses alike is two:
/// what is read-only is not sent, what is write-only is not read, and a response is not held to lengths.
/// </summary>
internal sealed class SchemaCatalog(
    SchemaReader reader,
    RefreshConfig config,
    HashSet<string> taken,
    List<string> notes
)
{
    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<(object Schema, Direction? Direction), string> _names = [];

    /// <summary>The published schemas without a name that are being written, and references to such.</summary>
    private readonly HashSet<object> _open = [];

    /// <summary>Every schema that has a name.</summary>
    public JsonObject Schemas => new(_schemas.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));

    /// <summary>The schema of this name, as far as it is written.</summary>
    public JsonObject? Find(string name) => _schemas.GetValueOrDefault(name);

    /// <summary>
    /// The schema to write where the published one is used; <paramref name="hint"/> names it if it needs a name.
    /// </summary>
    /// <param name="place">What to call it in a note.</param>
    public JsonObject Use(JsonNode? schema, string hint, string place, Direction direction)
    {
        schema ??= new JsonObject();
        var form = reader.Read(schema);
        var opened = schema.Text("$ref") ?? (object)schema;
        var isOpened = form.Component is null && _open.Add(opened);
        if (form.Component is null && !isOpened)
        {
            form = Form.Any("it contains itself");
        }

        if (form.Unsupported is not null)
        {
            var name = schema.Text("$ref") is { } reference ? "the schema " + reference.Split('/')[^1] : place;
            notes.Add($"{name} can be any value: {form.Unsupported}");
        }

        var used = form.NeedsName
            ? Reference(Named(form, hint, direction), form.IsNullable)
            : Inline(form, hint, place, direction);
        if (isOpened)
        {
            _open.Remove(opened);
        }

        foreach (var annotation in SchemaKeywords.Annotations.Where(form.Annotations.Contains))
        {
            used[annotation] = true;
        }

        return used;
    }

    /// <summary>The written schema for a place where null is not sent.</summary>
    public static JsonObject WithoutNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types[0]!.DeepClone();
        }

        return schema["oneOf"] is JsonArray orNull ? orNull[0]!.DeepClone().AsObject() : schema;
    }

    private static JsonObject Reference(string name, bool isNullable)
    {
        var reference = new JsonObject { ["$ref"] = Upstream.SchemaPrefix + name };

        // NSwag reads null beside a reference only in this form.
        return isNullable
            ? new JsonObject { ["oneOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) }
            : reference;
    }

    private JsonObject Inline(Form form, string hint, string place, Direction direction)
    {
        if (form.Kind is Kind.Any or Kind.Null)
        {
            return [];
        }

        var inline = Scalar(form, direction);
        if (form.IsNullable)
        {
            inline["type"] = new JsonArray(form.Type, "null");
        }

        if (form.Kind == Kind.Array)
        {
            inline["items"] = Use(form.Items, hint + "Item", "an item of " + place, direction);
        }
        else if (form.Kind == Kind.Object)
        {
            inline["additionalProperties"] = Use(form.Items, hint + "Value", "a value of " + place, direction);
        }

        return inline;
    }

    private static JsonObject Scalar(Form form, Direction direction)
    {
        var schema = new JsonObject { ["type"] = form.Type };
        schema.AddText("format", form.Format);
        if (form.Values.Count > 0)
        {
            schema["enum"] = form.Values.ToJsonArray();
        }

        foreach (var (name, length) in SchemaKeywords.Lengths.Zip([form.MinLength, form.MaxLength]))
        {
            if (length is not null && direction == Direction.Request)
            {
                schema[name] = length;
            }
        }

        return schema;
    }

    private string Named(Form form, string hint, Direction direction)
    {
        // Those without a name in the document are all different.
        var schema = form.Component ?? new object();
        Direction? side = form.Values.Count > 0 ? null : direction;
        if (_names.TryGetValue((schema, side), out var known))
        {
            return known;
        }

        // Responses are written first.
        var suffix = side == Direction.Request && _names.ContainsKey((schema, Direction.Response)) ? "Request" : "";
        var wanted = form.Component is null ? hint : Names.Pascal(form.Component) + suffix;
        var name = Names.Unique(Names.ForClass(wanted), taken);
        taken.Add(name + "Codec");
        _names[(schema, side)] = name;
        _schemas[name] = Body(form, name, direction);
        return name;
    }

    private JsonObject Body(Form form, string name, Direction direction)
    {
        var texts = config.Schemas[name];
        var ours = texts.Map("properties");
        var body = Scalar(form, direction);
        body.AddText("description", texts.Text("description"));
        if (form.Kind == Kind.Object)
        {
            AddProperties(body, form, name, direction, ours);
        }

        notes.AddUnused(ours, body.Map("properties").Keys(), $"{name} has no property");
        SchemaKeywords.Sort(body);
        return body;
    }

    private void AddProperties(JsonObject body, Form form, string name, Direction direction, JsonObject ours)
    {
        body["x-orq-direction"] = direction == Direction.Request ? "request" : "response";
        var skipped = direction == Direction.Request ? "readOnly" : "writeOnly";

        // Names do not depend on our order.
        var written = form.Properties!.Where(p =>
                !reader.Read(p.Value, $"{name}.{p.Key}").Annotations.Contains(skipped, StringComparer.Ordinal)
            )
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .ToDictionary(
                p => p.Key,
                p => Use(p.Value, name + Names.Pascal(p.Key), $"{name}.{p.Key}", direction),
                StringComparer.Ordinal
            );
        var keys = ours.Keys().Where(written.ContainsKey).Union(written.Keys, StringComparer.Ordinal).ToList();
        var required = keys.Intersect(form.Required, StringComparer.Ordinal).ToJsonArray();
        if (required.Count > 0)
        {
            body["required"] = required;
        }

        body["properties"] = new JsonObject(keys.Select(k => KeyValuePair.Create(k, (JsonNode?)written[k])));
        foreach (var key in keys)
        {
            AddTexts(written[key], ours[key], direction, $"{name}.{key}");
        }

        if (form.Items is not null)
        {
            // NSwag does not tell open objects from those that do not speak of other properties.
            body["x-additional-properties"] = true;
            body["additionalProperties"] = Use(form.Items, name + "Value", $"a further property of {name}", direction);
        }
    }

    /// <summary>
    /// Our texts, and lengths that the server is known to apply although the published document does not say so.
    /// </summary>
    private void AddTexts(JsonObject property, JsonNode? ours, Direction direction, string place)
    {
        property.AddText("description", ours.Text("description") ?? (ours as JsonValue)?.ToString());
        foreach (var keyword in SchemaKeywords.Lengths.Where(k => ours.Get(k) is not null))
        {
            if (direction == Direction.Request && property.Text("type") == "string")
            {
                property[keyword] = ours.Get(keyword)!.DeepClone();
            }
            else
            {
                notes.Add($"refresh.yaml: {place} is no text that is sent, so it has no {keyword}");
            }
        }

        if (ours.Get("examples") is { } examples)
        {
            property["examples"] = examples.DeepClone();
        }

        SchemaKeywords.Sort(property);
    }
}
