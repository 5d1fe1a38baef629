using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Whether a schema goes out in requests; those in responses only say how a value is read.</summary>
internal enum Direction
{
    Request,
    Response,
}

/// <summary>
/// Collects the schemas that need a C# type under one name each: the document's own, or made of the operation and the
/// properties that lead to it. Inline schemas that are identical are one.
/// </summary>
internal sealed class SchemaCatalog(SchemaFlattener flattener)
{
    /// <summary>Beyond this a schema is a value of any kind; no published one comes near.</summary>
    private const int MaxDepth = 40;

    private sealed class Entry(int index, string hint, int depth, bool isComponent)
    {
        public int Index { get; } = index;
        public string Hint { get; set; } = hint;
        public int Depth { get; set; } = depth;
        public bool IsComponent { get; } = isComponent;
        public JsonObject Body { get; set; } = [];
        public string Name { get; set; } = "";
    }

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Entry> _components = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _inline = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _inProgress = new(StringComparer.Ordinal);

    /// <summary>The schema to write where the given one is used; <paramref name="hint"/> names it if it needs a name.</summary>
    public JsonObject Use(JsonNode? schema, string hint, Direction direction) =>
        Use(schema, hint, direction, 0);

    private JsonObject Use(JsonNode? schema, string hint, Direction direction, int depth)
    {
        var flat = depth > MaxDepth ? new Flat(Kind.Any) : flattener.Flatten(schema);
        var used = flat.NeedsName
            ? Reference(Entered(flat, hint, direction, depth), flat.Nullable == true)
            : Inline(flat, hint, direction, depth);
        foreach (
            var name in SchemaKeywords
                .Annotations.Where(flat.Keywords.ContainsKey)
                .OrderBy(SchemaKeywords.Rank)
        )
        {
            used[name] = true;
        }

        return used;
    }

