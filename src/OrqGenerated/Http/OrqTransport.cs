using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OrqGenerated.Internal;

/// <summary>
/// Sends the calls of one client, and applies its keys, time limits, retries, errors and telemetry to all of them.
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

    /// <summary>Takes over the options, which must be a copy, and creates an HTTP client if none is given.</summary>
    /// <exception cref="ArgumentException">
    /// The options are invalid, contradict the HTTP client, or provide no key.
    /// </exception>
    public OrqTransport(Type client, HttpClient? http, OrqClientOptions options, DescribeError describeError)
    {
        if (http?.BaseAddress is { } baseAddress)
        {
            var server = OptionChecks.RequireValidServerUrl(baseAddress, nameof(HttpClient.BaseAddress));
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

    /// <summary>Sends a request, with retries, and reads its response.</summary>
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
        var telemetry = CallTelemetry.Start(_log, call);
        try
        {
            if (call.Key is null)
                await TryGetKeyAsync(call).ConfigureAwait(false);

            for (var retry = 0; ; )
            {
                var attempt = await AttemptAsync(call, codec).ConfigureAwait(false);
                telemetry.Attempted(attempt.Status, attempt.Failure?.ErrorType);
                if (attempt.Failure is not { } failure)
                {
                    telemetry.Succeeded(attempt.Status);
                    return attempt.Response!;
                }

                call.MayHaveBeenApplied |= failure.MayHaveBeenApplied;

                // A rejected key is replaced once, at once, whatever the retry configuration says.
                if (failure is Failure.Status { Code: 401 } && await TryGetKeyAsync(call).ConfigureAwait(false))
                    continue;

                var delay =
                    RetryPolicy.NextDelay(failure, call, retry, deadline.Elapsed)
                    ?? throw _exceptions.Create(failure, call);
                retry++;
                telemetry.Retrying(delay, attempt.Status, failure.ErrorType);
                await deadline.WaitAsync(delay).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            telemetry.Failed(exception);
            throw;
        }
    }

    public void Dispose()
    {
        _disposal.Cancel();
        if (_ownsHttp)
            _http.Dispose();
    }

    private async ValueTask<Attempt<T>> AttemptAsync<T>(Call call, JsonCodec<T> codec)
    {
        var request = call.Request;
        using var limit = call.Deadline.StartLimit();
        // If the attempt's own limit has passed by now, it is an attempt that timed out, and may be retried.
        if (call.Deadline.FindInterruption(limit) is { } ended and not Failure.Timeout { IsPerAttempt: true })
            throw _exceptions.Create(ended, call);

        call.Attempts++;
        using var body = new ResponseBody();
        HttpResponseMessage? response = null;
        var isComplete = true;
        try
        {
            var url = call.Settings.Server.UrlFor(request);
            using var message = request.ToMessage(url, call.Key!, call.Settings.Headers);
            message.Version = _http.DefaultRequestVersion;
            message.VersionPolicy = _http.DefaultVersionPolicy;
            response = await _http
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            if (request.WasRedirected(response.RequestMessage, url))
                return new((int)response.StatusCode, Failure.Redirected());

            var longest = response.IsSuccessStatusCode ? ResponseBody.SuccessLimit : ResponseBody.ErrorLimit;
            await body.ReadAsync(response.Content, longest, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var interruption =
                call.Deadline.FindInterruption(limit) ?? call.Deadline.FindHttpTimeout(exception, _http.Timeout);
            // An error's status counts even if its body stalls or breaks, but not if the caller has cancelled.
            if (response is not { IsSuccessStatusCode: false } || interruption is Failure.Cancelled)
            {
                // A caller's handler may have sent the request without reading our content.
                var mayHaveBeenSent = request.MayHaveBeenSent || !_ownsHttp;
                var failure = interruption is null
                    ? Failure.Of(exception, response is not null, mayHaveBeenSent)
                    : interruption with
                    {
                        MayHaveBeenApplied = mayHaveBeenSent,
                    };
                return new((failure as Failure.Status)?.Code ?? (int?)response?.StatusCode, failure);
            }

            isComplete = false;
        }
        finally
        {
            response?.Dispose();
        }

        var status = (int)response.StatusCode;
        var headers = new ResponseHeaders(response);
        if (!response.IsSuccessStatusCode)
        {
            var all = headers.ToDictionary();
            var retryAfter = RetryPolicy.RetryAfter(all, call.Settings.Client.TimeProvider);
            return new(status, new Failure.Status(status, all, body.Text, retryAfter, isComplete));
        }

        return body.Parse(codec, out var value) is { } mismatch
            ? new(status, new Failure.Unreadable(status, headers.ToDictionary(), body.Text, mismatch))
            : new(status, null, new OrqResponse<T>(value!, status) { Attempts = call.Attempts, Source = headers });
    }

    /// <summary>Gets the first key, or replaces a rejected one, once per call.</summary>
    /// <returns>False if there is no key besides the rejected one, or not in time; the 401 is then reported.</returns>
    private async ValueTask<bool> TryGetKeyAsync(Call call)
    {
        if (call.Settings.ApiKey is not null || call.RejectedKey is not null)
            return false;

        call.RejectedKey = call.Key;
        using var limit = call.Deadline.StartLimit();
        try
        {
            call.Key = await _keys.GetAsync(call.RejectedKey, limit.Token).ConfigureAwait(false);
            return call.Key != call.RejectedKey;
        }
        catch (OperationCanceledException) when (call.Deadline.FindInterruption(limit) is { } interruption)
        {
            if (call.RejectedKey is null || interruption is not Failure.Timeout)
                throw _exceptions.Create(interruption, call);

            return false;
        }
    }

    /// <summary>
    /// The result of an attempt: its status if one arrived, and a failure or a response. Not a struct, for which the
    /// JIT would compile the tasks separately and so slow down the first call.
    /// </summary>
    private sealed record Attempt<T>(int? Status, Failure? Failure, OrqResponse<T>? Response = null);
}

/// <summary>A call and its progress.</summary>
internal sealed record Call(OrqRequest Request, CallSettings Settings, CallDeadline Deadline)
{
    /// <summary>The number of attempts begun.</summary>
    public int Attempts { get; set; }

    /// <inheritdoc cref="OrqException.MayHaveBeenApplied"/>
    public bool MayHaveBeenApplied { get; set; }

    /// <summary>The key to send; null until there is one.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>The client's key that the server has rejected; null if it has rejected none.</summary>
    public ApiKey? RejectedKey { get; set; }

    public string Operation => Request.Operation.Name;

    public CallOutcome Outcome => new(Attempts, Deadline.Elapsed, MayHaveBeenApplied);
}
