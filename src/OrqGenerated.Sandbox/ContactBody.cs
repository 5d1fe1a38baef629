using System.Buffers;
using System.Text.Json;

namespace OrqGenerated.Sandbox;

/// <summary>One thing that is wrong with a body: where, and what was expected.</summary>
internal readonly record struct BodyIssue(string Path, string Message);

/// <summary>
/// The body of CreateContact: the JSON text of each field that was sent, so nothing is lost between request and
/// response.
/// </summary>
internal sealed record ContactBody(string ExternalId, Dictionary<string, string> Fields)
{
    /// <summary>The fields besides external_id, in the document's order.</summary>
    public static readonly string[] FieldNames = ["display_name", "email", "avatar_url", "tags", "metadata"];

    private const string Id = "external_id";
    private const int MaxIdLength = 120;

    // Deeper than any client here sends, so that the depth is the client's rule and not ours.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };

    /// <summary>
    /// Reads a body; null when anything is wrong with it, which is then in <paramref name="issues"/>.
    /// </summary>
    public static ContactBody? Parse(ReadOnlySequence<byte> json, List<BodyIssue> issues)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException e)
        {
            issues.Add(new("", $"is not JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine}"));
            return null;
        }

        using (document)
        {
            return Read(document.RootElement, issues);
        }
    }

    private static ContactBody? Read(JsonElement root, List<BodyIssue> issues)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            issues.Add(new("", "must be an object"));
            return null;
        }

        if (root.TryGetProperty(Id, out var id))
            Check(Id, id, issues);
        else
            issues.Add(new(Id, "is required"));

        // A name that repeats counts with its last value, as in every JSON reader; unknown names are ignored.
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in FieldNames)
        {
            if (root.TryGetProperty(name, out var value))
            {
                Check(name, value, issues);
                fields[name] = value.GetRawText();
            }
        }

        return issues.Count == 0 ? new ContactBody(id.GetString()!, fields) : null;
    }

    private static void Check(string name, JsonElement value, List<BodyIssue> issues)
    {
        var issue = (name, value.ValueKind) switch
        {
            ("tags", JsonValueKind.Array) => null,
            ("tags", _) => "must be an array of strings",
            ("metadata", JsonValueKind.Object) => null,
            ("metadata", _) => "must be an object",
            (_, JsonValueKind.String) => TextIssue(name, value),
            (Id, _) => "must be a string",
            (_, JsonValueKind.Null) => null,
            _ => "must be a string or null",
        };
        if (issue is not null)
        {
            issues.Add(new(name, issue));
            return;
        }

        if (name == "tags")
        {
            var tags = value.EnumerateArray().Index().Where(tag => tag.Item.ValueKind != JsonValueKind.String);
            issues.AddRange(tags.Select(tag => new BodyIssue($"tags[{tag.Index}]", "must be a string")));
        }
    }

    private static string? TextIssue(string name, JsonElement value)
    {
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escaped lone surrogate is well-formed JSON and no text.
            return "must be valid Unicode";
        }

        return name switch
        {
            Id => IdIssue(text),
            "email" => EmailIssue(text),
            "avatar_url" => UriIssue(text),
            _ => null,
        };
    }

    private static string? IdIssue(string text)
    {
        var length = text.EnumerateRunes().Count();
        return length is < 1 or > MaxIdLength ? $"must be 1 to {MaxIdLength} characters long, not {length}" : null;
    }

    // Only what no reading of RFC 5321 allows: the API's own check is not known.
    private static string? EmailIssue(string text)
    {
        var at = text.LastIndexOf('@');
        return at < 1 || at == text.Length - 1 || text[at..].Any(IsSpaceOrControl) ? "must be an e-mail address" : null;
    }

    // RFC 3986, section 3: a scheme, a colon, and no white space anywhere.
    private static string? UriIssue(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || !Uri.CheckSchemeName(text[..colon]) || text.Any(IsSpaceOrControl)
            ? "must be an absolute URI"
            : null;
    }

    private static bool IsSpaceOrControl(char c) => char.IsWhiteSpace(c) || char.IsControl(c);
}
