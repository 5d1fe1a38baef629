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

    /// <summary>The options are a copy for this transport; without the caller's HTTP client it makes its own.</summary>
    /// <exception cref="ArgumentException">
    /// The options are invalid, contradict the HTTP client, or give no key.
    /// </exception>
    public OrqTransport(Type client, HttpClient? http, OrqClientOptions options, DescribeError describeError)
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

        _settings = CallSettings.Of(options);
        _keys = new ApiKeys(options);
        _exceptions = new ExceptionFactory(client.FullName!, describeError);
        _log = options.LoggerFactory?.CreateLogger("OrqGenerated") ?? NullLogger.Instance;
        _ownsHttp = http is null;
        _http = http ?? new HttpClient(PrimaryHandler.Create()) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Sends a request, retries it, and reads its answer.</summary>
    public async ValueTask<OrqResponse<T>> SendAsync<T>(
        OrqRequest request,
        JsonCodec<T> codec,
        OrqRequestOptions? options,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var settings = options is null ? _settings : _settings.With(options);
        var deadline = new CallDeadline(settings, cancellationToken, _disposal.Token);
        var call = new Call(request, settings, deadline) { Key = settings.ApiKey ?? _keys.Current };
        var telemetry = CallTelemetry.Start(_log, call.Operation);
        try
        {
            if (call.Key is null && await AskForKeyAsync(call).ConfigureAwait(false) is { } withoutKey)
            {
                throw _exceptions.Create(withoutKey, call);
            }

            for (var retry = 0; ; )
            {
                var attempt = await AttemptAsync(call, codec).ConfigureAwait(false);
                telemetry.Attempted(call.Attempts, attempt.Status, attempt.Failure?.ErrorType);
                if (attempt.Failure is not { } failure)
                {
                    telemetry.Succeeded(call.Attempts, deadline.Elapsed, attempt.Status);
                    return attempt.Response!;
                }

                call.MayHaveBeenApplied |= failure.MayHaveReached;

                // A refused key is replaced once, at once, whatever the retry configuration says.
                if (failure is Failure.Status { Code: 401 } && await TryReplaceKeyAsync(call).ConfigureAwait(false))
                {
                    continue;
                }

                var delay =
                    RetryPolicy.NextDelay(
                        failure,
                        request.Operation,
                        settings,
                        retry,
                        call.Attempts,
                        deadline.Elapsed,
                        settings.Client.NextRandom
                    ) ?? throw _exceptions.Create(failure, call);
                retry++;
                telemetry.Retrying(call.Attempts, delay, attempt.Status, failure.ErrorType);
                await deadline.WaitAsync(delay).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            telemetry.Failed(call.Attempts, deadline.Elapsed, exception);
            throw;
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

    private async ValueTask<Attempt<T>> AttemptAsync<T>(Call call, JsonCodec<T> codec)
    {
        var request = call.Request;
        using var limit = call.Deadline.StartAttempt();
        if (call.Deadline.EndOf(limit) is { } ended)
        {
            throw _exceptions.Create(ended, call);
        }

        call.Attempts++;
        using var body = new ResponseBody();
        HttpResponseMessage? response = null;
        int status;
        try
        {
            var address = call.Settings.Server.Of(request);
            using var message = request.ToMessage(address, call.Key!, call.Settings.Headers);
            message.Version = _http.DefaultRequestVersion;
            message.VersionPolicy = _http.DefaultVersionPolicy;
            response = await _http
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            status = (int)response.StatusCode;
            if (request.WasRedirected(response.RequestMessage, address))
            {
                return new(null, status, Failure.Redirected);
            }

            if (!response.IsSuccessStatusCode)
            {
                return new(null, status, await ReadErrorAsync(call, response, body, limit).ConfigureAwait(false));
            }

            await body.ReadAsync(response.Content, ResponseBody.SuccessLimit, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A caller's own handler may have sent the request without reading our content.
            var wasSent = request.WasRead || !_ownsHttp;
            var failure =
                call.Deadline.EndOf(limit, exception, _http.Timeout, wasSent)
                ?? Failure.Of(exception, response, body.Text, wasSent);
            return new(null, (failure as Failure.Status)?.Code ?? (int?)response?.StatusCode, failure);
        }
        finally
        {
            response?.Dispose();
        }

        var headers = new ResponseHeaders(response);
        return body.Parse(codec, out var value) is { } mismatch
            ? new(null, status, new Failure.Unreadable(status, headers.ToDictionary(), body.Text, mismatch))
            : new(new OrqResponse<T>(value!, status) { Attempts = call.Attempts, Source = headers }, status, null);
    }

    /// <summary>Reads as much of an error's body as arrives: one that stalls or breaks off hides no status.</summary>
    private static async ValueTask<Failure> ReadErrorAsync(
        Call call,
        HttpResponseMessage response,
        ResponseBody body,
        CallDeadline.Limit limit
    )
    {
        var isComplete = true;
        try
        {
            await body.ReadAsync(response.Content, ResponseBody.ErrorLimit, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (call.Deadline.EndOf(limit) is not Failure.Cancelled)
        {
            isComplete = Failure.IsBadEncoding(exception);
        }

        var headers = new ResponseHeaders(response).ToDictionary();
        return new Failure.Status(
            (int)response.StatusCode,
            headers,
            body.Text,
            RetryPolicy.RetryAfter(headers, call.Settings.Client.TimeProvider),
            isComplete
        );
    }

    /// <summary>Gets the first key, or another one than that which was refused.</summary>
    /// <returns>Why there is none; null if there is one.</returns>
    private async ValueTask<Failure?> AskForKeyAsync(Call call)
    {
        using var limit = call.Deadline.StartAttempt();
        try
        {
            call.Key = await _keys.GetAsync(call.RefusedKey, limit.Token).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (limit.Token.IsCancellationRequested)
        {
            // Another attempt would only ask the provider again.
            return call.Deadline.EndOf(limit);
        }
    }

    /// <returns>False if the 401 stands: the key cannot be replaced, not again, or not in time.</returns>
    private async ValueTask<bool> TryReplaceKeyAsync(Call call)
    {
        if (call.Settings.ApiKey is not null || call.RefusedKey is not null || !_keys.CanRefresh)
        {
            return false;
        }

        call.RefusedKey = call.Key;
        var ended = await AskForKeyAsync(call).ConfigureAwait(false);
        // A call that was cancelled meanwhile is ended by its next attempt.
        return ended is null ? call.Key != call.RefusedKey : ended is not Failure.Timeout;
    }

    /// <summary>
    /// The result of an attempt: a response or a failure. A class, since tasks of a struct are compiled anew for it,
    /// which would slow down the first call.
    /// </summary>
    private sealed record Attempt<T>(OrqResponse<T>? Response, int? Status, Failure? Failure);
}

/// <summary>One call, and how far it has come.</summary>
internal sealed class Call(OrqRequest request, CallSettings settings, CallDeadline deadline)
{
    public OrqRequest Request { get; } = request;

    public CallSettings Settings { get; } = settings;

    public CallDeadline Deadline { get; } = deadline;

    /// <summary>How often the request was sent, or its sending begun.</summary>
    public int Attempts { get; set; }

    /// <inheritdoc cref="OrqException.MayHaveBeenApplied"/>
    public bool MayHaveBeenApplied { get; set; }

    /// <summary>The key that is sent; null until there is one.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>The client's key that the server has refused; null if it has not.</summary>
    public ApiKey? RefusedKey { get; set; }

    public string Operation => Request.Operation.Name;

    public CallOutcome Outcome => new(Attempts, Deadline.Elapsed, MayHaveBeenApplied);
}
