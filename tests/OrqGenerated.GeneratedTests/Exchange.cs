using System.Net;
using System.Text;

namespace OrqGenerated.GeneratedTests;

/// <summary>One call in memory: what was asked, and the answer to it.</summary>
internal sealed class Exchange(string? answer = null, int status = 200) : HttpMessageHandler
{
    /// <summary>The method and everything of the address behind the host.</summary>
    public string Asked { get; private set; } = "nothing";

    /// <summary>The scheme and host that were asked.</summary>
    public string? Server { get; private set; }

    /// <summary>The request's body; null when there was none.</summary>
    public string? Body { get; private set; }

    /// <summary>The request's headers.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    public HttpClient Http => new(this, disposeHandler: false);

    public static OrqClientOptions Options => new() { ApiKey = "key", Retry = RetryConfig.None };

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Server = request.RequestUri!.GetLeftPart(UriPartial.Authority);
        Asked = $"{request.Method} {request.RequestUri.PathAndQuery}";
        Body = request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken);
        foreach (
            var (name, values) in request.Headers.Concat(
                request.Content?.Headers ?? Enumerable.Empty<KeyValuePair<string, IEnumerable<string>>>()
            )
        )
        {
            Headers[name] = string.Join(',', values);
        }

        return new HttpResponseMessage((HttpStatusCode)status)
        {
            RequestMessage = request,
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answer ?? "")),
        };
    }
}
