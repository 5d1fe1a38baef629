using System.Buffers;
using System.Text.Json;

namespace OrqGenerated.Sandbox;

/// <summary>One thing that is wrong with a body: where, and what was expected.</summary>
internal readonly record struct BodyIssue(string Path, string Message);

/// <summary>
/// The body of CreateContact. Every field is the JSON text that was sent, so nothing is lost between request and
/// response; a C# null is an absent field, the text <c>null</c> a null.
/// </summary>
internal sealed class ContactBody
{
    private const int MaxExternalIdLength = 120;

    // Deeper than any client here sends, so that the depth is the client's rule and not ours.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 512 };
    private static readonly SearchValues<char> SchemeCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-."
    );

    private ContactBody(string externalId) => ExternalId = externalId;

    public string ExternalId { get; }
    public string? DisplayName { get; private set; }
    public string? Email { get; private set; }
    public string? AvatarUrl { get; private set; }
    public string? Tags { get; private set; }
    public string? Metadata { get; private set; }

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

        var externalId = root.TryGetProperty("external_id", out var id) ? ExternalIdOf(id, issues) : null;
        if (externalId is null && issues.Count == 0)
            issues.Add(new("external_id", "is required"));

        var body = new ContactBody(externalId ?? "");
        foreach (var property in root.EnumerateObject())
        {
            var value = property.Value;
            // A name that repeats counts with its last value, as in every JSON reader; unknown names are ignored.
            if (property.NameEquals("display_name"))
                body.DisplayName = NullableString(value, "display_name", null, issues);
            else if (property.NameEquals("email"))
                body.Email = NullableString(value, "email", EmailIssue, issues);
            else if (property.NameEquals("avatar_url"))
                body.AvatarUrl = NullableString(value, "avatar_url", UriIssue, issues);
            else if (property.NameEquals("tags"))
                body.Tags = TagList(value, issues);
            else if (property.NameEquals("metadata"))
                body.Metadata = OfKind(value, JsonValueKind.Object, "metadata", "must be an object", issues);
        }

        return issues.Count == 0 ? body : null;
    }

    private static string? ExternalIdOf(JsonElement value, List<BodyIssue> issues)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            issues.Add(new("external_id", "must be a string"));
            return null;
        }

        if (!TryGetString(value, out var text))
        {
            issues.Add(new("external_id", "must be valid Unicode"));
            return null;
        }

        var length = 0;
        foreach (var _ in text.EnumerateRunes())
            length++;
        if (length is < 1 or > MaxExternalIdLength)
            issues.Add(new("external_id", $"must be 1 to {MaxExternalIdLength} characters long, not {length}"));
        return text;
    }

    private static string? NullableString(
        JsonElement value,
        string path,
        Func<string, string?>? check,
        List<BodyIssue> issues
    )
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            issues.Add(new(path, "must be a string or null"));
            return null;
        }

        if (check is not null && value.ValueKind == JsonValueKind.String)
        {
            var issue = TryGetString(value, out var text) ? check(text) : "must be valid Unicode";
            if (issue is not null)
                issues.Add(new(path, issue));
        }

        return value.GetRawText();
    }

    private static string? TagList(JsonElement value, List<BodyIssue> issues)
    {
        if (OfKind(value, JsonValueKind.Array, "tags", "must be an array of strings", issues) is not { } raw)
            return null;
        var index = 0;
        foreach (var tag in value.EnumerateArray())
            OfKind(tag, JsonValueKind.String, $"tags[{index++}]", "must be a string", issues);
        return raw;
    }

    private static string? OfKind(
        JsonElement value,
        JsonValueKind kind,
        string path,
        string message,
        List<BodyIssue> issues
    )
    {
        if (value.ValueKind == kind)
            return value.GetRawText();
        issues.Add(new(path, message));
        return null;
    }

    // Only what no reading of RFC 5321 allows: the API's own check is not known.
    private static string? EmailIssue(string text)
    {
        var at = text.LastIndexOf('@');
        return at < 1 || at == text.Length - 1 || HasSpaceOrControl(text.AsSpan(at))
            ? "must be an e-mail address"
            : null;
    }

    // RFC 3986, section 3: a scheme, a colon, and no white space anywhere.
    private static string? UriIssue(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return
            colon < 1
            || !char.IsAsciiLetter(text[0])
            || text.AsSpan(0, colon).ContainsAnyExcept(SchemeCharacters)
            || HasSpaceOrControl(text)
            ? "must be an absolute URI"
            : null;
    }

    private static bool HasSpaceOrControl(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c))
                return true;
        }

        return false;
    }

    // An escaped lone surrogate is well-formed JSON and no string.
    private static bool TryGetString(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }
}