    private static JsonObject Reference(Entry entry, bool nullable)
    {
        var reference = new JsonObject
        {
            ["$ref"] = "@" + entry.Index.ToString(CultureInfo.InvariantCulture),
        };

        // NSwag reads null beside a reference only in this form.
        return nullable
            ? new JsonObject
            {
                ["oneOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }),
            }
            : reference;
    }

    private JsonObject Inline(Flat flat, string hint, Direction direction, int depth)
    {
        if (flat.Kind is Kind.Any or Kind.Null)
        {
            return [];
        }

        var type = flat.TypeName;
        var inline = new JsonObject
        {
            ["type"] = flat.Nullable == true ? new JsonArray(type, "null") : type,
        };
        AddKeywords(inline, flat, direction);
        if (flat.Kind == Kind.Array)
        {
            inline["items"] = Use(
                flat.Items ?? new JsonObject(),
                hint + "Item",
                direction,
                depth + 1
            );
        }
        else if (flat.Kind == Kind.Object)
        {
            inline["additionalProperties"] = Use(
                flat.Values ?? new JsonObject(),
                hint + "Value",
                direction,
                depth + 1
            );
        }

        return inline;
    }

    private static void AddKeywords(JsonObject schema, Flat flat, Direction direction)
    {
        var keywords = flat.Keywords.Where(k => !SchemaKeywords.Annotations.Contains(k.Key));
        foreach (var (name, value) in keywords.OrderBy(k => SchemaKeywords.Rank(k.Key)))
        {
            // What a server sends is not held to limits, but the kind of text in it is worth knowing.
            var matters = direction == Direction.Request || name is "enum" or "format";
            if (matters)
            {
                schema[name] = value.DeepClone();
            }
        }
    }

    private Entry Entered(Flat flat, string hint, Direction direction, int depth)
    {
        if (flat.Component is not null && _components.TryGetValue(flat.Component, out var known))
        {
            return known;
        }

        // Only merged schemas can lead to themselves without a component between.
        var key = flat is { IsMerged: true, Component: null } ? direction + flat.Key() : null;
        if (key is not null && _inProgress.TryGetValue(key, out known))
        {
            return known;
        }

        var entry = new Entry(
            _entries.Count,
            flat.Component is null ? hint : Names.Pascal(flat.Component),
            flat.Component is null ? depth : 0,
            flat.Component is not null
        );
        _entries.Add(entry);
        if (flat.Component is not null)
        {
            _components[flat.Component] = entry;
        }
        else if (key is not null)
        {
            _inProgress[key] = entry;
        }

        entry.Body = Body(flat, entry.Hint, direction, entry.Depth);
        if (key is not null)
        {
            _inProgress.Remove(key);
        }

        return entry.IsComponent ? entry : Shared(entry, flat.IsEnum ? "" : direction.ToString());
    }

    private JsonObject Body(Flat flat, string hint, Direction direction, int depth)
    {
        var body = new JsonObject { ["type"] = flat.TypeName };
        AddKeywords(body, flat, direction);
        if (flat.Kind != Kind.Object)
        {
            return body;
        }

        var properties = flat.Properties.OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        var required = properties.Select(p => p.Key).Where(flat.Required.Contains).ToList();
        if (required.Count > 0)
        {
            body["required"] = new JsonArray([.. required]);
        }

        body["properties"] = new JsonObject(
            properties.Select(p =>
                KeyValuePair.Create(
                    p.Key,
                    (JsonNode?)Use(p.Value, hint + Names.Pascal(p.Key), direction, depth + 1)
                )
            )
        );
        if (flat.Values is not null)
        {
            body["additionalProperties"] = Use(flat.Values, hint + "Value", direction, depth + 1);
        }

        return body;
    }

    /// <summary>The entry itself, or the identical one that was there before, under the name nearer to an operation.</summary>
    private Entry Shared(Entry entry, string scope)
    {
        var key = scope + entry.Body.ToJsonString();
        if (_inline.TryAdd(key, entry))
        {
            return entry;
        }

        var first = _inline[key];
        if (entry.Depth < first.Depth)
        {
            (first.Hint, first.Depth) = (entry.Hint, entry.Depth);
        }

        return first;
    }

    /// <summary>Gives every schema its final name, puts it into every reference below <paramref name="document"/>, and returns all.</summary>
    public JsonObject Complete(JsonNode document, IEnumerable<string> taken)
    {
        var names = taken.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var used = new HashSet<Entry>();
        Collect(document, used);
        var kept = used.OrderByDescending(e => e.IsComponent)
            .ThenBy(e => e.Depth)
            .ThenBy(e => e.Index)
            .ToList();
        foreach (var entry in kept)
        {
            entry.Name = Names.Unique(Names.ForClass(entry.Hint), names);
        }

        var schemas = new JsonObject(
            kept.OrderBy(e => e.Name, StringComparer.Ordinal)
                .Select(e => KeyValuePair.Create(e.Name, (JsonNode?)e.Body))
        );
        PutNames(document);
        PutNames(schemas);
        return schemas;
    }

    private void PutNames(JsonNode document) =>
        ForEachReference(
            document,
            reference => reference["$ref"] = Upstream.SchemaPrefix + Entered(reference).Name
        );

    /// <summary>The schemas that the document leads to; an operation that was left out may have brought others.</summary>
    private void Collect(JsonNode document, HashSet<Entry> used) =>
        ForEachReference(
            document,
            reference =>
            {
                if (Entered(reference) is var entry && used.Add(entry))
                {
                    Collect(entry.Body, used);
                }
            }
        );

    private Entry Entered(JsonObject reference) =>
        _entries[int.Parse(reference["$ref"]!.ToString()[1..], CultureInfo.InvariantCulture)];

    private static void ForEachReference(JsonNode? node, Action<JsonObject> action)
    {
        if (node is JsonObject { Count: > 0 } o)
        {
            if (o["$ref"] is JsonValue)
            {
                action(o);
            }

            foreach (var (_, child) in o.ToList())
            {
                ForEachReference(child, action);
            }
        }
        else if (node is JsonArray array)
        {
            foreach (var child in array)
            {
                ForEachReference(child, action);
            }
        }
    }
}
