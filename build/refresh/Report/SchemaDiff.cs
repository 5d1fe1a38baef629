using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Compares the classes and enums that two documents lead to.</summary>
internal sealed class SchemaDiff(ChangeList changes, OurDocument before, OurDocument after)
{
    private readonly HashSet<string> _sent =
    [
        .. before.Reached("requestBody", "parameters"),
        .. after.Reached("requestBody", "parameters"),
    ];

    private readonly HashSet<string> _received =
    [
        .. before.Reached("responses"),
        .. after.Reached("responses"),
    ];

    public void Compare()
    {
        foreach (var (name, old) in before.Schemas)
        {
            if (!after.Schemas.TryGetValue(name, out var now))
            {
                changes.Breaking(name, "removed");
            }
            else if ((old.Get("enum"), now["enum"]) is (JsonArray was, JsonArray values))
            {
                CompareEnum(name, was, values);
            }
            else if (old["enum"] is not null || now["enum"] is not null)
            {
                changes.Breaking(
                    name,
                    now["enum"] is null ? "a class now, was an enum" : "an enum now, was a class"
                );
            }
            else
            {
                CompareObject(name, old, now);
            }
        }

        foreach (var (name, now) in after.Schemas.Where(s => !before.Schemas.ContainsKey(s.Key)))
        {
            changes.Harmless(name, now.Get("enum") is null ? "new class" : "new enum");
        }
    }

    private void CompareEnum(string name, JsonArray old, JsonArray now)
    {
        var were = old.Select(v => v!.ToString()).ToList();
        var values = now.Select(v => v!.ToString()).ToList();
        foreach (var value in were.Except(values, StringComparer.Ordinal))
        {
            changes.Breaking(name, $"value `{value}` removed");
        }

        foreach (var value in values.Except(were, StringComparer.Ordinal))
        {
            changes.Harmless(name, $"value `{value}` added");
        }
    }

    private void CompareObject(string name, JsonNode old, JsonObject now)
    {
        var direction = _sent.Contains(name) ? Direction.Request : Direction.Response;
        var was = ByCSharpName(old);
        var properties = ByCSharpName(now);
        foreach (var (csharpName, (wireName, property)) in was)
        {
            var what = $"`{csharpName}`";
            var wasRequired = IsRequired(old, wireName);
            if (!properties.TryGetValue(csharpName, out var same))
            {
                changes.Breaking(
                    name,
                    $"{what} removed, was `{CSharpSurface.Type(property, wasRequired, direction)}`"
                );
                continue;
            }

            if (same.WireName != wireName)
            {
                changes.Harmless(name, $"{what} is `{same.WireName}` in JSON, was `{wireName}`");
            }

            CompareProperty(
                name,
                what,
                property,
                same.Schema,
                wasRequired,
                IsRequired(now, same.WireName),
                direction
            );
        }

        foreach (
            var (csharpName, (wireName, property)) in properties.Where(p => !was.ContainsKey(p.Key))
        )
        {
            var isRequired = IsRequired(now, wireName);
            var type = CSharpSurface.Type(property, isRequired, direction);
            var isBreaking = isRequired && direction == Direction.Request;
            var note =
                isRequired && !isBreaking
                    ? "; code that builds this response itself, as a test may, has to set it"
                    : "";
            changes.Add(name, $"`{csharpName}` added, `{type}`{note}", isBreaking);
        }

        if ((old["additionalProperties"] is null) != (now["additionalProperties"] is null))
        {
            var isClosed = now["additionalProperties"] is null;
            changes.Add(
                name,
                isClosed
                    ? "further properties are no longer spoken of"
                    : "further properties are allowed",
                isClosed && direction == Direction.Request
            );
        }
    }

    private static Dictionary<string, (string WireName, JsonNode Schema)> ByCSharpName(
        JsonNode schema
    )
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return schema
            .Map("properties")
            .Where(p => p.Value is JsonObject)
            .ToDictionary(
                p => Names.Unique(Names.Pascal(p.Key), taken),
                p => (p.Key, p.Value!),
                StringComparer.Ordinal
            );
    }

    private void CompareProperty(
        string name,
        string what,
        JsonNode old,
        JsonNode now,
        bool wasRequired,
        bool isRequired,
        Direction direction
    )
    {
        new UseDiff(changes, name, what, direction).Compare(old, now, wasRequired, isRequired);
        if (
            direction == Direction.Request
            && _received.Contains(name)
            && wasRequired
            && !isRequired
        )
        {
            changes.Breaking(name, $"{what} may be missing in responses");
        }

        if (old.IsTrue("readOnly") != now.IsTrue("readOnly"))
        {
            changes.Harmless(
                name,
                what + (now.IsTrue("readOnly") ? " is" : " is no longer") + " read-only"
            );
        }
    }

    private static bool IsRequired(JsonNode schema, string property) =>
        schema.List("required").Any(r => r?.ToString() == property);
}
