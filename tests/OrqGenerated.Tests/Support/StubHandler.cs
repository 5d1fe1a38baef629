using System.Text;

namespace OrqGenerated.Tests.Support;

/// <summary>A request that a <see cref="StubHandler"/> received.</summary>
internal sealed record StubRequest(
    HttpMethod Method,
    Uri? Uri,
    IReadOnlyDictionary<string, string> Headers,
    string Body
);

/// <summary>
/// A server in memory. It sends a test's responses in turn and repeats the last one; without any it never responds.
/// </summary>
internal sealed class StubHandler : HttpMessageHandler
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>>> _responders = [];
    private readonly List<StubRequest> _requests = [];
    private readonly SemaphoreSlim _arrived = new(0);

    /// <summary>The requests so far.</summary>
    public IReadOnlyList<StubRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public bool IsDisposed { get; private set; }

    /// <summary>Called with each request before its body is read, like an outer handler.</summary>
    public Action<HttpRequestMessage>? OnRequest { get; set; }

    /// <summary>Responds with JSON; headers have the form <c>name: value</c>.</summary>
    public StubHandler Responds(int status, string body = "", params string[] headers) =>
        Responds(() => Response(status, body, headers));

    /// <summary>Responds with a new response to each request.</summary>
    public StubHandler Responds(Func<HttpResponseMessage> response) => Does((_, _) => Task.FromResult(response()));

    /// <summary>Throws, as a broken connection does.</summary>
    public StubHandler Throws(Func<Exception> exception) => Does((_, _) => throw exception());

    /// <summary>Never responds; only cancellation ends the request.</summary>
    public StubHandler Hangs() => Does((_, token) => HangAsync(token));

    public StubHandler Does(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> responder)
    {
        _responders.Add(responder);
        return this;
    }

    /// <summary>Completes when one more request has arrived; each request counts once.</summary>
    /// <exception cref="TimeoutException">None has arrived within 30 seconds.</exception>
    public async Task WaitForRequestAsync()
    {
        if (!await _arrived.WaitAsync(Guard))
            throw new TimeoutException($"Waited {Guard} for a request; {Requests.Count} have arrived in all.");
    }

    /// <summary>A response with a JSON body, unless a header says otherwise.</summary>
    public static HttpResponseMessage Response(int status, string body, params string[] headers) =>
        Response(
            status,
            new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
            ["Content-Type: application/json", .. headers]
        );

    /// <summary>A response whose body is read from a stream.</summary>
    public static HttpResponseMessage Response(int status, Stream body, params string[] headers) =>
        Response(status, new StreamContent(body), headers);

    /// <summary>A response with any body; the last of several content headers with the same name wins.</summary>
    public static HttpResponseMessage Response(int status, HttpContent content, params string[] headers)
    {
        var response = new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = content };
        foreach (var header in headers)
        {
            var (name, value) = (header.Split(':')[0], header[(header.IndexOf(':') + 1)..].Trim());
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        OnRequest?.Invoke(request);
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, values) in request.Headers.NonValidated)
            headers[name] = values.ToString();

        foreach (var (name, values) in request.Content?.Headers.NonValidated ?? default)
            headers[name] = values.ToString();

        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(CancellationToken.None);
        int index;
        lock (_lock)
        {
            index = _requests.Count;
            _requests.Add(new StubRequest(request.Method, request.RequestUri, headers, body));
        }

        _arrived.Release();
        if (_responders.Count == 0)
            return await HangAsync(cancellationToken);

        var responder = _responders[Math.Min(index, _responders.Count - 1)];
        // Like HttpClient's own handlers, this does not return to the caller's context.
        var response = await responder(request, cancellationToken).ConfigureAwait(false);
        response.RequestMessage ??= request;
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        if (disposing)
            _arrived.Dispose();

        base.Dispose(disposing);
    }

    private static async Task<HttpResponseMessage> HangAsync(CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        throw new InvalidOperationException("An infinite wait ended.");
    }
}
