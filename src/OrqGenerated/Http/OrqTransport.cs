using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrqGenerated.Internal;

/// <summary>
/// What all calls of one client share. Keys, headers, time limits, retries, errors and telemetry are handled here and in
/// <see cref="CallRun"/>, for every operation alike.
/// </summary>
internal sealed class OrqTransport : IDisposable
{
    private readonly ConcurrentDictionary<OrqOperation, Uri> _addresses = new(
        ReferenceEqualityComparer.Instance
    );
    private readonly bool _ownsHttp;
    private readonly CancellationTokenSource _disposal = new();
    private readonly CallSettings _settings;
    private readonly Action<ApiErrorDescription> _describeError;
    private AuthorizationHeader? _authorization;

    /// <param name="http">The caller's client, or null for one of our own.</param>
    /// <param name="options">The transport's own copy of the options.</param>
    /// <param name="describeError">Lets the client add to what an error says.</param>
    /// <exception cref="ArgumentException">The options contradict each other or <paramref name="http"/>, or there is no key.</exception>
    public OrqTransport(
        HttpClient? http,
        OrqClientOptions options,
        Action<ApiErrorDescription> describeError
    )
    {
        if (http?.BaseAddress is { } baseAddress)
        {
            var server = ServerAddress.Checked(baseAddress, nameof(HttpClient.BaseAddress));
            if (options.HasServerUrl && server != options.ServerUrl)
            {
                throw new ArgumentException(
                    "OrqClientOptions.ServerUrl and HttpClient.BaseAddress are different; set one of them.",
                    nameof(options)
                );
            }

            options.ServerUrl = server;
        }

        Options = options;
        Keys = new ApiKeySource(options);
        Log = options.LoggerFactory?.CreateLogger("OrqGenerated") ?? NullLogger.Instance;
        Http = http ?? OwnHttpClient.Create();
        _ownsHttp = http is null;
        Disposal = _disposal.Token;
        _settings = new CallSettings(options);
        _describeError = describeError;
    }

    public HttpClient Http { get; }

    public OrqClientOptions Options { get; }

    public ApiKeySource Keys { get; }

    public ILogger Log { get; }

    /// <summary>Is cancelled when the client is disposed of.</summary>
    public CancellationToken Disposal { get; }

    public bool IsDisposed => Disposal.IsCancellationRequested;

    /// <summary>
    /// Whether a request whose body was never asked for was not sent either; another's handler may send what it likes.
    /// </summary>
    public bool SendsBodyToReachServer => _ownsHttp;

    /// <summary>Sends a call whose answer has no body that matters.</summary>
    public async ValueTask<OrqResponse> SendAsync(
        OrqCall call,
        OrqRequestOptions? options,
        CancellationToken cancellationToken
    ) => await SendAsync(call, JsonCodec.Nothing, options, cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a call and reads its answer.</summary>
    public async ValueTask<OrqResponse<T>> SendAsync<T>(
        OrqCall call,
        JsonCodec<T> codec,
        OrqRequestOptions? options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var settings = options is null
                ? _settings
                : new CallSettings(_settings, options, Options.AllowedHosts);
            using var limits = new CallLimits(this, settings, cancellationToken);
            var run = new CallRun(this, call, settings, _describeError, limits);
            try
            {
                await run.RunAsync().ConfigureAwait(false);
                return run.ToResponse(codec);
            }
            finally
            {
                run.Release();
            }
        }
        finally
        {
            call.Body?.Release();
        }
    }

    /// <summary>The address of a call; kept where only the operation decides it, since making one costs as much as sending.</summary>
    public Uri Address(OrqCall call, Uri serverUrl)
    {
        if (call.HasParameters || !ReferenceEquals(serverUrl, _settings.ServerUrl))
        {
            return New();
        }

        return _addresses.TryGetValue(call.Operation, out var address)
            ? address
            : _addresses.GetOrAdd(call.Operation, New());

        // Without the dot a colon in the first segment would make it a scheme.
        Uri New() => new(serverUrl, $"./{call.RelativeUrl}");
    }

    /// <summary>The value of the header; kept for the last key, which nearly always is the next call's as well.</summary>
    public string Authorization(string key)
    {
        var last = _authorization;
        if (last is null || !ReferenceEquals(last.Key, key))
        {
            _authorization = last = new AuthorizationHeader(key, $"Bearer {key}");
        }

        return last.Value;
    }

    public void Dispose()
    {
        _disposal.Cancel();
        if (_ownsHttp)
        {
            Http.Dispose();
        }
    }

    private sealed record AuthorizationHeader(string Key, string Value);
}
