namespace OrqGenerated.Internal;

/// <summary>The client's options, overridden by those of one call.</summary>
internal sealed record CallSettings(OrqClientOptions Client)
{
    public ServerAddress Server { get; private init; } = new(Client.ServerUrl);

    public RetryConfig Retry { get; private init; } = Client.Retry;

    public TimeSpan AttemptTimeout { get; private init; } = Client.AttemptTimeout;

    public TimeSpan TotalTimeout { get; private init; } = Client.TotalTimeout;

    /// <summary>The call's own key; null to use the client's.</summary>
    public ApiKey? ApiKey { get; private init; }

    public IDictionary<string, string> Headers { get; private init; } = Client.Headers;

    /// <exception cref="ArgumentException">An option is invalid.</exception>
    public static CallSettings Of(OrqClientOptions client)
    {
        OptionChecks.RequireValidHostNames(client.AllowedHosts, nameof(client.AllowedHosts));
        OptionChecks.RequireValidHostNames(client.AllowInsecureHosts, nameof(client.AllowInsecureHosts));
        OptionChecks.RequireEncryption(client.ServerUrl, client.AllowInsecureHosts, nameof(client.ServerUrl));
        OptionChecks.RequireValidHeaders(client.Headers);
        return new CallSettings(client);
    }

    /// <inheritdoc cref="Of"/>
    public CallSettings With(OrqRequestOptions call)
    {
        OptionChecks.RequireValidHeaders(call.Headers);
        if (call.ServerUrl is not null)
            CheckKeyMayGoTo(call.ServerUrl, call.ApiKey);

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
            merged[name] = value;

        return merged;
    }

    private void CheckKeyMayGoTo(Uri url, string? ownKey)
    {
        OptionChecks.RequireEncryption(url, Client.AllowInsecureHosts, nameof(Client.ServerUrl));
        if (ownKey is null && !OptionChecks.ContainsHost([Client.ServerUrl.IdnHost, .. Client.AllowedHosts], url))
        {
            throw new ArgumentException(
                $"The call goes to {url.Host}, which is neither the client's host nor one of its AllowedHosts,"
                    + " so it needs an ApiKey of its own.",
                "options"
            );
        }
    }
}
