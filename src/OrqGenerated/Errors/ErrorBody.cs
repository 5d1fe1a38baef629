using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// The parts of an error's body. orq.ai and the proxies before it send many shapes; none of them ever fails a call.
/// </summary>
internal readonly record struct ErrorBody(string? Code, string? Message, string? RequestId)
{
    /// <summary>The longest text without JSON that counts as the server's words.</summary>
    private const int LongestText = 1000;

    public static ErrorBody Parse(string body, string? mediaType)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object => OfObject(document.RootElement),
                JsonValueKind.String => new(null, Text(document.RootElement), null),
                _ => default,
            };
        }
        catch (JsonException)
        {
            return new(null, OfText(body, mediaType), null);
        }
        catch (InvalidOperationException)
        {
            // A property's name is escaped so that no text says the same.
            return default;
        }
    }

    private static ErrorBody OfObject(JsonElement root)
    {
        var inner = Property(root, "error");
        var nested = inner is { ValueKind: JsonValueKind.Object } ? inner.Value : root;
        var code =
            Text(Property(nested, "code"))
            ?? Text(Property(root, "code"))
            ?? ErrorType(Text(Property(nested, "type")));
        var message =
            Text(Property(nested, "message"))
            ?? Text(Property(root, "message"))
            ?? Text(inner)
            ?? Text(Property(root, "detail"))
            ?? Text(Property(root, "title"))
            ?? FirstIssue(root);
        var requestId = Text(Property(root, "request_id")) ?? Text(Property(nested, "request_id"));
        return new(code, message, requestId);
    }

    /// <summary>A type, unless it is the URI of a problem's description (RFC 9457, section 3.1.1).</summary>
    private static string? ErrorType(string? type) =>
        type.AsSpan().ContainsAny(':', '/') ? null : type;

    /// <summary>The first of a list of issues, as <c>path: message</c>.</summary>
    private static string? FirstIssue(JsonElement root)
    {
        var issues =
            Property(root, "issues")
            ?? Property(root, "errors")
            ?? Property(Property(root, "details"), "issues");
        if (issues is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            return null;
        }

        var first = list[0];
        var message = Text(Property(first, "message")) ?? Text(first);
        var path = Property(first, "path") is { ValueKind: JsonValueKind.Array } parts
            ? string.Join('.', parts.EnumerateArray().Select(part => Text(part)))
            : Text(Property(first, "path"));
        return string.IsNullOrEmpty(path) ? message : $"{path}: {message}";
    }

    private static JsonElement? Property(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } map
        && map.TryGetProperty(name, out var value)
            ? value
            : null;

    /// <summary>A string or a number as text; null for anything else, and for an empty string.</summary>
    private static string? Text(JsonElement? element)
    {
        switch (element?.ValueKind)
        {
            case JsonValueKind.Number:
                return element.Value.GetRawText();
            case JsonValueKind.String:
                try
                {
                    return element.Value.GetString() is { Length: > 0 } text ? text : null;
                }
                catch (InvalidOperationException)
                {
                    // A lone surrogate: no .NET text says the same.
                    return element.Value.GetRawText().Trim('"');
                }

            default:
                return null;
        }
    }

    private static string? OfText(string body, string? mediaType)
    {
        var text = body.Trim();
        var isMarkup =
            mediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true
            || text.StartsWith('<');
        var isJson = mediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
        var isBinary = text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c));
        return text.Length is 0 or > LongestText || isMarkup || isJson || isBinary ? null : text;
    }
}
