using System.Collections;
using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>An operation as the document describes it.</summary>
internal sealed record OrqOperation(string Name, HttpMethod Method, string Path, bool IsMarkedIdempotent = false)
{
    public string ContentType { get; init; } = "application/json";

    public string Accept { get; init; } = "application/json";

    /// <summary>Whether sending it twice has the effect of sending it once (RFC 9110, section 9.2.2).</summary>
    public bool IsIdempotent { get; } =
        IsMarkedIdempotent
        || Method == HttpMethod.Get
        || Method == HttpMethod.Head
        || Method == HttpMethod.Put
        || Method == HttpMethod.Delete;
}

/// <summary>A call's request: its operation, parameters and body.</summary>
internal sealed class OrqRequest(OrqOperation operation)
{
    private static readonly string UserAgent =
        $"orq-generated-dotnet/{typeof(OrqRequest).Assembly.GetName().Version?.ToString(3)}";

    private string _path = operation.Path;
    private StringBuilder? _query;
    private List<string>? _texts;
    private List<KeyValuePair<string, string>>? _headers;
    private byte[]? _json;
    private RequestContent? _content;

    public OrqOperation Operation { get; } = operation;

    /// <summary>The operation's path and query, escaped, without a leading slash.</summary>
    public string RelativeUrl => (_path + _query)[1..];

    public bool HasParameters => _texts is not null || _query is not null;

    /// <summary>The parameters' values, to be found in a server's words.</summary>
    public IReadOnlyList<string> ParameterTexts => _texts ?? [];

    /// <summary>The body, the same bytes for every attempt; empty for none.</summary>
    public ReadOnlySpan<byte> Json => _json;

    /// <summary>Whether the last attempt may have sent the request. Without a body nobody can tell.</summary>
    public bool WasRead => _json is null || _content is { WasRead: true };

    /// <summary>Puts a value into the path; a list is joined by commas.</summary>
    public void AddPath<T>(string name, T value)
    {
        var texts = Texts(value);
        if (string.Join(',', texts) is "" or "." or "..")
        {
            throw new ArgumentException(
                $"{name} must not be null, empty, \".\" or \"..\", since it is part of the path.",
                name
            );
        }

        _path = _path.Replace(
            "{" + name + "}",
            string.Join(',', texts.Select(Uri.EscapeDataString)),
            StringComparison.Ordinal
        );
    }

    /// <summary>
    /// Adds a query parameter, unless it is null; a list is joined by commas, or exploded, an item at a time.
    /// </summary>
    public void AddQuery<T>(string name, T value, bool isExploded = false, bool isRequired = false)
    {
        if (IsGiven(name, value, isRequired))
        {
            var texts = Texts(value).Select(Uri.EscapeDataString);
            foreach (var text in isExploded ? texts : [string.Join(',', texts)])
            {
                var isFirst = _query is null && !Operation.Path.Contains('?', StringComparison.Ordinal);
                _query ??= new StringBuilder();
                _query.Append(isFirst ? '?' : '&').Append(Uri.EscapeDataString(name)).Append('=').Append(text);
            }
        }
    }

    /// <summary>Adds a header parameter, unless it is null; a list is joined by commas.</summary>
    public void AddHeader<T>(string name, T value, bool isRequired = false)
    {
        if (IsGiven(name, value, isRequired))
        {
            var text = string.Join(',', Texts(value));
            OptionChecks.HeaderValue(name, text, name);
            (_headers ??= []).Add(new(name, text));
        }
    }

    /// <summary>Checks the body against the document and writes it, once for all attempts.</summary>
    public void SetBody<T>(T body, JsonCodec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(body);
        _json = JsonCodec.Write(codec, body);
    }

    /// <summary>Creates the message of one attempt; a caller's own headers replace the operation's.</summary>
    public HttpRequestMessage ToMessage(Uri address, ApiKey key, IDictionary<string, string> headers)
    {
        _content = _json is null ? null : new RequestContent(_json, Operation.ContentType);
        var message = new HttpRequestMessage(Operation.Method, address) { Content = _content };
        message.Headers.TryAddWithoutValidation("Authorization", key.Header);
        message.Headers.TryAddWithoutValidation("Accept", Operation.Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        foreach (var (name, value) in _headers ?? [])
        {
            SetHeader(message, name, value);
        }

        foreach (var (name, value) in headers)
        {
            SetHeader(message, name, value);
        }

        return message;
    }

    /// <summary>
    /// Whether the HTTP client has followed a redirect, which changes the method or removes the key. A handler that
    /// rewrites the address keeps both.
    /// </summary>
    public bool WasRedirected(HttpRequestMessage? sent, Uri address) =>
        sent is not null
        && (
            sent.Method != Operation.Method
            || (sent.RequestUri != address && !sent.Headers.NonValidated.Contains("Authorization"))
        );

    private static void SetHeader(HttpRequestMessage message, string name, string value)
    {
        if (message.Headers.NonValidated.Contains(name))
        {
            message.Headers.Remove(name);
        }

        if (!message.Headers.TryAddWithoutValidation(name, value))
        {
            // .NET keeps some names, such as Expires and Content-Language, for the headers of a body.
            message.Content ??= new ByteArrayContent([]);
            message.Content.Headers.Remove(name);
            message.Content.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static bool IsGiven<T>(string name, T value, bool isRequired) =>
        value is not null || (isRequired ? throw new ArgumentException($"{name} must not be null.", name) : false);

    private List<string> Texts<T>(T value) =>
        value is IEnumerable items and not (string or byte[])
            ? [.. items.OfType<object>().Select(item => Remembered(ParameterText.Of(item)))]
            : [Remembered(ParameterText.Of(value))];

    private string Remembered(string text)
    {
        (_texts ??= []).Add(text);
        return text;
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

    /// <summary>Whether .NET's handler has asked for the bytes, so that a server may have seen them.</summary>
    public bool WasRead { get; private set; }

    protected override Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        WasRead = true;
        return stream.WriteAsync(_json, cancellationToken).AsTask();
    }
}

/// <summary>A server, with the addresses of its operations: creating a Uri takes as long as sending.</summary>
internal sealed class ServerAddress(Uri url)
{
    private readonly ConcurrentDictionary<OrqOperation, Uri> _addresses = new(ReferenceEqualityComparer.Instance);

    public Uri Url { get; } = url;

    public Uri Of(OrqRequest request) =>
        request.HasParameters ? Combine(request.RelativeUrl)
        : _addresses.TryGetValue(request.Operation, out var address) ? address
        : _addresses.GetOrAdd(request.Operation, Combine(request.RelativeUrl));

    private Uri Combine(string relativeUrl) => new(Url.AbsoluteUri + relativeUrl);
}
