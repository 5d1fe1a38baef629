using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace OrqGenerated;

/// <summary>
/// Settings that apply to every call of a client. A client copies them when it is created, so later changes do not
/// reach it.
/// </summary>
public sealed class OrqClientOptions
{
    private Uri? _serverUrl;
    private string _documentServer = "https://my.orq.ai";

    /// <summary>
    /// The API key, sent as <c>Authorization: Bearer</c>. If neither this nor <see cref="ApiKeyProvider"/> is set, the
    /// environment variable <c>ORQ_API_KEY</c> is read when the client is created.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The key is empty, or holds a blank, a control character or a non-ASCII one.
    /// </exception>
    public string? ApiKey
    {
        get;
        set => field = value is null ? null : OptionChecks.Key(value, nameof(ApiKey));
    }

    /// <summary>
    /// Gets the key when it is needed, for keys that rotate. The key is kept until the server refuses it with a 401;
    /// then all calls that wait share one refresh. Exceptions of the provider reach the caller unchanged. Its token is
    /// that of the call which asks first, time limits included. Cannot be combined with <see cref="ApiKey"/>.
    /// </summary>
    public Func<ApiKeyRequest, CancellationToken, ValueTask<string>>? ApiKeyProvider { get; set; }

    /// <summary>
    /// The API's address: absolute, https, without user info, query or fragment; its path precedes each operation's.
    /// Defaults to the server of the client's document, <c>https://my.orq.ai</c>. Plain http is allowed for loopback
    /// and for <see cref="AllowInsecureHosts"/>, which is checked when the client is created.
    /// </summary>
    /// <exception cref="ArgumentException">The address is not of this form.</exception>
    public Uri ServerUrl
    {
        get => _serverUrl ?? OptionChecks.ServerUrl(new Uri(_documentServer), nameof(ServerUrl));
        set => _serverUrl = OptionChecks.ServerUrl(value, nameof(ServerUrl));
    }

    /// <summary>Other hosts that may receive the key, for calls with a server URL of their own.</summary>
    public ICollection<string> AllowedHosts { get; private set; } = [];

    /// <summary>
    /// Hosts that may be called over plain http besides loopback: exact names without port or wildcard, such as that of
    /// a stub in a compose file. Empty by default. The key of such a call can be read by anyone on the way.
    /// </summary>
    public ICollection<string> AllowInsecureHosts { get; private set; } = [];

    /// <summary>When failed attempts are retried. Defaults to <see cref="RetryConfig.Default"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RetryConfig Retry
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Retry));
    } = RetryConfig.Default;

    /// <summary>
    /// The longest that one attempt may take, up to the last byte of its response. Defaults to 30 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/> switches it off.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan AttemptTimeout
    {
        get;
        set => field = OptionChecks.Limit(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a call may take, with all its attempts and waits. Infinite by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan TotalTimeout
    {
        get;
        set => field = OptionChecks.Limit(value);
    } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// Headers of every request, by case-insensitive name. <c>Authorization</c>, <c>Host</c>, <c>Content-*</c>,
    /// <c>Transfer-Encoding</c> and <c>Connection</c> are refused when the client is created, as are values with
    /// control or non-ASCII characters.
    /// </summary>
    public IDictionary<string, string> Headers { get; private set; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The clock for waits and time limits. Defaults to the system's.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    /// <summary>
    /// Creates the client's logger; null for no logs. Neither the key nor a value of a request is logged.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Uniform random numbers in [0, 1); tests replace them.</summary>
    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "It is jitter.")]
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "Tests replace it here.")]
    internal Func<double> NextRandom { get; set; } = Random.Shared.NextDouble;

    internal bool HasServerUrl => _serverUrl is not null;

    /// <param name="documentServer">The server that the client's document names; null for none.</param>
    internal OrqClientOptions Copy(string? documentServer = null)
    {
        var copy = (OrqClientOptions)MemberwiseClone();
        copy.Retry = Retry.Copy();
        copy._documentServer = documentServer ?? _documentServer;
        copy.AllowedHosts = [.. AllowedHosts];
        copy.AllowInsecureHosts = [.. AllowInsecureHosts];
        copy.Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase);
        return copy;
    }
}

/// <summary>Settings of a single call; null inherits the client's value.</summary>
public sealed class OrqRequestOptions
{
    /// <summary>The API key for this call.</summary>
    /// <exception cref="ArgumentException">
    /// The key is empty, or holds a blank, a control character or a non-ASCII one.
    /// </exception>
    public string? ApiKey
    {
        get;
        set => field = value is null ? null : OptionChecks.Key(value, nameof(ApiKey));
    }

    /// <inheritdoc cref="OrqClientOptions.Retry"/>
    public RetryConfig? Retry { get; set; }

    /// <inheritdoc cref="OrqClientOptions.AttemptTimeout"/>
    public TimeSpan? AttemptTimeout
    {
        get;
        set => field = value is { } limit ? OptionChecks.Limit(limit) : null;
    }

    /// <inheritdoc cref="OrqClientOptions.TotalTimeout"/>
    public TimeSpan? TotalTimeout
    {
        get;
        set => field = value is { } limit ? OptionChecks.Limit(limit) : null;
    }

    /// <summary>
    /// Another address for this call. A call to a host that is neither the client's nor one of
    /// <see cref="OrqClientOptions.AllowedHosts"/> needs an <see cref="ApiKey"/> of its own.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The address is not of the form of <see cref="OrqClientOptions.ServerUrl"/>.
    /// </exception>
    public Uri? ServerUrl
    {
        get;
        set => field = value is null ? null : OptionChecks.ServerUrl(value, nameof(ServerUrl));
    }

    /// <summary>
    /// Further headers for this call; they replace the client's of the same name. Checked by the call.
    /// </summary>
    public IDictionary<string, string> Headers { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>The reason why a key is asked for.</summary>
public readonly record struct ApiKeyRequest
{
    /// <summary>Creates the request, for a test of a provider.</summary>
    /// <param name="rejectedKey">The key that the server has just refused, or null.</param>
    public ApiKeyRequest(string? rejectedKey) => RejectedKey = rejectedKey;

    /// <summary>The key that the server has just refused with a 401; null for the first key.</summary>
    public string? RejectedKey { get; }

    /// <summary>The type's name; never the key.</summary>
    public override string ToString() => nameof(ApiKeyRequest);
}
