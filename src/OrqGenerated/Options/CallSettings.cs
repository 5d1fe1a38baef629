namespace OrqGenerated.Internal;

/// <summary>The client's options, with those of one call laid over them.</summary>
internal sealed record CallSettings(OrqClientOptions Client)
{
    public ServerAddress Server { get; private init; } = new(Client.ServerUrl);

    public RetryConfig Retry { get; private init; } = Client.Retry;

    public TimeSpan AttemptTimeout { get; private init; } = Client.AttemptTimeout;

    public TimeSpan TotalTimeout { get; private init; } = Client.TotalTimeout;

    /// <summary>The call's own key; null for the client's.</summary>
    public ApiKey? ApiKey { get; private init; }

    public IDictionary<string, string> Headers { get; private init; } = Client.Headers;

    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public static CallSettings Of(OrqClientOptions client)
    {
        OptionChecks.HostNames(client.AllowedHosts, nameof(client.AllowedHosts));
        OptionChecks.HostNames(client.AllowInsecureHosts, nameof(client.AllowInsecureHosts));
        OptionChecks.Encryption(client.ServerUrl, client.AllowInsecureHosts, nameof(client.ServerUrl));
        OptionChecks.Headers(client.Headers);
        return new CallSettings(client);
    }

    /// <inheritdoc cref="Of"/>
    public CallSettings With(OrqRequestOptions call)
    {
        OptionChecks.Headers(call.Headers);
        if (call.ServerUrl is not null)
        {
            CheckKeyMayGoTo(call.ServerUrl, call.ApiKey);
        }

        return this with
        {
            Server = call.ServerUrl is null ? Server : new ServerAddress(call.ServerUrl),
            Retry = call.Retry?.Copy() ?? Retry,
            AttemptTimeout = call.AttemptTimeout ?? AttemptTimeout,
            TotalTimeout = call.TotalTimeout ?? TotalTimeout,
            ApiKey = call.ApiKey is null ? null : new ApiKey(call.ApiKey),
            Headers = call.Headers.Count == 0 ? Headers : Merged(call.Headers),
        };
    }

    private Dictionary<string, string> Merged(IDictionary<string, string> headers)
    {
        var merged = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
        {
            merged[name] = value;
        }

        return merged;
    }

    private void CheckKeyMayGoTo(Uri url, string? ownKey)
    {
        OptionChecks.Encryption(url, Client.AllowInsecureHosts, nameof(Client.ServerUrl));
        if (ownKey is null && !OptionChecks.Names([Client.ServerUrl.IdnHost, .. Client.AllowedHosts], url))
        {
            throw new ArgumentException(
                $"The call goes to {url.Host}, which is neither the client's host nor one of its AllowedHosts,"
                    + " so it needs an ApiKey of its own.",
                "options"
            );
        }
    }
}
