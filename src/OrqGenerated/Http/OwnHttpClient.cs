namespace OrqGenerated.Internal;

/// <summary>The HTTP client that a client makes when it is given none.</summary>
internal static class OwnHttpClient
{
    public static HttpClient Create() =>
        new(CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>No redirects, which would carry the key elsewhere and turn a POST into a GET; no cookies, which would tie calls together; <see cref="ReceivedBody"/> unpacks.</summary>
    public static SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = 256,
        };
}
