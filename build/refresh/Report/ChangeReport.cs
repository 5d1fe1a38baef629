using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Reports in Markdown what a new document changes for users of the client, and what is left to do.</summary>
internal static class ChangeReport
{
    public static (string Markdown, bool IsBreaking) Write(JsonObject before, JsonObject after)
    {
        var changes = new CSharpApi(before).ChangesTo(new(after)).ToList();
        var isBreaking = changes.Exists(c => c.IsBreaking);
        var bump =
            changes.Count == 0 ? "Nothing in the C# API changed. Suggested version bump: **patch**."
            : isBreaking
                ? "Suggested version bump: **major**, because something breaks callers "
                    + "(while the version is 0.x: minor)."
            : "Suggested version bump: **minor** (while the version is 0.x: patch). Nothing breaks callers.";
        var report = changes
            .GroupBy(c => c.Where, StringComparer.Ordinal)
            .Select(g => Section(g.Key, g.OrderByDescending(c => c.IsBreaking).Select(c => c.ToString())))
            .Append(Section("To do in refresh.yaml", ToDo(before, after, changes.Count > 0)))
            .Append(Section("Lost, because only refresh.yaml holds texts", Lost("", before, after)));
        return ($"# Changes for users of the client\n\n{bump}\n{string.Concat(report)}", isBreaking);
    }

    private static string Section(string title, IEnumerable<string> lines)
    {
        var list = string.Concat(lines.Select(l => $"- {l}\n"));
        return list.Length == 0 ? "" : $"\n## {title}\n\n{list}";
    }

    private static IEnumerable<string> ToDo(JsonObject before, JsonObject after, bool isChanged)
    {
        var known = Places(before).Select(p => p.Place).ToHashSet(StringComparer.Ordinal);
        var version = after["info"].Text("version");
        IEnumerable<string> info =
            isChanged && before["info"].Text("version") == version
                ? [$"`info.version` is still {version}; do it and the other texts of `info` describe this document?"]
                : [];
        return Places(after)
            .Where(p => !p.HasText && !known.Contains(p.Place))
            .Select(p => $"`{p.Place}` is new and has no text")
            .Concat(info);
    }

    /// <summary>Every operation, response, schema and property, and whether refresh.yaml describes it.</summary>
    private static IEnumerable<(string Place, bool HasText)> Places(JsonObject document)
    {
        foreach (var (_, operation) in document.Map("paths").SelectMany(p => p.Value as JsonObject ?? []))
        {
            var id = operation.Text("operationId") ?? "";
            yield return (id, operation.Text("summary") is not null);
            foreach (var (code, response) in operation.Map("responses"))
                yield return ($"{id} {code}", response.Text("description") != OperationWriter.Undescribed);
        }

        foreach (var (name, schema) in document["components"].Map("schemas"))
        {
            yield return (name, schema.Text("description") is not null);
            foreach (var (key, property) in schema.Map("properties"))
                yield return ($"{name}.{key}", property.Text("description") is not null);
        }
    }

    /// <summary>Texts that were removed or replaced although their place still exists.</summary>
    private static IEnumerable<string> Lost(string place, JsonNode? before, JsonNode? after) =>
        (before, after) switch
        {
            (JsonObject old, JsonObject now) => old.SelectMany(p =>
                !IsText(p.Key, p.Value) ? Lost($"{place}.{p.Key}".TrimStart('.'), p.Value, now[p.Key])
                : JsonNode.DeepEquals(p.Value, now[p.Key]) || IsDefault(place, p.Value!) ? []
                : [$"`{place}`: {p.Key} was {p.Value!.ToJsonString()}"]
            ),
            (JsonArray old, JsonArray now) => old.SelectMany(
                (item, i) =>
                    KeyOf(item) is { } key
                        ? Lost($"{place}.{key}", item, now.FirstOrDefault(n => KeyOf(n) == key))
                        : Lost(place, item, now.ElementAtOrDefault(i))
            ),
            _ => [],
        };

    /// <summary>Identifies an item of a list, whatever its position; null if nothing does.</summary>
    private static string? KeyOf(JsonNode? item) => item.Text("name") ?? item.Text("url") ?? item.Text("$ref");

    /// <summary>Whether the tool wrote the text by itself.</summary>
    private static bool IsDefault(string place, JsonNode text) =>
        place.Split('.') is [.., "responses", _] && text.ToString() == OperationWriter.Undescribed;

    private static bool IsText(string key, JsonNode? value) =>
        value is JsonValue or JsonArray && (key is "summary" or "description" or "example" or "examples");
}
