using System.Text;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>What a new document means for users of the C# client, and for whoever refreshes it, as Markdown.</summary>
internal sealed class ChangeReport
{
    private readonly List<Change> _changes = [];
    private readonly List<string> _toDo = [];
    private readonly List<string> _lost = [];
    private readonly bool _isChanged;

    /// <param name="before">The document as it was, or null if there was none.</param>
    public ChangeReport(JsonObject? before, Refreshed after)
    {
        if (before is null)
        {
            return;
        }

        _isChanged = !JsonNode.DeepEquals(before, after.Document);
        _changes = [.. ApiDiff.Between(new(before), new(after.Document))];
        var known = Places(before);
        _toDo.AddRange(after.WithoutText.Where(p => !known.Contains(p)).Select(p => $"`{p}` is new and has no text"));
        var version = after.Document["info"].Text("version");
        if (_changes.Count > 0 && before["info"].Text("version") == version)
        {
            _toDo.Add($"`info.version` is still {version}; do it and the texts of `info` tell of this document?");
        }

        AddLost("", before, after.Document);
    }

    public bool IsBreaking => _changes.Any(c => c.IsBreaking);

    /// <summary>Empty when nothing changed.</summary>
    public string ToMarkdown()
    {
        if (!_isChanged)
        {
            return "";
        }

        var report = new StringBuilder("# Changes for users of the client\n\n");
        report.Append(
            _changes.Count == 0 ? "Nothing in the C# API changed. Suggested version bump: **patch**.\n"
            : IsBreaking
                ? "Suggested version bump: **major**, because something breaks callers (while the version is 0.x: minor).\n"
            : "Suggested version bump: **minor** (while the version is 0.x: patch). Nothing breaks callers.\n"
        );
        foreach (var group in _changes.GroupBy(c => c.Where, StringComparer.Ordinal))
        {
            var where = group.Key.Contains(' ', StringComparison.Ordinal) ? group.Key : $"`{group.Key}`";
            report.Append("\n## ").Append(where).Append("\n\n");
            foreach (var change in group.OrderByDescending(c => c.IsBreaking))
            {
                report
                    .Append(change.IsBreaking ? "- **Breaking:** " : "- Not breaking: ")
                    .Append(change.Text)
                    .Append(".\n");
            }
        }

        AddSection(report, "To do in refresh.yaml", _toDo);
        AddSection(report, "Lost, because only refresh.yaml holds texts", _lost);
        return report.ToString();
    }

    private static void AddSection(StringBuilder report, string title, List<string> lines)
    {
        if (lines.Count > 0)
        {
            report.Append("\n## ").Append(title).Append("\n\n").AppendJoin("", lines.Select(l => $"- {l}\n"));
        }
    }

    /// <summary>Every operation, response, schema and property, as they are listed when they lack a text.</summary>
    private static HashSet<string> Places(JsonObject document)
    {
        var operations = document
            .Map("paths")
            .SelectMany(p => p.Value as JsonObject ?? [])
            .Select(o => o.Value)
            .ToList();
        var schemas = document["components"].Map("schemas");
        return
        [
            .. operations.Select(o => o.Text("operationId") ?? ""),
            .. operations.SelectMany(o => o.Map("responses").Select(r => $"{o.Text("operationId")} {r.Key}")),
            .. schemas.Select(s => s.Key),
            .. schemas.SelectMany(s => s.Value.Map("properties").Select(p => $"{s.Key}.{p.Key}")),
        ];
    }

    /// <summary>Texts of places that are still there, but have no text or another one now.</summary>
    private void AddLost(string place, JsonNode? before, JsonNode? after)
    {
        switch (before, after)
        {
            case (JsonObject old, JsonObject now):
                foreach (var (key, value) in old)
                {
                    if (!IsText(key, value))
                    {
                        AddLost($"{place}.{key}".TrimStart('.'), value, now[key]);
                    }
                    else if (!JsonNode.DeepEquals(value, now[key]))
                    {
                        _lost.Add($"`{place}`: {key} was {value!.ToJsonString()}");
                    }
                }

                break;
            case (JsonArray olds, JsonArray nows):
                foreach (var (old, now) in olds.Zip(nows))
                {
                    AddLost(place, old, now);
                }

                break;
        }
    }

    private static bool IsText(string key, JsonNode? value) =>
        (key == "examples" && value is JsonArray)
        || (
            value is JsonValue && (key is "summary" or "description" || key.StartsWith("x-", StringComparison.Ordinal))
        );
}
