using System.Globalization;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>How several schemas become one that a C# type can stand for.</summary>
internal static class SchemaMerging
{
    /// <summary>One value that any of the schemas allows: <c>anyOf</c> and <c>oneOf</c>.</summary>
    public static Flat Union(IReadOnlyList<Flat> schemas)
    {
        var nullable = schemas.Any(s => s.Kind == Kind.Null || s.Nullable == true);
        var members = schemas
            .Where(s => s.Kind != Kind.Null)
            .DistinctBy(s => s.Key(), StringComparer.Ordinal)
            .ToList();
        var union = members switch
        {
            [] => new Flat(Kind.Any),
            [var only] => only,
            _ when members.TrueForAll(m => m.Kind == Kind.String) => UnionOfStrings(members),
            _ when members.TrueForAll(m => m.Kind is Kind.Integer or Kind.Number) => UnionOfNumbers(
                members
            ),
            _ when members.TrueForAll(m => m.Kind == Kind.Array) => UnionOfArrays(members),
            _ when members.TrueForAll(m => m.Kind == Kind.Object) => UnionOfObjects(members),
            _ when members.TrueForAll(m => m.Kind == Kind.Boolean) => members[0],
            _ => new Flat(Kind.Any),
        };
        return union with { Nullable = nullable };
    }

    /// <summary>Dates in several spellings are one date-time; other strings are what they have in common.</summary>
    internal static Flat UnionOfStrings(IReadOnlyList<Flat> strings)
    {
        var keywords = Loosest(strings);
        var formats = strings
            .Select(s => s.Keywords.GetValueOrDefault("format")?.ToString())
            .ToList();
        if (
            formats.Contains("date-time")
            && formats.TrueForAll(f => f is null or "date" or "date-time")
            && !strings.Any(s => s.IsEnum)
        )
        {
            keywords = new(StringComparer.Ordinal) { ["format"] = "date-time" };
        }
        else if (strings.All(s => s.IsEnum))
        {
            var values = strings
                .SelectMany(s => s.Keywords["enum"].AsArray())
                .Select(v => v!.ToString());
            keywords["enum"] = values
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .ToJsonArray();
        }

        return new(Kind.String) { Keywords = keywords, IsMerged = true };
    }

    private static Flat UnionOfNumbers(IReadOnlyList<Flat> numbers)
    {
        var keywords = Loosest(numbers);
        var kind = numbers.All(n => n.Kind == Kind.Integer) ? Kind.Integer : Kind.Number;
        if (kind == Kind.Integer)
        {
            keywords.TryAdd("format", "int64");
        }

        return new(kind) { Keywords = keywords, IsMerged = true };
    }

    private static Flat UnionOfArrays(IReadOnlyList<Flat> arrays) =>
        new(Kind.Array)
        {
            Keywords = Loosest(arrays),
            Items = arrays.All(a => a.Items is not null)
                ? AnyOf(arrays.Select(a => a.Items!))
                : null,
            IsMerged = true,
        };

    /// <summary>One object with the properties of all; required is what is required in each.</summary>
    internal static Flat UnionOfObjects(IReadOnlyList<Flat> objects)
    {
        var names = objects.SelectMany(o => o.Properties.Keys).Distinct(StringComparer.Ordinal);
        var open = objects
            .Where(o => o.Values is not null || o.Properties.Count == 0)
            .Select(o => o.Values ?? new JsonObject())
            .ToList();
        return new(Kind.Object)
        {
            Keywords = Loosest(objects),
            Properties = names.ToDictionary(
                n => n,
                n =>
                    AnyOf(
                        objects.Where(o => o.Properties.ContainsKey(n)).Select(o => o.Properties[n])
                    ),
                StringComparer.Ordinal
            ),
            Required = objects
                .Select(o => o.Required)
                .Aggregate<IEnumerable<string>>((a, b) => a.Intersect(b, StringComparer.Ordinal))
                .ToHashSet(StringComparer.Ordinal),
            Values = open.Count == 0 ? null : AnyOf(open),
            IsMerged = true,
        };
    }

    /// <summary>One value that all of the schemas allow: <c>allOf</c>, and keywords beside a reference or a union.</summary>
    public static Flat Intersection(IReadOnlyList<Flat> schemas)
    {
        var annotations = schemas
            .SelectMany(s => s.Keywords)
            .Where(k => SchemaKeywords.Annotations.Contains(k.Key))
            .ToList();
        var said = schemas
            .Where(s => s.Nullable is not null)
            .Select(s => s.Nullable!.Value)
            .ToList();
        var members = schemas
            .Where(s => !SaysNothing(s))
            .DistinctBy(s => s.Key(), StringComparer.Ordinal)
            .ToList();
        var all = members switch
        {
            [] => new Flat(Kind.Any),
            [var only] => only,
            _ => members.Aggregate(Intersection),
        };
        var keywords = all.Keywords.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in annotations)
        {
            keywords[name] = value;
        }

