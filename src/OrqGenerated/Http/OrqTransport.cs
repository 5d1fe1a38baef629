using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrqGenerated.Internal;

/// <summary>
/// Sends the calls of one client: keys, time limits, retries, errors and telemetry, the same for all operations.
/// </summary>
internal sealed class OrqTransport : IDisposable
{
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;
    private readonly CallSettings _settings;
    private readonly ApiKeys _keys;
    private readonly ExceptionFactory _exceptions;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _disposal = new();

    /// <param name="client">The client's class.</param>
    /// <param name="http">The caller's HTTP client; null for one of our own.</param>
    /// <param name="options">The transport's own copy of the options.</param>
    /// <param name="describeError">Adds to the message of an API error.</param>
    /// <exception cref="ArgumentException">
    /// The options are invalid, contradict <paramref name="http"/>, or give no key.
    /// </exception>
    public OrqTransport(
        Type client,
        HttpClient? http,
        OrqClientOptions options,
        Action<ApiErrorDescription> describeError
    )
    {
        if (http?.BaseAddress is { } baseAddress)
        {
            var server = OptionChecks.ServerUrl(baseAddress, nameof(HttpClient.BaseAddress));
            if (options.HasServerUrl && server != options.ServerUrl)
            {
                throw new ArgumentException(
                    "OrqClientOptions.ServerUrl and HttpClient.BaseAddress are different; set one of them.",
                    nameof(options)
                );
            }

            options.ServerUrl = server;
        }

        _settings = new CallSettings(options);
        _keys = new ApiKeys(options);
        _exceptions = new ExceptionFactory(client.FullName!, describeError);
        _log = options.LoggerFactory?.CreateLogger("OrqGenerated") ?? NullLogger.Instance;
        _ownsHttp = http is null;
        _http = http ?? new HttpClient(PrimaryHandler.Create()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request whose answer has no body that matters.</summary>
    public async ValueTask<OrqResponse> SendAsync(
        OrqRequest request,
        OrqRequestOptions? options,
        CancellationToken cancellationToken
    ) => await SendAsync(request, JsonCodec.Nothing, options, cancellationToken).ConfigureAwait(false);

    /// <summary>Sends a request, retries it, and reads its answer.</summary>
    public async ValueTask<OrqResponse<T>> SendAsync<T>(
        OrqRequest request,
        JsonCodec<T> codec,
        OrqRequestOptions? options,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var settings = options is null ? _settings : new CallSettings(_settings, options);
        var deadline = new CallDeadline(settings, cancellationToken, _disposal.Token);
        var progress = new CallProgress { Key = settings.ApiKey ?? _keys.Current };
        var telemetry = CallTelemetry.Start(_log, request.Operation.Name);
        try
        {
            var response = await RunAsync(request, codec, settings, deadline, progress, telemetry)
                .ConfigureAwait(false);
            telemetry.Succeeded(progress.Attempts, deadline.Elapsed, response.StatusCode);
            return response;
        }
        catch (Exception exception)
        {
            telemetry.Failed(progress.Attempts, deadline.Elapsed, exception);
            throw;
        }
        finally
        {
            request.Body?.Release();
        }
    }

    public void Dispose()
    {
        _disposal.Cancel();
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    /// <summary>Makes attempts until one succeeds, or no other may be made.</summary>
    private async ValueTask<OrqResponse<T>> RunAsync<T>(
        OrqRequest request,
        JsonCodec<T> codec,
        CallSettings settings,
        CallDeadline deadline,
        CallProgress progress,
        CallTelemetry telemetry
    )
    {
        if (progress.Key is null)
        {
            var ended = await AskForKeyAsync(deadline, progress).ConfigureAwait(false);
            if (ended is not null)
            {
                throw _exceptions.Create(ended, request, settings, progress, deadline.Elapsed);
            }
        }

        for (var retry = 0; ; retry++)
        {
            using var attempt = await AttemptAsync(request, settings, deadline, progress).ConfigureAwait(false);
            telemetry.Attempted(progress.Attempts, attempt.Status, attempt.Failure?.ErrorType);
            var failure = attempt.Failure;
            if (failure is null && attempt.TryRead(codec, progress.Attempts, out var response, out failure))
            {
                return response;
            }

            progress.MayHaveBeenApplied |= failure.MayHaveReached;

            // A refused key is replaced once, at once, whatever the retry configuration says; that is no retry.
            if (
                failure is Failure.Status { Code: 401 }
                && await TryReplaceKeyAsync(settings, deadline, progress).ConfigureAwait(false)
            )
            {
                retry--;
                continue;
            }

            var delay = RetryPolicy.NextDelay(
                failure,
                request.Operation,
                settings,
                retry,
                progress.Attempts,
                deadline.Elapsed,
                settings.Client.NextRandom
            );
            if (delay is not null)
            {
                telemetry.Retrying(progress.Attempts, delay.Value, attempt.Status, failure.ErrorType);
                failure = await deadline.WaitAsync(delay.Value).ConfigureAwait(false);
            }

            if (failure is not null)
            {
                throw _exceptions.Create(failure, request, settings, progress, deadline.Elapsed);
            }
        }
    }

    private async ValueTask<Attempt> AttemptAsync(
        OrqRequest request,
        CallSettings settings,
        CallDeadline deadline,
        CallProgress progress
    )
    {
        using var limit = deadline.StartAttempt();
        if (deadline.EndOf(limit) is { } ended)
        {
            throw _exceptions.Create(ended, request, settings, progress, deadline.Elapsed);
        }

        progress.Attempts++;
        HttpResponseMessage? response = null;
        var body = new ResponseBody();
        Failure failure;
        try
        {
            var address = settings.Server.Of(request);
            using var message = request.ToMessage(address, progress.Key!, settings.Headers);
            message.Version = _http.DefaultRequestVersion;
            message.VersionPolicy = _http.DefaultVersionPolicy;
            response = await _http
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            if (request.WasRedirected(response.RequestMessage, address))
            {
                failure = Failure.Redirected;
            }
            else if (!response.IsSuccessStatusCode)
            {
                failure = await ReadErrorAsync(response, body, settings, deadline, limit).ConfigureAwait(false);
            }
            else
            {
                // An answer to HEAD has a length, and no body.
                if (request.Operation.Method != HttpMethod.Head)
                {
                    await body.ReadAsync(response.Content, ResponseBody.SuccessLimit, limit.Token)
                        .ConfigureAwait(false);
                }

                return new Attempt(null, (int)response.StatusCode, response, body);
            }
        }
        catch (ObjectDisposedException) when (response is null && deadline.EndOf(limit) is null)
        {
            // The caller has disposed its own HTTP client, whose exception names it.
            throw;
        }
        catch (Exception exception)
        {
            // Without a body nobody can tell, and a handler of the caller's may have sent what it never read.
            var wasSent = request.Body is not { WasRead: false } || !_ownsHttp;
            failure =
                deadline.EndOf(limit, exception, _http.Timeout, wasSent)
                ?? Failure.Of(exception, response, body.Text, wasSent);
        }

        var status = (failure as Failure.Status)?.Code ?? (int?)response?.StatusCode;
        response?.Dispose();
        body.Dispose();
        return new Attempt(failure, status, null, null);
    }

    /// <summary>Reads as much of an error's body as arrives: one that stalls or breaks off hides no status.</summary>
    private static async ValueTask<Failure> ReadErrorAsync(
        HttpResponseMessage response,
        ResponseBody body,
        CallSettings settings,
        CallDeadline deadline,
        CallDeadline.Limit limit
    )
    {
        var isComplete = true;
        try
        {
            await body.ReadAsync(response.Content, ResponseBody.ErrorLimit, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (deadline.EndOf(limit) is not Failure.Cancelled)
        {
            isComplete = Failure.IsBadEncoding(exception);
        }

        var hasType = response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type);
        return new Failure.Status(
            (int)response.StatusCode,
            new ResponseHeaders(response).ToDictionary(),
            hasType ? type.ToString() : null,
            body.Text,
            RetryPolicy.RetryAfter(response.Headers, settings.Client.TimeProvider),
            isComplete
        );
    }

    /// <summary>Gets the first key, or another one than that which was refused.</summary>
    /// <returns>Why there is none; null if there is one.</returns>
    private async ValueTask<Failure?> AskForKeyAsync(CallDeadline deadline, CallProgress progress)
    {
        using var limit = deadline.StartAttempt();
        try
        {
            progress.Key = await _keys.GetAsync(progress.RefusedKey, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (limit.Token.IsCancellationRequested)
        {
            // Another attempt would only ask the provider again.
            return deadline.EndOf(limit);
        }
    }

    /// <returns>False if the 401 stands: the key cannot be replaced, not again, or not in time.</returns>
    private async ValueTask<bool> TryReplaceKeyAsync(
        CallSettings settings,
        CallDeadline deadline,
        CallProgress progress
    )
    {
        if (settings.ApiKey is not null || progress.RefusedKey is not null || !_keys.CanRefresh)
        {
            return false;
        }

        progress.RefusedKey = progress.Key;
        var ended = await AskForKeyAsync(deadline, progress).ConfigureAwait(false);
        // A call that was cancelled meanwhile is ended by its next attempt.
        return ended is null ? progress.Key != progress.RefusedKey : ended is not Failure.Timeout;
    }
}
