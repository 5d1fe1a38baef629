using System.Text.Json;

namespace OrqGenerated.Sandbox;

/// <summary>One error in a body: where, and what was expected.</summary>
internal readonly record struct BodyIssue(string Path, string Message);

/// <summary>
/// The body of CreateContact: the JSON of each field that was sent, in the document's order, so that a response repeats
/// it exactly.
/// </summary>
internal sealed record ContactBody(string ExternalId, Dictionary<string, string> Fields)
{
    private const string Id = "external_id";

    private static readonly string[] FieldNames = [Id, "display_name", "email", "avatar_url", "tags", "metadata"];

    // Deeper than any of our clients sends, so that the limit is the client's.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>Reads a body; null if it has errors, which are then in <paramref name="issues"/>.</summary>
    public static ContactBody? Parse(ReadOnlyMemory<byte> json, List<BodyIssue> issues)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Options);
            return Read(document.RootElement, issues);
        }
        catch (JsonException e)
        {
            issues.Add(new("", $"is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}"));
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is well-formed JSON, but not Unicode.
            issues.Add(new("", "must be valid Unicode"));
        }

        return null;
    }

    private static ContactBody? Read(JsonElement root, List<BodyIssue> issues)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            issues.Add(new("", "must be an object"));
            return null;
        }

        // The last value of a repeated name counts, as in every JSON reader; unknown names are ignored.
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in FieldNames)
        {
            if (root.TryGetProperty(name, out var value))
            {
                fields[name] = value.GetRawText();
                if (Fault(name, value) is { } fault)
                    issues.Add(new(name, fault));
            }
            else if (name == Id)
            {
                issues.Add(new(Id, "is required"));
            }
        }

        return issues.Count == 0 ? new ContactBody(root.GetProperty(Id).GetString()!, fields) : null;
    }

    private static string? Fault(string name, JsonElement value) =>
        (name, value.ValueKind) switch
        {
            ("tags", JsonValueKind.Array)
                when value.EnumerateArray().All(tag => tag.ValueKind == JsonValueKind.String) => null,
            ("tags", _) => "must be an array of strings",
            ("metadata", JsonValueKind.Object) => null,
            ("metadata", _) => "must be an object",
            (_, JsonValueKind.String) => Fault(name, value.GetString()!),
            (Id, _) => "must be a string",
            (_, JsonValueKind.Null) => null,
            _ => "must be a string or null",
        };

    private static string? Fault(string name, string text) =>
        name switch
        {
            Id when text.EnumerateRunes().Count() is < 1 or > 120 => "must be 1 to 120 characters long",
            // Rejects only what no rule accepts: the API's own check is not known.
            "email" when text.Any(char.IsWhiteSpace) || !text.Trim('@').Contains('@') => "must be an e-mail address",
            "avatar_url"
                when text.StartsWith('/')
                    || text.Any(char.IsWhiteSpace)
                    || !Uri.TryCreate(text, UriKind.Absolute, out _) => "must be an absolute URI",
            _ => null,
        };
}
