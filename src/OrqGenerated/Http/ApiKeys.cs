namespace OrqGenerated.Internal;

/// <summary>An API key and the header that carries it. Not a record, which would print the key.</summary>
internal sealed class ApiKey(string text)
{
    public string Text { get; } = text;

    public string Header { get; } = $"Bearer {text}";
}

/// <summary>The client's key: a fixed one, or one from a provider, kept until the server refuses it.</summary>
internal sealed class ApiKeys
{
    private readonly Func<ApiKeyRequest, CancellationToken, ValueTask<string>>? _provider;
    private readonly object _lock = new();
    private volatile ApiKey? _key;
    private Refresh? _pending;

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
        {
            _key = new ApiKey(options.ApiKey ?? FromEnvironment());
        }
    }

    public ApiKey? Current => _key;

    public bool CanRefresh => _provider is not null;

    /// <summary>
    /// Gets a key that is not the one that the server has refused. All who wait share one request to the provider,
    /// whose exceptions come out unchanged.
    /// </summary>
    /// <returns>The refused key itself if the provider has no other.</returns>
    public async Task<ApiKey> GetAsync(ApiKey? rejected, CancellationToken cancellationToken)
    {
        Refresh refresh;
        lock (_lock)
        {
            if (_key is { } key && key != rejected)
            {
                return key;
            }

            if (_pending is null)
            {
                _pending = new Refresh();
                _pending.Answer = AskAsync(_pending, rejected);
                // Its exception is observed even if nobody waits for it any longer.
                _ = _pending.Answer.ContinueWith(static answer => answer.Exception, TaskScheduler.Default);
            }

            refresh = _pending;
            refresh.Waiting++;
        }

        try
        {
            return await refresh.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                refresh.Waiting--;
                if (refresh.Waiting == 0 && refresh == _pending)
                {
                    // Nobody waits any longer: a provider that hangs delays no later call.
                    _pending = null;
                    _ = refresh.Abandoned.CancelAsync();
                }
            }
        }
    }

    private static string FromEnvironment() =>
        Environment.GetEnvironmentVariable("ORQ_API_KEY") is { Length: > 0 } key
            ? OptionChecks.Key(key, "ORQ_API_KEY")
            : throw new ArgumentException(
                "There is no API key: set OrqClientOptions.ApiKey, OrqClientOptions.ApiKeyProvider or the environment"
                    + " variable ORQ_API_KEY."
            );

    private async Task<ApiKey> AskAsync(Refresh refresh, ApiKey? rejected)
    {
        // Leaves the lock and the caller's thread: a provider that blocks holds nobody else up.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ApiKey? answer = null;
        try
        {
            var text = await _provider!(new ApiKeyRequest(rejected?.Text), refresh.Abandoned.Token)
                .ConfigureAwait(false);
            OptionChecks.Key(text ?? "", nameof(OrqClientOptions.ApiKeyProvider));
            return answer = text == rejected?.Text ? rejected! : new ApiKey(text!);
        }
        finally
        {
            lock (_lock)
            {
                // The late answer to a request that was given up does not count: a newer key may be there.
                if (refresh == _pending)
                {
                    _pending = null;
                    _key = answer ?? _key;
                }
            }
        }
    }

    /// <summary>One request to the provider, and the number of calls that wait for it.</summary>
    private sealed class Refresh
    {
        public CancellationTokenSource Abandoned { get; } = new();

        public Task<ApiKey> Answer { get; set; } = null!;

        public int Waiting { get; set; }
    }
}
