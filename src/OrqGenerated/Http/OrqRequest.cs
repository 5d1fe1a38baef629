using System.Collections;
using System.Collections.Concurrent;
using System.Net;

namespace OrqGenerated.Internal;

/// <summary>An operation of the document.</summary>
internal sealed record OrqOperation(
    string Name,
    HttpMethod Method,
    string Path,
    bool IsMarkedIdempotent = false,
    string ContentType = "application/json",
    string Accept = "application/json"
)
{
    /// <summary>Whether sending it twice has the same effect as sending it once (RFC 9110, section 9.2.2).</summary>
    public bool IsIdempotent { get; } = IsMarkedIdempotent || Method.Method is "GET" or "HEAD" or "PUT" or "DELETE";
}

/// <summary>A call's request: its operation, parameters and body.</summary>
internal sealed class OrqRequest(OrqOperation operation)
{
    private static readonly string UserAgent =
        $"orq-generated-dotnet/{typeof(OrqRequest).Assembly.GetName().Version?.ToString(3)}";

    private List<string>? _parameterValues;
    private List<KeyValuePair<string, string>>? _headerParameters;
    private byte[]? _json;
    private RequestContent? _content;

    public OrqOperation Operation { get; } = operation;

    /// <summary>The path and the query, escaped, with a leading slash.</summary>
    public string RelativeUrl { get; private set; } = operation.Path;

    /// <summary>The values of all parameters, to be redacted from messages.</summary>
    public IReadOnlyList<string> ParameterValues => _parameterValues ?? [];

    /// <summary>The body, the same bytes for every attempt; empty for none.</summary>
    public ReadOnlySpan<byte> Json => _json;

    /// <summary>Whether the last attempt may have sent the request, which cannot be ruled out without a body.</summary>
    public bool MayHaveBeenSent => _json is null || _content is { WasRead: true };

    /// <summary>Puts a value into the path; a list is joined by commas.</summary>
    public void AddPath<T>(string name, T value)
    {
        var values = Format(value);
        if (string.Join(',', values) is "" or "." or "..")
        {
            throw new ArgumentException(
                $"{name} must not be null, empty, \".\" or \"..\", since it is part of the path.",
                name
            );
        }

        var escaped = string.Join(',', values.Select(Uri.EscapeDataString));
        RelativeUrl = RelativeUrl.Replace($"{{{name}}}", escaped, StringComparison.Ordinal);
    }

    /// <summary>Adds a query parameter unless it is null; a list with commas or, if exploded, once per item.</summary>
    public void AddQuery<T>(string name, T value, bool isExploded = false, bool isRequired = false)
    {
        if (IsGiven(name, value, isRequired))
        {
            var values = Format(value).Select(Uri.EscapeDataString);
            var pairs = isExploded ? values : [string.Join(',', values)];
            var query = string.Join('&', pairs.Select(pair => $"{Uri.EscapeDataString(name)}={pair}"));
            var separator = RelativeUrl.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            RelativeUrl += query.Length == 0 ? "" : separator + query;
        }
    }

    /// <summary>Adds a header parameter unless it is null; a list is joined by commas.</summary>
    public void AddHeader<T>(string name, T value, bool isRequired = false)
    {
        if (IsGiven(name, value, isRequired))
        {
            var joined = string.Join(',', Format(value));
            OptionChecks.RequireValidHeaderValue(name, joined, name);
            (_headerParameters ??= []).Add(new(name, joined));
        }
    }

    /// <summary>Checks the body against the document and writes it, once for all attempts, unless it is null.</summary>
    public void SetBody<T>(T? body, JsonCodec<T> codec, bool isRequired = false)
    {
        if (isRequired)
            ArgumentNullException.ThrowIfNull(body);

        if (body is not null)
            _json = JsonCodec.Write(codec, body);
    }

    /// <summary>Creates the message of one attempt; the given headers replace those of the operation.</summary>
    public HttpRequestMessage ToMessage(Uri url, ApiKey key, IDictionary<string, string> headers)
    {
        _content = _json is null ? null : new RequestContent(_json, Operation.ContentType);
        var message = new HttpRequestMessage(Operation.Method, url) { Content = _content };
        message.Headers.TryAddWithoutValidation("Authorization", key.Header);
        message.Headers.TryAddWithoutValidation("Accept", Operation.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in _headerParameters ?? [])
            SetHeader(message, name, value);

        foreach (var (name, value) in headers)
            SetHeader(message, name, value);

        return message;
    }

    /// <summary>
    /// Whether the HTTP client followed a redirect, which changes the method or removes the key. A handler that
    /// rewrites the URL keeps both.
    /// </summary>
    public bool WasRedirected(HttpRequestMessage? sent, Uri url) =>
        sent is not null
        && (
            sent.Method != Operation.Method
            || (sent.RequestUri != url && !sent.Headers.NonValidated.Contains("Authorization"))
        );

    private static void SetHeader(HttpRequestMessage message, string name, string value)
    {
        if (message.Headers.NonValidated.Contains(name))
            message.Headers.Remove(name);

        if (!message.Headers.TryAddWithoutValidation(name, value))
        {
            // .NET reserves some names, such as Expires, for the headers of a body.
            message.Content ??= new ByteArrayContent([]);
            message.Content.Headers.Remove(name);
            message.Content.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>Whether a parameter has a value. Throws if a required one has none.</summary>
    private static bool IsGiven<T>(string name, T value, bool isRequired) =>
        value is null && isRequired
            ? throw new ArgumentException($"{name} must not be null.", name)
            : value is not null;

    /// <summary>Formats a value, or each item of a list, and remembers the strings for redaction.</summary>
    private List<string> Format<T>(T value)
    {
        List<string> values = value is IEnumerable items and not (string or byte[])
            ? [.. items.OfType<object>().Select(ParameterText.Of)]
            : [ParameterText.Of(value)];
        (_parameterValues ??= []).AddRange(values);
        return values;
    }
}

/// <summary>A request's JSON for one attempt.</summary>
internal sealed class RequestContent : ByteArrayContent
{
    private readonly byte[] _json;

    public RequestContent(byte[] json, string contentType)
        : base(json)
    {
        _json = json;
        Headers.TryAddWithoutValidation("Content-Type", contentType);
    }

    /// <summary>Whether .NET's handler has read the bytes, so that the server may have seen them.</summary>
    public bool WasRead { get; private set; }

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        WasRead = true;
        // In a derived class, the base method would ignore the token.
        return stream.WriteAsync(_json, cancellationToken).AsTask();
    }
}

/// <summary>A server, with the URLs of its operations cached, since parsing one for each call is slow.</summary>
internal sealed class ServerAddress(Uri url)
{
    private readonly ConcurrentDictionary<OrqOperation, Uri> _urls = new(ReferenceEqualityComparer.Instance);

    public Uri Url { get; } = url;

    public Uri UrlFor(OrqRequest request) =>
        request.RelativeUrl == request.Operation.Path
            ? _urls.GetOrAdd(request.Operation, static (operation, server) => Combine(operation.Path, server), Url)
            : Combine(request.RelativeUrl, Url);

    private static Uri Combine(string relativeUrl, Uri server) => new(server.AbsoluteUri + relativeUrl[1..]);
}
