namespace OrqGenerated.Internal;

/// <summary>The client's options with a call's own laid over them.</summary>
internal sealed class CallSettings
{
    public CallSettings(OrqClientOptions client)
    {
        ServerUrl = client.ServerUrl;
        Retry = client.Retry;
        AttemptTimeout = client.AttemptTimeout;
        TotalTimeout = client.TotalTimeout;
        Headers = (HeaderDictionary)client.Headers;
    }

    /// <exception cref="ArgumentException">The call goes to another host without a key of its own.</exception>
    public CallSettings(
        CallSettings client,
        OrqRequestOptions call,
        ICollection<string> allowedHosts
    )
    {
        ServerUrl = call.ServerUrl ?? client.ServerUrl;
        Retry = call.Retry?.Copy() ?? client.Retry;
        AttemptTimeout = call.AttemptTimeout ?? client.AttemptTimeout;
        TotalTimeout = call.TotalTimeout ?? client.TotalTimeout;
        ApiKey = call.ApiKey;
        RateLimited = call.RateLimited;
        Headers = client.Headers;
        if (call.Headers.Count > 0)
        {
            Headers = new HeaderDictionary(client.Headers);
            foreach (var (name, value) in call.Headers)
            {
                Headers[name] = value;
            }
        }

        if (
            ApiKey is null
            && !string.Equals(
                ServerUrl.IdnHost,
                client.ServerUrl.IdnHost,
                StringComparison.OrdinalIgnoreCase
            )
            && !allowedHosts.Contains(ServerUrl.IdnHost, StringComparer.OrdinalIgnoreCase)
            && !allowedHosts.Contains(ServerUrl.Host, StringComparer.OrdinalIgnoreCase)
        )
        {
            throw new ArgumentException(
                $"The call goes to {ServerUrl.Host}, which is neither the client's host nor one of its AllowedHosts, so it needs an ApiKey of its own.",
                "options"
            );
        }
    }

    public Uri ServerUrl { get; }

    public RetryConfig Retry { get; }

    public TimeSpan AttemptTimeout { get; }

    public TimeSpan TotalTimeout { get; }

    /// <summary>The call's own key; null for the client's.</summary>
    public string? ApiKey { get; }

    public HeaderDictionary Headers { get; }

    /// <inheritdoc cref="OrqRequestOptions.RateLimited"/>
    public Action<TimeSpan>? RateLimited { get; }
}
