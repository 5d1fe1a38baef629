namespace OrqGenerated.Internal;

/// <summary>An API key and the header that carries it. Not a record, which would print the key.</summary>
internal sealed class ApiKey(string text)
{
    public string Text { get; } = text;

    public string Header { get; } = $"Bearer {text}";
}

/// <summary>The client's key: a fixed one, or one from a provider, kept until the server rejects it.</summary>
internal sealed class ApiKeys
{
    private readonly Func<ApiKeyRequest, CancellationToken, ValueTask<string>>? _provider;
    private readonly object _lock = new();
    private volatile ApiKey? _key;
    private Task<ApiKey>? _refresh;
    private CancellationToken _refreshCancellation;

    /// <exception cref="ArgumentException">There is no key, or there are two sources of one.</exception>
    public ApiKeys(OrqClientOptions options)
    {
        if (options.ApiKey is not null && options.ApiKeyProvider is not null)
        {
            throw new ArgumentException(
                $"{nameof(options.ApiKey)} and {nameof(options.ApiKeyProvider)} are both set; set one of them.",
                nameof(options)
            );
        }

        _provider = options.ApiKeyProvider;
        if (_provider is null)
            _key = new ApiKey(options.ApiKey ?? FromEnvironment());
    }

    public ApiKey? Current => _key;

    /// <summary>
    /// Gets a key other than the rejected one. The first call that needs it asks the provider, whose exceptions reach
    /// the caller unchanged; calls that arrive meanwhile share the result.
    /// </summary>
    /// <returns>The rejected key itself if there is no other.</returns>
    public async Task<ApiKey> GetAsync(ApiKey? rejected, CancellationToken cancellationToken)
    {
        Task<ApiKey> refresh;
        CancellationToken refreshCancellation;
        lock (_lock)
        {
            if (_key is { } key && (key != rejected || _provider is null))
                return key;

            if (_refresh is null or { IsCompleted: true })
                (_refresh, _refreshCancellation) = (AskAsync(rejected, cancellationToken), cancellationToken);

            (refresh, refreshCancellation) = (_refresh, _refreshCancellation);
        }

        try
        {
            return await refresh.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
            when (refreshCancellation.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // The call that asked was cancelled or ran out of time; the exception is not the provider's.
            return await GetAsync(rejected, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string FromEnvironment() =>
        Environment.GetEnvironmentVariable("ORQ_API_KEY") is { Length: > 0 } key
            ? OptionChecks.RequireValidKey(key, "ORQ_API_KEY")
            : throw new ArgumentException(
                "There is no API key: set OrqClientOptions.ApiKey, OrqClientOptions.ApiKeyProvider or the environment"
                    + " variable ORQ_API_KEY."
            );

    private async Task<ApiKey> AskAsync(ApiKey? rejected, CancellationToken cancellationToken)
    {
        // Runs on the thread pool and is abandoned when the call ends: a provider that blocks holds up nobody else.
        var request = new ApiKeyRequest(rejected?.Text);
        var asking = Task.Run(() => _provider!(request, cancellationToken).AsTask(), cancellationToken);
        // Observes its exception even if nobody waits for it any longer.
        _ = asking.ContinueWith(static asking => asking.Exception, TaskScheduler.Default);
        var text = await asking.WaitAsync(cancellationToken).ConfigureAwait(false) ?? "";
        OptionChecks.RequireValidKey(text, nameof(OrqClientOptions.ApiKeyProvider));
        return _key = text == rejected?.Text ? rejected : new ApiKey(text);
    }
}
