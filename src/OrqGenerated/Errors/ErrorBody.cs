using System.Numerics;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>
/// The facts in an error's body. orq.ai and the proxies in front of it send many shapes; reading one never throws.
/// </summary>
internal readonly record struct ErrorBody(string? Code, string? Message, string? RequestId)
{
    /// <summary>A body that is not JSON counts as a message up to this length.</summary>
    private const int LongestText = 1000;

    public static ErrorBody Parse(string body, string? mediaType)
    {
        if (JsonCodec.Read(JsonCodec.Any, Encoding.UTF8.GetBytes(body), out var root) is not null)
            return new(null, PlainText(body, mediaType), null);

        var inner = Property(root, "error");
        var nested = inner is IReadOnlyDictionary<string, object?> ? inner : root;
        var code =
            Text(Property(nested, "code")) ?? Text(Property(root, "code")) ?? ErrorType(Text(Property(nested, "type")));
        var message =
            Text(Property(nested, "message"))
            ?? Text(Property(root, "message"))
            ?? Text(inner)
            ?? Text(Property(root, "detail"))
            ?? Text(Property(root, "title"))
            ?? FirstIssue(root)
            ?? Text(root as string);
        var requestId = Text(Property(root, "request_id")) ?? Text(Property(nested, "request_id"));
        return new(code, message, requestId);
    }

    /// <summary>The type, unless it is the URI of a problem type (RFC 9457, section 3.1.1).</summary>
    private static string? ErrorType(string? type) => type.AsSpan().ContainsAny(':', '/') ? null : type;

    /// <summary>The first of a list of issues, as <c>path: message</c>.</summary>
    private static string? FirstIssue(object? root)
    {
        var issues =
            Property(root, "issues") ?? Property(root, "errors") ?? Property(Property(root, "details"), "issues");
        if (issues is not IReadOnlyList<object?> { Count: > 0 } list)
            return null;

        var message = Text(Property(list[0], "message") ?? list[0]);
        var path = Property(list[0], "path") is IReadOnlyList<object?> parts
            ? string.Join('.', parts.Select(Text))
            : Text(Property(list[0], "path"));
        return message is null || string.IsNullOrEmpty(path) ? message : $"{path}: {message}";
    }

    private static object? Property(object? value, string name) =>
        (value as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault(name);

    /// <summary>A string or a number as text; null for anything else, and for a blank string.</summary>
    private static string? Text(object? value) =>
        value switch
        {
            string text when !string.IsNullOrWhiteSpace(text) => text,
            long or BigInteger or decimal or double => ParameterText.Of(value),
            _ => null,
        };

    private static string? PlainText(string body, string? mediaType)
    {
        var text = body.Trim();
        var isMarkup = mediaType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true || text.StartsWith('<');
        var isJson = mediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
        var isBinary = text.Any(c => char.IsControl(c) && !char.IsWhiteSpace(c));
        return text.Length is 0 or > LongestText || isMarkup || isJson || isBinary ? null : text;
    }
}
