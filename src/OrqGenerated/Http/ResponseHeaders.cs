using System.Collections.ObjectModel;

namespace OrqGenerated.Internal;

/// <summary>Response headers as callers see them: by name without regard to case, repeated ones joined.</summary>
internal static class ResponseHeaders
{
    public static IReadOnlyDictionary<string, string> None { get; } =
        ReadOnlyDictionary<string, string>.Empty;

    public static IReadOnlyDictionary<string, string> Of(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            headers[name] = string.Join(", ", values);
        }

        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            headers[name] = string.Join(", ", values);
        }

        return headers;
    }

    /// <summary>The correlation id; orq.ai's gateway sends <c>x-orq-trace-id</c>, proxies <c>x-request-id</c>.</summary>
    public static string? RequestId(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue("x-orq-trace-id", out var id) && id.Length > 0
        || headers.TryGetValue("x-request-id", out id) && id.Length > 0
            ? id
            : null;
}
