using System.Net;

namespace OrqGenerated.Internal;

/// <summary>The handler under a client of our own, in dependency injection as well.</summary>
internal static class PrimaryHandler
{
    /// <summary>
    /// Creates the handler: without redirects, which would carry the key elsewhere and turn a POST into a GET, and
    /// without cookies, which would tie calls together.
    /// </summary>
    public static SocketsHttpHandler Create() =>
        new()
        {
            AllowAutoRedirect = false,
            // One encoding, which every server knows: offering more costs each call time.
            AutomaticDecompression = DecompressionMethods.GZip,
            UseCookies = false,
            Proxy = new HttpsProxy(),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = 256,
        };

    /// <summary>The system's proxy for https alone: plain http would show it the key.</summary>
    private sealed class HttpsProxy : IWebProxy
    {
        public ICredentials? Credentials
        {
            get => HttpClient.DefaultProxy.Credentials;
            set => throw new NotSupportedException();
        }

        public Uri? GetProxy(Uri destination) => HttpClient.DefaultProxy.GetProxy(destination);

        public bool IsBypassed(Uri host) =>
            host.Scheme == Uri.UriSchemeHttp || HttpClient.DefaultProxy.IsBypassed(host);
    }
}
