using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Follows references and merges until a schema is one thing; the schemas inside it stay as they are.</summary>
internal sealed class SchemaFlattener(Upstream upstream)
{
    private readonly HashSet<string> _following = new(StringComparer.Ordinal);

    public Flat Flatten(JsonNode? schema) =>
        schema switch
        {
            JsonObject o when o["$ref"] is JsonValue reference => Beside(
                o,
                [Follow(reference.ToString())]
            ),
            JsonObject o => Merge(o),
            JsonValue v when v.GetValueKind() is JsonValueKind.True or JsonValueKind.False =>
                new Flat(Kind.Any),
            _ => throw new BadInputException(
                $"{upstream.Name}: a schema has to be a mapping; is the document cut off?"
            ),
        };

    private Flat Follow(string reference)
    {
        if (!_following.Add(reference))
        {
            throw upstream.Circular(reference);
        }

        var target = Flatten(upstream.Resolve(reference));
        _following.Remove(reference);
        var isComponent =
            target is { NeedsName: true, Component: null }
            && reference.StartsWith(Upstream.SchemaPrefix, StringComparison.Ordinal)
            && reference.IndexOf('/', Upstream.SchemaPrefix.Length) < 0;
        return isComponent
            ? target with
            {
                Component = reference[Upstream.SchemaPrefix.Length..],
                IsMerged = false,
            }
            : target;
    }

    private Flat Merge(JsonObject schema)
    {
        var parts = new List<Flat>();
        if (schema["allOf"] is JsonArray all)
        {
            parts.AddRange(all.Select(Flatten));
        }

        foreach (var keyword in (string[])["anyOf", "oneOf"])
        {
            if (schema[keyword] is JsonArray { Count: > 0 } union)
            {
                parts.Add(SchemaMerging.Union([.. union.Select(Flatten)]));
            }
        }

        return parts.Count == 0 ? SchemaRules.Apply(schema) : Beside(schema, parts);
    }

    /// <summary>The parts together with the keywords that stand beside them.</summary>
    private static Flat Beside(JsonObject schema, List<Flat> parts) =>
        SchemaMerging.Intersection([
            SchemaRules.Apply(
                schema.Where(k => k.Key is not ("$ref" or "allOf" or "anyOf" or "oneOf"))
            ),
            .. parts,
        ]);
}