        // OpenAPI 3.0 writes "a reference or null" as `nullable: true` beside an allOf, so the first word counts.
        var nullable = schemas[0].Nullable == true || (said.Count > 0 && said.TrueForAll(n => n));
        return all with { Keywords = keywords, Nullable = said.Count == 0 ? null : nullable };
    }

    private static Flat Intersection(Flat a, Flat b)
    {
        var kind = (a.Kind, b.Kind) switch
        {
            (Kind.Any, var other) => other,
            (var one, Kind.Any) => one,
            (Kind.Integer, Kind.Number) or (Kind.Number, Kind.Integer) => Kind.Integer,
            (var one, var other) when one == other => one,
            _ => Kind.Any,
        };
        if (kind == Kind.Any)
        {
            return new(Kind.Any) { IsMerged = true };
        }

        return new(kind)
        {
            Keywords = Tightest(a, b),
            Properties = a
                .Properties.Concat(b.Properties)
                .GroupBy(p => p.Key, p => p.Value, StringComparer.Ordinal)
                .ToDictionary(g => g.Key, g => Combine("allOf", g), StringComparer.Ordinal),
            Required = a
                .Required.Union(b.Required, StringComparer.Ordinal)
                .ToHashSet(StringComparer.Ordinal),
            Items = Both(a.Items, b.Items),
            Values = Both(a.Values, b.Values),
            IsMerged = true,
        };
    }

    private static bool SaysNothing(Flat schema) =>
        schema.Kind == Kind.Any && schema.Keywords.Keys.All(SchemaKeywords.Annotations.Contains);

    private static JsonNode? Both(JsonNode? a, JsonNode? b) =>
        a is null ? b
        : b is null ? a
        : Combine("allOf", [a, b]);

    private static JsonNode AnyOf(IEnumerable<JsonNode> schemas) =>
        Combine(
            "anyOf",
            schemas.SelectMany(s =>
                s is JsonObject { Count: 1 } o && o["anyOf"] is JsonArray inner
                    ? inner.Select(i => i!)
                    : [s]
            )
        );

    private static JsonNode Combine(string keyword, IEnumerable<JsonNode> schemas)
    {
        var distinct = schemas
            .Select(s => (Schema: s, Key: SchemaKeywords.Canonical(s)))
            .DistinctBy(s => s.Key, StringComparer.Ordinal)
            .OrderBy(s => s.Key, StringComparer.Ordinal)
            .Select(s => s.Schema)
            .ToList();
        return distinct is [var only]
            ? only
            : new JsonObject
            {
                [keyword] = new JsonArray([.. distinct.Select(s => s.DeepClone())]),
            };
    }

    /// <summary>The limits that let through whatever one of the schemas lets through.</summary>
    private static Dictionary<string, JsonNode> Loosest(IReadOnlyList<Flat> schemas)
    {
        var common = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (
            var name in schemas[0]
                .Keywords.Keys.Where(k =>
                    k != "enum" && schemas.All(s => s.Keywords.ContainsKey(k))
                )
        )
        {
            var values = schemas.Select(s => s.Keywords[name]).ToList();
            if (LimitKeywords.Lower.Contains(name))
            {
                common[name] = values.MinBy(Number)!;
            }
            else if (LimitKeywords.Upper.Contains(name))
            {
                common[name] = values.MaxBy(Number)!;
            }
            else if (values.TrueForAll(v => JsonNode.DeepEquals(v, values[0])))
            {
                common[name] = values[0];
            }
        }

        return common;
    }

    private static Dictionary<string, JsonNode> Tightest(Flat a, Flat b)
    {
        var both = a.Keywords.ToDictionary(StringComparer.Ordinal);
        foreach (var (name, value) in b.Keywords)
        {
            both[name] = !both.TryGetValue(name, out var first)
                ? value
                : name switch
                {
                    "enum" => Common(first.AsArray(), value.AsArray()),
                    _ when LimitKeywords.Lower.Contains(name) => Number(first) > Number(value)
                        ? first
                        : value,
                    _ when LimitKeywords.Upper.Contains(name) => Number(first) < Number(value)
                        ? first
                        : value,
                    // Neither is tighter; which one comes first in the document must not decide.
                    _ => string.CompareOrdinal(first.ToJsonString(), value.ToJsonString()) < 0
                        ? first
                        : value,
                };
        }

        return both;
    }

    private static JsonArray Common(JsonArray a, JsonArray b)
    {
        var common = a.Select(v => v!.ToString())
            .Intersect(b.Select(v => v!.ToString()), StringComparer.Ordinal)
            .ToList();
        return common.Count == 0 ? a : common.ToJsonArray();
    }

    private static double Number(JsonNode value) =>
        double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture);
}
