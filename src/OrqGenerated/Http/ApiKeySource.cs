namespace OrqGenerated.Internal;

/// <summary>The client's key: a fixed one, or one from a provider, kept until the server refuses it.</summary>
internal sealed class ApiKeySource
{
    private readonly Func<ApiKeyRequest, CancellationToken, ValueTask<string>>? _provider;
    private readonly object _lock = new();
    private volatile string? _key;
    private Task<string>? _pending;

    public ApiKeySource(OrqClientOptions options)
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
        {
            _key = options.ApiKey ?? FromEnvironment();
        }
    }

    /// <summary>Whether another key can be had when the server refuses one.</summary>
    public bool CanRefresh => _provider is not null;

    /// <summary>The key, if it is at hand.</summary>
    public string? Current => _key;

    /// <summary>The key for a first attempt; what the provider throws comes out as it is.</summary>
    public ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
        _key is { } key ? new(key) : new(Shared(null).WaitAsync(cancellationToken));

    /// <summary>Another key than the one refused, if there is one; all who wait share one request for it.</summary>
    /// <returns>Null when the provider has no other.</returns>
    public async ValueTask<string?> RefreshAsync(
        string rejected,
        CancellationToken cancellationToken
    )
    {
        var key = await Shared(rejected).WaitAsync(cancellationToken).ConfigureAwait(false);
        return string.Equals(key, rejected, StringComparison.Ordinal) ? null : key;
    }

    private static string FromEnvironment() =>
        Environment.GetEnvironmentVariable("ORQ_API_KEY") is { Length: > 0 } key
            ? HeaderRules.CheckedKey(key, "ORQ_API_KEY")
            : throw new ArgumentException(
                "There is no API key: set OrqClientOptions.ApiKey, OrqClientOptions.ApiKeyProvider or the environment variable ORQ_API_KEY."
            );

    private Task<string> Shared(string? rejected)
    {
        lock (_lock)
        {
            if (_key is { } key && !string.Equals(key, rejected, StringComparison.Ordinal))
            {
                return Task.FromResult(key);
            }

            return _pending ??= AskAsync(rejected);
        }
    }

    private async Task<string> AskAsync(string? rejected)
    {
        try
        {
            // Off the lock, and off the caller: a provider that blocks holds nobody else up.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            var key = await _provider!(new ApiKeyRequest(rejected), CancellationToken.None)
                .ConfigureAwait(false);
            _key = HeaderRules.CheckedKey(key ?? "", nameof(OrqClientOptions.ApiKeyProvider));
            return key!;
        }
        finally
        {
            lock (_lock)
            {
                _pending = null;
            }
        }
    }
}
