using System.Net;

namespace OrqGenerated.Internal;

/// <summary>The handler of every HttpClient that is not the caller's own, including dependency injection's.</summary>
internal static class PrimaryHandler
{
    /// <summary>
    /// Creates a handler without redirects, which would take the key elsewhere and turn a POST into a GET, and without
    /// cookies, which would tie calls together.
    /// </summary>
    public static SocketsHttpHandler Create() =>
        new()
        {
            AllowAutoRedirect = false,
            // Every server knows gzip, and offering more encodings costs time on each call.
            AutomaticDecompression = DecompressionMethods.GZip,
            UseCookies = false,
            Proxy = new HttpsProxy(),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = 256,
        };

    /// <summary>The system's proxy, only for https: plain http would reveal the key to it.</summary>
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
