namespace OrqGenerated.Internal;

/// <summary>The client's key: a fixed one, or one from a provider, kept until the server refuses it.</summary>
internal sealed class ApiKeySource
{
    private readonly Func<ApiKeyRequest, CancellationToken, ValueTask<string>>? _provider;
    private readonly object _lock = new();
    private volatile string? _key;
    private Question? _pending;

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

    /// <summary>
    /// The key, or another than the one that the server has refused; all who wait share one request for it. What the
    /// provider throws comes out as it is.
    /// </summary>
    /// <returns>Null when the provider has no other.</returns>
    public ValueTask<string?> GetAsync(string? rejected, CancellationToken cancellationToken) =>
        Other(rejected) is { } key ? new(key) : new(SharedAsync(rejected, cancellationToken));

    private string? Other(string? rejected) =>
        string.Equals(_key, rejected, StringComparison.Ordinal) ? null : _key;

    private static string FromEnvironment() =>
        Environment.GetEnvironmentVariable("ORQ_API_KEY") is { Length: > 0 } key
            ? HeaderRules.CheckedKey(key, "ORQ_API_KEY")
            : throw new ArgumentException(
                "There is no API key: set OrqClientOptions.ApiKey, OrqClientOptions.ApiKeyProvider or the environment variable ORQ_API_KEY."
            );

    private async Task<string?> SharedAsync(string? rejected, CancellationToken cancellationToken)
    {
        Question question;
        lock (_lock)
        {
            if (Other(rejected) is { } key)
            {
                return key;
            }

            if (_pending is null)
            {
                _pending = new Question();
                _pending.Answer = AskAsync(_pending, rejected);
            }

            question = _pending;
            question.Waiting++;
        }

        try
        {
            var key = await question.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
            return string.Equals(key, rejected, StringComparison.Ordinal) ? null : key;
        }
        finally
        {
            Leave(question);
        }
    }

    /// <summary>A question that nobody waits for any longer is given up, so that one that hangs holds up no later call.</summary>
    private void Leave(Question question)
    {
        lock (_lock)
        {
            question.Waiting--;
            if (question.Waiting > 0 || question.Answer.IsCompleted)
            {
                return;
            }

            _pending = ReferenceEquals(_pending, question) ? null : _pending;
        }

        _ = question.Answer.ContinueWith(
            static answer => answer.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
        _ = question.Abandoned.CancelAsync();
    }

    private async Task<string> AskAsync(Question question, string? rejected)
    {
        // Off the lock, and off the caller: a provider that blocks holds nobody else up.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        string? answer = null;
        try
        {
            var key = await _provider!(new ApiKeyRequest(rejected), question.Abandoned.Token)
                .ConfigureAwait(false);
            answer = HeaderRules.CheckedKey(key ?? "", nameof(OrqClientOptions.ApiKeyProvider));
            return answer;
        }
        finally
        {
            lock (_lock)
            {
                // Not the late answer to a question that was given up: another key may have come since.
                if (ReferenceEquals(_pending, question))
                {
                    _pending = null;
                    _key = answer ?? _key;
                }
            }
        }
    }

    /// <summary>One request for a key, and how many wait for it.</summary>
    private sealed class Question
    {
        public CancellationTokenSource Abandoned { get; } = new();

        public Task<string> Answer { get; set; } = null!;

        public int Waiting { get; set; }
    }
}
