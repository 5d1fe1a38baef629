using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

internal enum Direction
{
    Request,
    Response,
}

/// <summary>
/// Writes schemas for our document, and collects those that become C# types, each under one name: the document's own,
/// or one derived from the operation and the properties that lead to it. A schema used in requests and responses is
/// written twice: requests have no read-only properties, and responses no write-only ones and no lengths.
/// </summary>
internal sealed class SchemaCatalog(
    SchemaReader reader,
    RefreshConfig config,
    HashSet<string> taken,
    List<string> notes
)
{
    /// <summary>Of nested schemas; more would overflow the stack.</summary>
    private const int MaxDepth = 200;

    private readonly SortedDictionary<string, JsonNode?> _schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<(object Schema, Direction? Direction), string> _names = [];

    /// <summary>The named lists and maps being written, within the innermost type.</summary>
    private HashSet<string> _open = [];

    private int _depth;

    public JsonObject Schemas => new(_schemas);

    public JsonNode? Find(string name) => _schemas.GetValueOrDefault(name);

    /// <summary>The schema to write where the published one is used.</summary>
    /// <param name="hint">The name of its C# type, if it becomes one and has no name yet.</param>
    /// <param name="place">Its name in notes.</param>
    public JsonObject Use(JsonNode? schema, string hint, string place, Direction direction, PropertyConfig? ours = null)
    {
        schema ??= new JsonObject();
        var form = reader.Read(schema);
        if (++_depth > MaxDepth)
        {
            throw new BadInputException(
                $"{schema.Text("$ref") ?? place} is nested inside more than {MaxDepth} other schemas"
            );
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
        used.AddIfAny("description", ours?.Description);
        if (direction == Direction.Request && form is { Kind: Kind.String, NeedsName: false })
        {
            used.AddIfAny("minLength", ours?.MinLength ?? form.MinLength);
            used.AddIfAny("maxLength", ours?.MaxLength ?? form.MaxLength);
        }
        else if ((ours?.MinLength ?? ours?.MaxLength) is not null)
        {
            notes.Add($"refresh.yaml: {place} is not a string in a request, so it has no lengths");
        }

        if (form.Kind == Kind.Array)
            used["items"] = Use(form.Items, hint + "Item", "an item of " + place, direction);
        else if (form is { Kind: Kind.Object, NeedsName: false })
            used["additionalProperties"] = Use(form.Items, hint + "Value", "a value of " + place, direction);

        used.AddFlag("writeOnly", form.Has("writeOnly"));
        used.AddFlag("deprecated", form.Has("deprecated"));
        used.AddIfAny("examples", ours?.Examples?.DeepClone());
        _open.Remove(reference);
        _depth--;
        return used;
    }

    public static JsonObject WithoutNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
            schema["type"] = types[0]!.DeepClone();

        return schema["oneOf"] is JsonArray orNull ? orNull[0]!.DeepClone().AsObject() : schema;
    }

    private static JsonObject Reference(string name, bool isNullable)
    {
        var reference = new JsonObject { ["$ref"] = Upstream.SchemaPrefix + name };

        // The only form of a nullable reference that NSwag understands.
        return isNullable
            ? new JsonObject { ["oneOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) }
            : reference;
    }

    private static JsonObject Typed(Form form)
    {
        var typed = new JsonObject();
        if (form.Kind is not (Kind.Any or Kind.Null))
            typed["type"] = form.IsNullable ? new JsonArray(form.Type, "null") : form.Type;

        typed.AddIfAny("format", form.Format);
        return typed;
    }

    private string Named(Form form, string hint, Direction direction)
    {
        // An unnamed object is one type wherever it is used; every unnamed enum is a type of its own.
        var schema = form.Component ?? (object?)form.Properties ?? new object();
        Direction? side = form.Values.Count > 0 ? null : direction;
        if (_names.TryGetValue((schema, side), out var known))
            return known;

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
        var ours = config.Schemas.GetValueOrDefault(name) ?? new();
        var body = new JsonObject { ["type"] = form.Type };
        if (form.Kind == Kind.Object)
            body["x-orq-direction"] = direction == Direction.Request ? "request" : "response";

        body.AddIfAny("description", ours.Description);
        if (form.Kind == Kind.Object)
            AddProperties(body, form, name, direction, ours);
        else
            body["enum"] = form.Values.ToJsonArray();

        notes.AddUnused(ours.Properties.Keys, body.Map("properties").Keys(), $"{name} has no property");
        return body;
    }

    private void AddProperties(JsonObject body, Form form, string name, Direction direction, SchemaConfig ours)
    {
        var skipped = direction == Direction.Request ? "readOnly" : "writeOnly";
        var written = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);

        // Sorted, so that the names of types do not depend on the order of properties.
        foreach (var (key, property) in form.Properties!.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var place = $"{name}.{key}";
            if (!reader.Read(property, place).Has(skipped))
            {
                var described = ours.Properties.GetValueOrDefault(key);
                written[key] = Use(property, name + Names.Pascal(key), place, direction, described);
            }
        }

        var keys = ours.Properties.Keys.Where(written.ContainsKey).Union(written.Keys, StringComparer.Ordinal).ToList();
        body.AddIfAny("required", keys.Intersect(form.Required, StringComparer.Ordinal).ToJsonArray());
        body["properties"] = new JsonObject(keys.Select(k => KeyValuePair.Create(k, written[k])));
        if (form.Items is not null)
        {
            // NSwag does not distinguish explicitly open objects from others.
            var what = $"an additional property of {name}";
            body["x-additional-properties"] = true;
            body["additionalProperties"] = Use(form.Items, name + "Value", what, direction);
        }
        else if (direction == Direction.Request)
        {
            notes.AddRange(
                form.Required.Where(r => !form.Properties!.ContainsKey(r))
                    .Select(r => $"{name} cannot hold {r}, which it requires: the document does not say what it is")
            );
        }
    }
}
