using Microsoft.Extensions.Logging;

namespace OrqGenerated;

/// <summary>
/// What a client does on every call. A client copies its options when it is made: a later change reaches no client.
/// </summary>
public sealed class OrqClientOptions
{
    private TimeSpan _attemptTimeout = TimeSpan.FromSeconds(30);
    private TimeSpan _totalTimeout = Timeout.InfiniteTimeSpan;
    private Uri? _serverUrl;
    private RetryConfig _retry = RetryConfig.Default;
    private TimeProvider _timeProvider = TimeProvider.System;
    private string? _apiKey;

    /// <summary>
    /// The API key, sent as <c>Authorization: Bearer</c>. Without it and <see cref="ApiKeyProvider"/> the environment
    /// variable <c>ORQ_API_KEY</c> is read when the client is made.
    /// </summary>
    /// <exception cref="ArgumentException">The key is empty or holds a control character, a blank or a non-ASCII one.</exception>
    public string? ApiKey
    {
        get => _apiKey;
        set => _apiKey = value is null ? null : HeaderRules.CheckedKey(value, nameof(ApiKey));
    }

    /// <summary>
    /// Gets the key when it is needed, for keys that rotate. It is kept until the server refuses it with a 401; then one
    /// refresh is shared by all waiting calls. What it throws reaches the caller unchanged. Its token is cancelled when no
    /// call waits for the key any longer. Not together with <see cref="ApiKey"/>.
    /// </summary>
    public Func<ApiKeyRequest, CancellationToken, ValueTask<string>>? ApiKeyProvider { get; set; }

    /// <summary>
    /// Where the API is: absolute, http or https, without user info, query or fragment; a path is put before each
    /// operation's. <c>https://my.orq.ai</c> (the document's server) unless set. Plain http only reaches loopback.
    /// </summary>
    /// <exception cref="ArgumentException">The address is none of the above.</exception>
    public Uri ServerUrl
    {
        get => _serverUrl ?? ServerAddress.Default;
        set => _serverUrl = ServerAddress.Checked(value, nameof(ServerUrl));
    }

    /// <summary>Hosts besides <see cref="ServerUrl"/>'s to which the key may be sent, for calls with a server URL of their own.</summary>
    public ICollection<string> AllowedHosts { get; private set; } = [];

    /// <summary>When failed attempts are repeated; <see cref="RetryConfig.Default"/> unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RetryConfig Retry
    {
        get => _retry;
        set => _retry = value ?? throw new ArgumentNullException(nameof(Retry));
    }

    /// <summary>
    /// The longest that one attempt may take, to the last byte of its body; 30 s unless set.
    /// <see cref="Timeout.InfiniteTimeSpan"/> switches it off.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan AttemptTimeout
    {
        get => _attemptTimeout;
        set => _attemptTimeout = Limits.Checked(value, nameof(AttemptTimeout));
    }

    /// <summary>The longest that a call may take with all its attempts and waits; infinite unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan TotalTimeout
    {
        get => _totalTimeout;
        set => _totalTimeout = Limits.Checked(value, nameof(TotalTimeout));
    }

    /// <summary>
    /// Headers for every request, by name without regard to case. <c>Authorization</c>, <c>Host</c>, <c>Content-*</c>,
    /// <c>Transfer-Encoding</c> and <c>Connection</c> are refused.
    /// </summary>
    public IDictionary<string, string> Headers { get; private set; } = new HeaderDictionary();

    /// <summary>The clock of waits and time limits; the system's unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get => _timeProvider;
        set => _timeProvider = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }

    /// <summary>Where the client logs; nowhere unless set. Neither the key nor a value of a request is ever logged.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Uniform numbers in [0, 1); tests replace them.</summary>
    internal Func<double> NextRandom { get; set; } = Chance.Next;

    internal bool HasServerUrl => _serverUrl is not null;

    internal OrqClientOptions Copy()
    {
        var copy = (OrqClientOptions)MemberwiseClone();
        copy._retry = _retry.Copy();
        copy.AllowedHosts = [.. AllowedHosts];
        copy.Headers = new HeaderDictionary(Headers);
        return copy;
    }
}

/// <summary>What one call does differently from its client; null leaves the client's value.</summary>
public sealed class OrqRequestOptions
{
    private TimeSpan? _attemptTimeout;
    private TimeSpan? _totalTimeout;
    private Uri? _serverUrl;
    private string? _apiKey;

    /// <summary>The API key for this call.</summary>
    /// <exception cref="ArgumentException">The key is empty or holds a control character, a blank or a non-ASCII one.</exception>
    public string? ApiKey
    {
        get => _apiKey;
        set => _apiKey = value is null ? null : HeaderRules.CheckedKey(value, nameof(ApiKey));
    }

    /// <inheritdoc cref="OrqClientOptions.Retry"/>
    public RetryConfig? Retry { get; set; }

    /// <inheritdoc cref="OrqClientOptions.AttemptTimeout"/>
    public TimeSpan? AttemptTimeout
    {
        get => _attemptTimeout;
        set =>
            _attemptTimeout = value is { } limit
                ? Limits.Checked(limit, nameof(AttemptTimeout))
                : null;
    }

    /// <inheritdoc cref="OrqClientOptions.TotalTimeout"/>
    public TimeSpan? TotalTimeout
    {
        get => _totalTimeout;
        set =>
            _totalTimeout = value is { } limit ? Limits.Checked(limit, nameof(TotalTimeout)) : null;
    }

    /// <summary>
    /// Another address for this call. On a host that is neither the client's nor allowed by
    /// <see cref="OrqClientOptions.AllowedHosts"/> the call needs an <see cref="ApiKey"/> of its own.
    /// </summary>
    /// <exception cref="ArgumentException">The address is not one that <see cref="OrqClientOptions.ServerUrl"/> takes.</exception>
    public Uri? ServerUrl
    {
        get => _serverUrl;
        set => _serverUrl = value is null ? null : ServerAddress.Checked(value, nameof(ServerUrl));
    }

    /// <summary>Told of each 429 that is repeated, with the wait before the next attempt; many calls share their pace so.</summary>
    internal Action<TimeSpan>? RateLimited { get; init; }

    /// <summary>Further headers for this call; they win over the client's. The same names are refused.</summary>
    public IDictionary<string, string> Headers { get; } = new HeaderDictionary();
}

/// <summary>Why a key is asked for.</summary>
public readonly struct ApiKeyRequest : IEquatable<ApiKeyRequest>
{
    /// <summary>Creates the request, for a test of a provider.</summary>
    /// <param name="rejectedKey">The key that the server has just refused, or null.</param>
    public ApiKeyRequest(string? rejectedKey) => RejectedKey = rejectedKey;

    /// <summary>The key that the server has just refused with a 401; null when there was none before.</summary>
    public string? RejectedKey { get; }

    /// <inheritdoc/>
    public bool Equals(ApiKeyRequest other) =>
        string.Equals(RejectedKey, other.RejectedKey, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ApiKeyRequest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => RejectedKey?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <summary>Whether both name the same key.</summary>
    public static bool operator ==(ApiKeyRequest left, ApiKeyRequest right) => left.Equals(right);

    /// <summary>Whether they name different keys.</summary>
    public static bool operator !=(ApiKeyRequest left, ApiKeyRequest right) => !left.Equals(right);

    /// <summary>The type's name; never the key.</summary>
    public override string ToString() => nameof(ApiKeyRequest);
}
