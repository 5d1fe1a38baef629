using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace OrqGenerated;

/// <summary>
/// Settings that apply to every call of a client, which copies them when it is created: later changes have no effect.
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
    /// The key is empty, or contains a space, control or non-ASCII character.
    /// </exception>
    public string? ApiKey
    {
        get;
        set => field = value is null ? null : OptionChecks.RequireValidKey(value, nameof(ApiKey));
    }

    /// <summary>
    /// Provides the key on demand, for keys that rotate. The key is kept until the server rejects it with a 401; then
    /// all waiting calls share one refresh. Exceptions of the provider reach the caller unchanged. Its token is that of
    /// the call that asks first, including its time limits. Cannot be combined with <see cref="ApiKey"/>.
    /// </summary>
    public Func<ApiKeyRequest, CancellationToken, ValueTask<string>>? ApiKeyProvider { get; set; }

    /// <summary>
    /// The API's URL: absolute, https, without user info, query or fragment; its path precedes each operation's.
    /// Defaults to the HTTP client's <c>BaseAddress</c>, or to the document's server, <c>https://my.orq.ai</c>. Plain
    /// http, except to loopback and <see cref="AllowInsecureHosts"/>, is rejected when the client is created.
    /// </summary>
    /// <exception cref="ArgumentException">The URL is not of this form.</exception>
    public Uri ServerUrl
    {
        get => _serverUrl ?? OptionChecks.RequireValidServerUrl(new Uri(_documentServer), nameof(ServerUrl));
        set => _serverUrl = OptionChecks.RequireValidServerUrl(value, nameof(ServerUrl));
    }

    /// <summary>Other hosts that may receive the key, for calls with their own server URL.</summary>
    public ICollection<string> AllowedHosts { get; private set; } = [];

    /// <summary>
    /// Hosts besides loopback that may be called over plain http, such as a stub in a compose file: exact names without
    /// port or wildcard. Empty by default. Anyone on the network path can read the key of such a call.
    /// </summary>
    public ICollection<string> AllowInsecureHosts { get; private set; } = [];

    /// <summary>When to retry failed attempts. Defaults to <see cref="RetryConfig.Default"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public RetryConfig Retry
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Retry));
    } = RetryConfig.Default;

    /// <summary>
    /// The maximum time for one attempt, up to the last byte of its response. Defaults to 30 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/> switches it off.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan AttemptTimeout
    {
        get;
        set => field = OptionChecks.RequireTimeLimit(value);
    } = TimeSpan.FromSeconds(30);

    /// <summary>The maximum time for a call, including all attempts and waits. Infinite by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan TotalTimeout
    {
        get;
        set => field = OptionChecks.RequireTimeLimit(value);
    } = Timeout.InfiniteTimeSpan;

    /// <summary>
    /// Headers of every request, by case-insensitive name. <c>Authorization</c>, <c>Host</c>, <c>Content-*</c>,
    /// <c>Transfer-Encoding</c> and <c>Connection</c> are rejected when the client is created, as are values with
    /// control or non-ASCII characters.
    /// </summary>
    public IDictionary<string, string> Headers { get; private set; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The clock for waits and time limits. Defaults to the system clock.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    } = TimeProvider.System;

    /// <summary>Creates the client's logger; null for none. Keys and values of requests are not logged.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Uniform random numbers in [0, 1); tests replace them.</summary>
    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "It is jitter.")]
    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "Tests replace it here.")]
    internal Func<double> NextRandom { get; set; } = Random.Shared.NextDouble;

    internal bool HasServerUrl => _serverUrl is not null;

    /// <param name="documentServer">The server in the client's document; null if it has none.</param>
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

/// <summary>Settings of a single call; null means the client's value.</summary>
public sealed class OrqRequestOptions
{
    /// <summary>The API key for this call.</summary>
    /// <inheritdoc cref="OrqClientOptions.ApiKey" path="/exception"/>
    public string? ApiKey
    {
        get;
        set => field = value is null ? null : OptionChecks.RequireValidKey(value, nameof(ApiKey));
    }

    /// <summary>When to retry failed attempts of this call.</summary>
    public RetryConfig? Retry { get; set; }

    /// <summary>The maximum time for one attempt; <see cref="Timeout.InfiniteTimeSpan"/> switches it off.</summary>
    /// <inheritdoc cref="OrqClientOptions.AttemptTimeout" path="/exception"/>
    public TimeSpan? AttemptTimeout
    {
        get;
        set => field = value is { } limit ? OptionChecks.RequireTimeLimit(limit) : null;
    }

    /// <summary>The maximum time for this call; <see cref="Timeout.InfiniteTimeSpan"/> switches it off.</summary>
    /// <inheritdoc cref="OrqClientOptions.TotalTimeout" path="/exception"/>
    public TimeSpan? TotalTimeout
    {
        get;
        set => field = value is { } limit ? OptionChecks.RequireTimeLimit(limit) : null;
    }

    /// <summary>
    /// The server URL for this call. A host that is neither the client's nor one of
    /// <see cref="OrqClientOptions.AllowedHosts"/> requires the call's own <see cref="ApiKey"/>.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The URL is not of the form of <see cref="OrqClientOptions.ServerUrl"/>.
    /// </exception>
    public Uri? ServerUrl
    {
        get;
        set => field = value is null ? null : OptionChecks.RequireValidServerUrl(value, nameof(ServerUrl));
    }

    /// <summary>Headers for this call, which replace the client's of the same name. Checked by the call.</summary>
    public IDictionary<string, string> Headers { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A request for a key, to <see cref="OrqClientOptions.ApiKeyProvider"/>.</summary>
public readonly record struct ApiKeyRequest
{
    /// <summary>Creates a request, for example in a test of a provider.</summary>
    /// <param name="rejectedKey">See <see cref="RejectedKey"/>.</param>
    public ApiKeyRequest(string? rejectedKey) => RejectedKey = rejectedKey;

    /// <summary>The key that the server has just rejected with a 401; null for the first key.</summary>
    public string? RejectedKey { get; }

    /// <summary>The type's name; never the key.</summary>
    public override string ToString() => nameof(ApiKeyRequest);
}
