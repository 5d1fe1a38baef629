using System.Collections.ObjectModel;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Puts our texts and examples into the schemas, and the properties into our order.</summary>
internal static class SchemaTexts
{
    /// <returns>The schemas and properties for which there is no text.</returns>
    public static List<string> Add(JsonObject schemas, RefreshConfig config, List<string> notes)
    {
        var without = new List<string>();
        notes.AddRange(
            config
                .Schemas.Keys.Where(s => !schemas.ContainsKey(s))
                .Select(s => $"refresh.yaml: no schema is named {s}")
        );
        foreach (var (name, node) in schemas)
        {
            var schema = node!.AsObject();
            var text = config.Schemas.GetValueOrDefault(name);
            if (text?.Description is null)
            {
                without.Add(name);
            }
            else
            {
                schema["description"] = text.Description;
            }

            if (schema["properties"] is JsonObject properties)
            {
                var ours = text?.Properties ?? ReadOnlyDictionary<string, PropertyText>.Empty;
                notes.AddRange(
                    ours.Keys.Where(p => !properties.ContainsKey(p))
                        .Select(p => $"refresh.yaml: {name} has no property {p}")
                );
                without.AddRange(
                    properties
                        .Select(p => p.Key)
                        .Where(p => ours.GetValueOrDefault(p)?.Description is null)
                        .Select(p => $"{name}.{p}")
                );
                AddToProperties(schema, properties, ours);
            }

            Sort(schema);
        }

        return without;
    }

    /// <summary>Every operation, schema and property of a document of ours, as they are listed when they lack a text.</summary>
    public static HashSet<string> Places(JsonObject document)
    {
        var operations = document
            .Map("paths")
            .SelectMany(p => p.Value as JsonObject ?? [])
            .Select(o => o.Value.Text("operationId") ?? "");
        var schemas = document["components"].Map("schemas");
        var properties = schemas.SelectMany(s =>
            s.Value.Map("properties").Select(p => $"{s.Key}.{p.Key}")
        );
        return [.. operations, .. schemas.Select(s => s.Key), .. properties];
    }

    private static void AddToProperties(
        JsonObject schema,
        JsonObject properties,
        IReadOnlyDictionary<string, PropertyText> texts
    )
    {
        var order = texts
            .Keys.Where(properties.ContainsKey)
            .Concat(properties.Select(p => p.Key).Where(p => !texts.ContainsKey(p)))
            .ToList();
        foreach (var name in order)
        {
            var property = properties[name]!.AsObject();
            properties.Remove(name);
            properties[name] = property;
            if (texts.TryGetValue(name, out var text))
            {
                if (text.Description is not null)
                {
                    property["description"] = text.Description;
                }

                if (text.Examples is not null)
                {
                    property["examples"] = text.Examples.DeepClone();
                }
            }

            Sort(property);
        }

        if (schema["required"] is JsonArray required)
        {
            var names = required.Select(r => r!.ToString()).ToHashSet(StringComparer.Ordinal);
            schema["required"] = new JsonArray([
                .. order.Where(names.Contains).Select(n => JsonValue.Create(n)),
            ]);
        }
    }

    private static void Sort(JsonObject schema)
    {
        foreach (var (key, value) in schema.OrderBy(k => SchemaKeywords.Rank(k.Key)).ToList())
        {
            schema.Remove(key);
            schema[key] = value;
        }
    }
}
