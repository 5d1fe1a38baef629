using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Puts our texts and examples into the schemas, and the properties into our order.</summary>
internal static class SchemaTexts
{
    public static void Add(JsonObject schemas, RefreshConfig config, List<string> notes)
    {
        notes.AddUnused(config.Schemas, schemas.Keys(), "no schema is named");
        foreach (var (name, schema) in schemas.Select(s => (s.Key, s.Value!.AsObject())))
        {
            schema.AddText("description", config.Schemas[name].Text("description"));
            var ours = config.Schemas[name].Map("properties");
            var properties = schema.Map("properties");
            notes.AddUnused(ours, properties.Keys(), $"{name} has no property");
            Reorder(properties, ours.Keys());
            foreach (var (key, property) in properties.Select(p => (p.Key, p.Value!.AsObject())))
            {
                property.AddText("description", ours[key].Text("description") ?? ours.Text(key));
                var isSent = schema.Text("x-orq-direction") == "request";
                AddLimits(property, ours[key], isSent, $"{name}.{key}", notes);
                if (ours[key].Get("examples") is { } examples)
                {
                    property["examples"] = examples.DeepClone();
                }

                Sort(property);
            }

            if (schema["required"] is JsonArray required)
            {
                var names = required.Select(r => r!.ToString()).ToHashSet(StringComparer.Ordinal);
                schema["required"] = properties.Select(p => p.Key).Where(names.Contains).ToJsonArray();
            }

            Sort(schema);
        }
    }

    /// <summary>Lengths that the server is known to apply although the published document does not say so.</summary>
    private static void AddLimits(JsonObject property, JsonNode? ours, bool isSent, string place, List<string> notes)
    {
        foreach (var keyword in SchemaKeywords.Lengths.Where(k => ours.Get(k) is not null))
        {
            if (isSent && property.Text("type") == "string")
            {
                property[keyword] = ours.Get(keyword)!.DeepClone();
            }
            else
            {
                notes.Add($"refresh.yaml: {place} is no text that is sent, so it has no {keyword}");
            }
        }
    }

    private static void Sort(JsonObject schema) =>
        Reorder(schema, schema.Select(k => k.Key).OrderBy(SchemaKeywords.Rank).ToList());

    /// <summary>Puts the given keys first, in the given order.</summary>
    private static void Reorder(JsonObject node, IEnumerable<string> first)
    {
        var keys = first.Where(node.ContainsKey).ToList();
        foreach (var key in keys.Concat(node.Select(p => p.Key).Except(keys, StringComparer.Ordinal)).ToList())
        {
            node.Remove(key, out var value);
            node[key] = value;
        }
    }
}
