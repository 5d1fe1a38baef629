namespace OrqGenerated.Internal;

/// <summary>The client's options, with those of one call laid over them.</summary>
internal sealed class CallSettings
{
    public CallSettings(OrqClientOptions client)
    {
        OptionChecks.HostNames(client.AllowedHosts, nameof(client.AllowedHosts));
        OptionChecks.HostNames(client.AllowInsecureHosts, nameof(client.AllowInsecureHosts));
        OptionChecks.Encryption(client.ServerUrl, client.AllowInsecureHosts, nameof(client.ServerUrl));
        OptionChecks.Headers(client.Headers);
        Client = client;
        Server = new ServerAddress(client.ServerUrl);
        Retry = client.Retry;
        AttemptTimeout = client.AttemptTimeout;
        TotalTimeout = client.TotalTimeout;
        Headers = client.Headers;
    }

    public CallSettings(CallSettings client, OrqRequestOptions call)
    {
        Client = client.Client;
        Server = client.Server;
        Retry = call.Retry?.Copy() ?? client.Retry;
        AttemptTimeout = call.AttemptTimeout ?? client.AttemptTimeout;
        TotalTimeout = call.TotalTimeout ?? client.TotalTimeout;
        ApiKey = call.ApiKey is null ? null : new ApiKey(call.ApiKey);
        Headers = client.Headers;
        if (call.Headers.Count > 0)
        {
            OptionChecks.Headers(call.Headers);
            Headers = new Dictionary<string, string>(client.Headers, StringComparer.OrdinalIgnoreCase);
            foreach (var (name, value) in call.Headers)
            {
                Headers[name] = value;
            }
        }

        if (call.ServerUrl is not null)
        {
            CheckKeyMayGoTo(call.ServerUrl);
            Server = new ServerAddress(call.ServerUrl);
        }
    }

    public OrqClientOptions Client { get; }

    public ServerAddress Server { get; }

    public RetryConfig Retry { get; }

    public TimeSpan AttemptTimeout { get; }

    public TimeSpan TotalTimeout { get; }

    /// <summary>The call's own key; null for the client's.</summary>
    public ApiKey? ApiKey { get; }

    public IDictionary<string, string> Headers { get; }

    private void CheckKeyMayGoTo(Uri url)
    {
        OptionChecks.Encryption(url, Client.AllowInsecureHosts, nameof(Client.ServerUrl));
        if (
            ApiKey is null
            && !OptionChecks.Names([Client.ServerUrl.IdnHost], url)
            && !OptionChecks.Names(Client.AllowedHosts, url)
        )
        {
            throw new ArgumentException(
                $"The call goes to {url.Host}, which is neither the client's host nor one of its AllowedHosts,"
                    + " so it needs an ApiKey of its own.",
                "options"
            );
        }
    }
}
