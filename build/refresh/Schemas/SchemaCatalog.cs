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
    /// <summary>Of schemas inside each other; more would overflow the stack.</summary>
    private const int MaxDepth = 200;

    private readonly SortedDictionary<string, JsonObject> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<(object Schema, Direction? Direction), string> _names = [];

    /// <summary>The named lists and maps that are being written, up to the type around them.</summary>
    private HashSet<string> _open = [];

    private int _depth;

    /// <summary>Every schema that has a name.</summary>
    public JsonObject Schemas => new(_schemas.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value)));

    /// <summary>The schema of this name, as far as it is written.</summary>
    public JsonObject? Find(string name) => _schemas.GetValueOrDefault(name);

    /// <summary>
    /// The schema to write where the published one is used; <paramref name="hint"/> names it if it needs a name.
    /// </summary>
    /// <param name="place">What to call it in a note.</param>
    public JsonObject Use(JsonNode? schema, string hint, string place, Direction direction, PropertyTexts? ours = null)
    {
        schema ??= new JsonObject();
        var form = reader.Read(schema);
        if (++_depth > MaxDepth)
        {
            var what = schema.Text("$ref") ?? place;
            throw new BadInputException($"{what} lies inside more than {MaxDepth} other schemas");
        }

        var reference = form.NeedsName ? "" : schema.Text("$ref") ?? "";
        if (reference.Length > 0 && !_open.Add(reference))
        {
            form = Form.Any("it contains itself") with { Component = reference.Split('/')[^1] };
            reference = "";
        }

        if (form.Unsupported is not null)
        {
            var what = form.Component is null ? place : $"the schema {form.Component}";
            notes.Add($"{what} can be any value: {form.Unsupported}");
        }

        var used = form.NeedsName ? Reference(Named(form, hint, direction), form.IsNullable) : Typed(form);
        used.AddFlag("readOnly", form.Has("readOnly"));
        used.AddText("description", ours?.Description);
        AddLengths(used, form, place, direction, ours);
        if (form.Kind == Kind.Array)
        {
            used["items"] = Use(form.Items, hint + "Item", "an item of " + place, direction);
        }
        else if (form is { Kind: Kind.Object, NeedsName: false })
        {
            used["additionalProperties"] = Use(form.Items, hint + "Value", "a value of " + place, direction);
        }

        used.AddFlag("writeOnly", form.Has("writeOnly"));
        used.AddFlag("deprecated", form.Has("deprecated"));
        if (ours?.Examples is { } examples)
        {
            used["examples"] = examples.DeepClone();
        }

        _open.Remove(reference);
        _depth--;
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

    private static JsonObject Typed(Form form)
    {
        var typed = new JsonObject();
        if (form.Kind is not (Kind.Any or Kind.Null))
        {
            typed["type"] = form.IsNullable ? new JsonArray(form.Type, "null") : form.Type;
        }

        typed.AddText("format", form.Format);
        return typed;
    }

    private void AddLengths(JsonObject used, Form form, string place, Direction direction, PropertyTexts? ours)
    {
        var isChecked = direction == Direction.Request && form is { Kind: Kind.String, NeedsName: false };
        (string Keyword, int? Ours, int? Published)[] lengths =
        [
            ("minLength", ours?.MinLength, form.MinLength),
            ("maxLength", ours?.MaxLength, form.MaxLength),
        ];
        foreach (var (keyword, known, published) in lengths)
        {
            if (isChecked && (known ?? published) is { } length)
            {
                used[keyword] = length;
            }
            else if (known is not null)
            {
                notes.Add($"refresh.yaml: {place} is no text that is sent, so it has no {keyword}");
            }
        }
    }

    private string Named(Form form, string hint, Direction direction)
    {
        // One without a name in the document is another one wherever it is written, an enum wherever it is used.
        var schema = form.Component ?? (object?)form.Properties ?? new object();
        Direction? side = form.Values.Count > 0 ? null : direction;
        if (_names.TryGetValue((schema, side), out var known))
        {
            return known;
        }

        // Responses are written first.
        var suffix = side == Direction.Request && _names.ContainsKey((schema, Direction.Response)) ? "Request" : "";
        var wanted = form.Component is null ? hint : Names.Pascal(form.Component) + suffix;
        var name = Names.ForClass(wanted, taken);
        _names[(schema, side)] = name;
        var open = _open;
        _open = [];
        _schemas[name] = Body(form, name, direction);
        _open = open;
        return name;
    }

    private JsonObject Body(Form form, string name, Direction direction)
    {
        var texts = config.Schemas.GetValueOrDefault(name) ?? new();
        var body = new JsonObject { ["type"] = form.Type };
        if (form.Kind == Kind.Object)
        {
            body["x-orq-direction"] = direction == Direction.Request ? "request" : "response";
        }

        body.AddText("description", texts.Description);
        if (form.Kind == Kind.Object)
        {
            AddProperties(body, form, name, direction, texts.Properties);
        }
        else
        {
            body["enum"] = form.Values.ToJsonArray();
        }

        notes.AddUnused(texts.Properties.Keys, body.Map("properties").Keys(), $"{name} has no property");
        return body;
    }

    private void AddProperties(
        JsonObject body,
        Form form,
        string name,
        Direction direction,
        OrderedDictionary<string, PropertyTexts?> ours
    )
    {
        var skipped = direction == Direction.Request ? "readOnly" : "writeOnly";

        // Names do not depend on our order.
        var written = form.Properties!.Where(p => !reader.Read(p.Value, $"{name}.{p.Key}").Has(skipped))
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .ToDictionary(
                p => p.Key,
                p =>
                    Use(
                        p.Value,
                        name + Names.Pascal(p.Key),
                        $"{name}.{p.Key}",
                        direction,
                        ours.GetValueOrDefault(p.Key)
                    ),
                StringComparer.Ordinal
            );
        var keys = ours.Keys.Where(written.ContainsKey).Union(written.Keys, StringComparer.Ordinal).ToList();
        if (direction == Direction.Request && form.Items is null)
        {
            notes.AddRange(
                form.Required.Where(r => !form.Properties!.ContainsKey(r))
                    .Select(r => $"{name} cannot hold {r}, which it requires: the document does not say what it is")
            );
        }

        var required = keys.Intersect(form.Required, StringComparer.Ordinal).ToJsonArray();
        if (required.Count > 0)
        {
            body["required"] = required;
        }

        body["properties"] = new JsonObject(keys.Select(k => KeyValuePair.Create(k, (JsonNode?)written[k])));
        if (form.Items is not null)
        {
            // NSwag does not tell open objects from those that do not speak of other properties.
            body["x-additional-properties"] = true;
            body["additionalProperties"] = Use(form.Items, name + "Value", $"a further property of {name}", direction);
        }
    }
}
