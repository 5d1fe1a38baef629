using System.Text;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>What a new document means for users of the C# client, as Markdown.</summary>
internal sealed class ChangeReport
{
    private readonly IReadOnlyList<Change> _changes;
    private readonly IReadOnlyList<string> _newWithoutText;

    /// <param name="before">The document as it was, or null when there was none.</param>
    public ChangeReport(JsonObject? before, Refreshed after)
    {
        _changes = before is null ? [] : DocumentDiff.Between(before, after.Document);
        var known = before is null ? [] : SchemaTexts.Places(before);
        _newWithoutText = before is null
            ? []
            : [.. after.WithoutText.Where(t => !known.Contains(t))];
        TextsChanged = before is not null && !JsonNode.DeepEquals(before, after.Document);
    }

    public bool IsBreaking => _changes.Any(c => c.IsBreaking);

    private bool TextsChanged { get; }

    /// <summary>Empty when nothing changed.</summary>
    public string ToMarkdown()
    {
        if (_changes.Count == 0)
        {
            return TextsChanged
                ? "# Changes for users of the client\n\nOnly texts, examples or the order of the document changed. Suggested version bump: **patch**.\n"
                : "";
        }

        var report = new StringBuilder("# Changes for users of the client\n\n");
        report.Append(
            IsBreaking
                ? "Suggested version bump: **major**, because something breaks callers (while the version is 0.x: minor).\n"
                : "Suggested version bump: **minor** (while the version is 0.x: patch). Nothing breaks callers.\n"
        );
        foreach (var group in _changes.GroupBy(c => c.Where, StringComparer.Ordinal))
        {
            report
                .Append('\n')
                .Append(
                    group.Key.Contains(' ', StringComparison.Ordinal)
                        ? $"## {group.Key}"
                        : $"## `{group.Key}`"
                )
                .Append("\n\n");
            foreach (var change in group.OrderByDescending(c => c.IsBreaking))
            {
                report
                    .Append(change.IsBreaking ? "- **Breaking:** " : "- Not breaking: ")
                    .Append(change.Text)
                    .Append(".\n");
            }
        }

        if (_newWithoutText.Count > 0)
        {
            report.Append("\n## New, and without a text in refresh.yaml\n\n");
            report.AppendJoin("", _newWithoutText.Select(t => $"- `{t}`\n"));
        }

        return report.ToString();
    }
}
