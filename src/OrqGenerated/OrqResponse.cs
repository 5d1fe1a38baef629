using System.Collections.ObjectModel;
using System.Net.Http.Headers;

namespace OrqGenerated;

/// <summary>The status, headers and number of attempts of a successful call.</summary>
public class OrqResponse
{
    private IReadOnlyDictionary<string, string>? _headers;

    /// <summary>Creates a response, for example in a test.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    public OrqResponse(int statusCode) => StatusCode = statusCode;

    /// <summary>The HTTP status, from 200 to 299.</summary>
    public int StatusCode { get; }

    /// <summary>The headers by case-insensitive name; repeated ones are joined by <c>", "</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => _headers ??= Source.ToDictionary();
        init => _headers = value;
    }

    /// <summary>The server's request id (<c>x-orq-trace-id</c> or <c>x-request-id</c>); null if absent.</summary>
    public string? RequestId => ResponseHeaders.RequestId(Headers);

    /// <summary>The number of attempts, including the successful one.</summary>
    public int Attempts { get; init; } = 1;

    internal ResponseHeaders Source { private get; init; }
}

/// <summary>The result of a successful call.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
public sealed class OrqResponse<T> : OrqResponse
{
    /// <summary>Creates a response, for example in a test.</summary>
    /// <param name="value">The body.</param>
    /// <param name="statusCode">The HTTP status.</param>
    public OrqResponse(T value, int statusCode = 200)
        : base(statusCode) => Value = value;

    /// <summary>The body.</summary>
    public T Value { get; }
}

/// <summary>The headers of a response, none by default. They outlive it and do not keep the request alive.</summary>
internal readonly struct ResponseHeaders(HttpResponseMessage response)
{
    private readonly HttpResponseHeaders _response = response.Headers;
    private readonly HttpContentHeaders _content = response.Content.Headers;

    public static IReadOnlyDictionary<string, string> None { get; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>orq.ai's gateway sends <c>x-orq-trace-id</c>, proxies send <c>x-request-id</c>.</summary>
    public static string? RequestId(IReadOnlyDictionary<string, string> headers) =>
        headers.TryGetValue("x-orq-trace-id", out var id) && id.Length > 0
        || headers.TryGetValue("x-request-id", out id) && id.Length > 0
            ? id
            : null;

    public IReadOnlyDictionary<string, string> ToDictionary()
    {
        if (_response is null)
            return None;

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in _response.NonValidated.Concat(_content.NonValidated))
            headers[name] = string.Join(", ", values);

        return headers;
    }
}
