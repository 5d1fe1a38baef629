using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Polly;

namespace OrqGenerated.Internal;

/// <summary>One call under way: its attempts, its time limits, and what came of it.</summary>
/// <remarks>Polly disposes of a result that it does not keep, so this is none that can be disposed of.</remarks>
internal sealed class CallRun
{
    private readonly OrqTransport _transport;
    private readonly OrqCall _call;
    private readonly CallSettings _settings;
    private readonly Action<ApiErrorDescription> _describeError;
    private readonly CallLimits _limits;
    private readonly ReceivedBody _body = new();
    private readonly CallTelemetry _telemetry;
    private HttpResponseMessage? _response;
    private Failure? _failure;
    private string? _key;
    private string? _refusedKey;
    private int _retries;
    private bool _mayHaveBeenApplied;
    private bool _isWaiting;

    public CallRun(
        OrqTransport transport,
        OrqCall call,
        CallSettings settings,
        Action<ApiErrorDescription> describeError,
        CallLimits limits
    )
    {
        _transport = transport;
        _call = call;
        _settings = settings;
        _describeError = describeError;
        _limits = limits;
        _telemetry = CallTelemetry.Start(call.Operation.Name);
    }

    /// <summary>How often the request was sent, or its sending begun.</summary>
    public int Attempts { get; private set; }

    /// <summary>The wait before the next attempt, as <see cref="MayRetry"/> found it.</summary>
    public TimeSpan NextDelay { get; private set; }

    /// <summary>Makes attempts until one succeeds or no other may be made.</summary>
    /// <exception cref="Exception">What the last attempt came to.</exception>
    public async ValueTask RunAsync()
    {
        var token = _limits.CallToken;
        await AttemptAsync(token).ConfigureAwait(false);
        if (_failure is not null)
        {
            await RetryAsync(token).ConfigureAwait(false);
        }

        if (_limits.CallerToken.IsCancellationRequested && IsRepeatable)
        {
            _failure = new Failure.Cancelled();
        }

        if (_failure is not null)
        {
            Throw(_failure);
        }
    }

    /// <summary>Goes on after a first attempt that failed, which most never do.</summary>
    private async ValueTask RetryAsync(CancellationToken token)
    {
        var context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, token);
        try
        {
            var isFirst = true;
            var outcome = await RetryLoop
                .Pipeline.ExecuteOutcomeAsync(
                    async (context, run) =>
                    {
                        if (!isFirst)
                        {
                            await run.AttemptAsync(context.CancellationToken).ConfigureAwait(false);
                        }

                        isFirst = false;
                        return Outcome.FromResult(run);
                    },
                    context,
                    this
                )
                .ConfigureAwait(false);
            if (_isWaiting)
            {
                _failure = _limits.Interruption(outcome.Exception) ?? _failure;
            }
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Decides whether another attempt follows, and after which wait.</summary>
    public bool MayRetry()
    {
        // A limit that has passed by now must not hide what the attempt came to.
        if (_failure is null || !IsRepeatable || _limits.CallToken.IsCancellationRequested)
        {
            return false;
        }

        var retry = _settings.Retry;
        var asked = (_failure as Failure.Status)?.RetryAfter;
        if (asked > RetryDelay.Longest(retry.Backoff))
        {
            return false;
        }

        var random = _transport.Options.NextRandom;
        var delay = RetryDelay.Backoff(retry.Backoff, _retries, random());
        if (asked is not null)
        {
            delay = RetryDelay.AtLeast(asked.Value, delay, random());
        }

        var end = _limits.Elapsed + delay;
        if (IsPast(end, retry.Backoff.MaxElapsedTime) || IsPast(end, _settings.TotalTimeout))
        {
            return false;
        }

        _retries++;
        _isWaiting = true;
        NextDelay = delay;
        if (_failure is Failure.Status { Code: 429 })
        {
            _settings.RateLimited?.Invoke(delay);
        }

        _telemetry.Retrying(delay, (_failure as Failure.Status)?.Code, _failure.ErrorType);
        _transport.Log.Retrying(
            _call.Operation.Name,
            Attempts,
            delay.TotalSeconds,
            _failure.ErrorType
        );
        return true;
    }

    /// <summary>The successful answer.</summary>
    /// <exception cref="OrqResponseException">Its body is not what the document promises.</exception>
    public OrqResponse<T> ToResponse<T>(JsonCodec<T> codec)
    {
        var response = _response!;
        var unreadable = ResponseBodyReader.Read(_body, response, codec, out var value);
        if (unreadable is not null)
        {
            var exception = new ExceptionFactory(
                _call,
                _settings,
                Secrets(),
                Attempts,
                _limits.Elapsed
            ).Unreadable(response, _body, unreadable);
            var errorType = ExceptionFactory.TypeOf(exception);
            _telemetry.Stop(Attempts, (int)response.StatusCode, errorType, _limits.Elapsed);
            _transport.Log.Failed(_call.Operation.Name, Attempts, errorType);
            throw exception;
        }

        _telemetry.Stop(Attempts, (int)response.StatusCode, null, _limits.Elapsed);
        // What the caller keeps must not hold the key.
        response.RequestMessage = null;
        return new OrqResponse<T>(value!, (int)response.StatusCode)
        {
            Attempts = Attempts,
            Source = response,
        };
    }

    /// <summary>Waits as <see cref="MayRetry"/> has decided, or until the call or the client is over.</summary>
    public async ValueTask WaitAsync(CancellationToken callToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            callToken,
            _transport.Disposal
        );
        try
        {
            await Task.Delay(NextDelay, _transport.Options.TimeProvider, ended.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Whoever goes on from here finds out why.
        }
    }

    /// <summary>Gives back what the call held.</summary>
    public void Release()
    {
        _response?.Dispose();
        _body.Release();
    }

    private static bool IsPast(TimeSpan end, TimeSpan limit) =>
        Limits.IsFinite(limit) && end > limit;

    private bool IsRepeatable =>
        _settings.Retry.Strategy != RetryStrategy.None
        && !(Attempts >= _settings.Retry.MaxAttempts)
        && RetryRules.Allow(_failure, _settings.Retry, _call.Operation.IsIdempotent);

    private async ValueTask AttemptAsync(CancellationToken callToken)
    {
        _isWaiting = false;
        if (_transport.IsDisposed)
        {
            _failure = _limits.Interruption(null);
            return;
        }

        await SendOnceAsync(callToken).ConfigureAwait(false);
        if (
            _failure is Failure.Status { Code: 401 }
            && _refusedKey is null
            && _settings.ApiKey is null
            && _transport.Keys.CanRefresh
        )
        {
            _refusedKey = _key;
            await SendOnceAsync(callToken).ConfigureAwait(false);
        }
    }

    private async ValueTask SendOnceAsync(CancellationToken callToken)
    {
        using var limit = _limits.StartAttempt();
        using var ofCall = Link(limit, callToken);
        using var ofClient = Link(limit, _transport.Disposal);
        if (!await TryGetKeyAsync(limit.Token).ConfigureAwait(false))
        {
            return;
        }

        Attempts++;
        _failure = null;
        _body.Release();
        _response?.Dispose();
        _response = null;
        try
        {
            using var request = RequestMessage.Create(
                _call,
                _transport.Address(_call, _settings.ServerUrl),
                _transport.Authorization(_key!),
                _settings.Headers
            );
            var address = request.RequestUri;
            _response = await _transport
                .Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            if (
                _response.RequestMessage is { } sent
                && (sent.RequestUri != address || sent.Method != _call.Operation.Method)
            )
            {
                _failure = new Failure.Connection(
                    "the HttpClient followed a redirect, which can lose the request; set AllowAutoRedirect to false on its handler",
                    null,
                    IsTransient: false
                )
                {
                    MayHaveReached = true,
                };
            }
            else if (_response.IsSuccessStatusCode)
            {
                // An answer to HEAD has a length, and no body.
                if (_call.Operation.Method != HttpMethod.Head)
                {
                    await _body
                        .ReadAsync(_response.Content, ReceivedBody.SuccessLimit, limit.Token)
                        .ConfigureAwait(false);
                }
            }
            else
            {
                await ReadErrorAsync(_response, limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            _failure =
                _limits.Interruption(exception, WasSent, limit)
                ?? Failure.Of(exception, WasSent, hasAnswer: _response is not null);
        }

        _mayHaveBeenApplied |= _failure?.MayHaveReached == true;
        _telemetry.Attempted(Attempts, (int?)_response?.StatusCode, _failure?.ErrorType);
        if (_transport.Log.IsEnabled(LogLevel.Debug))
        {
            _transport.Log.Attempted(
                _call.Operation.Name,
                Attempts,
                _failure?.ErrorType ?? $"{(int)_response!.StatusCode}"
            );
        }
    }

    private static CancellationTokenRegistration Link(
        CancellationTokenSource limit,
        CancellationToken token
    ) => token.UnsafeRegister(static limit => ((CancellationTokenSource)limit!).Cancel(), limit);

    /// <summary>
    /// Without a body nobody can tell, and a handler of the caller's may have sent what it never read.
    /// </summary>
    private bool WasSent =>
        _call.Body is null || _call.Body.WasRead || !_transport.SendsBodyToReachServer;

    /// <returns>False when there is no key to try: then the failure stands.</returns>
    private async ValueTask<bool> TryGetKeyAsync(CancellationToken token)
    {
        try
        {
            var key =
                _settings.ApiKey
                ?? await _transport.Keys.GetAsync(_refusedKey, token).ConfigureAwait(false);
            if (key is null)
            {
                return false;
            }

            _key = key;
            return true;
        }
        catch (OperationCanceledException exception) when (token.IsCancellationRequested)
        {
            var failure = _limits.KeyTimedOut(exception);
            // A refusal stands when no other key is had in time.
            _failure =
                failure is Failure.Timeout && _failure is Failure.Status { Code: 401 }
                    ? _failure
                    : failure;
            return false;
        }
        catch (Exception exception)
        {
            _failure = new Failure.Thrown(ExceptionDispatchInfo.Capture(exception));
            return false;
        }
    }

    /// <summary>An error's body is kept as far as it comes: one that stalls or breaks hides no status.</summary>
    private async ValueTask ReadErrorAsync(HttpResponseMessage response, CancellationToken token)
    {
        var isComplete = false;
        try
        {
            await _body
                .ReadAsync(response.Content, ReceivedBody.ErrorLimit, token)
                .ConfigureAwait(false);
            isComplete = true;
        }
        catch (Exception) when (!_limits.CallerToken.IsCancellationRequested)
        {
            // The status is known, and it is what counts.
        }

        _failure = new Failure.Status(
            (int)response.StatusCode,
            ResponseHeaders.Of(response),
            response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type)
                ? type.ToString()
                : null,
            _body.Text(response.Content),
            RetryDelay.Asked(response, _transport.Options.TimeProvider)
        )
        {
            MayHaveReached = !isComplete,
        };
    }

    private void Throw(Failure failure)
    {
        _telemetry.Stop(
            Attempts,
            (failure as Failure.Status)?.Code,
            failure.ErrorType,
            _limits.Elapsed
        );
        switch (failure)
        {
            case Failure.Cancelled:
                throw new OperationCanceledException(_limits.CallerToken);
            case Failure.Thrown thrown:
                thrown.Exception.Throw();
                break;
            default:
                var exception = new ExceptionFactory(
                    _call,
                    _settings,
                    Secrets(),
                    Attempts,
                    _limits.Elapsed
                ).Create(failure, _mayHaveBeenApplied, _describeError);
                _transport.Log.Failed(_call.Operation.Name, Attempts, failure.ErrorType);
                throw exception;
        }
    }

    /// <summary>What must not appear in a message: the keys used, and every text of the request.</summary>
    private List<string> Secrets()
    {
        List<string> secrets = _call.Body is null ? [] : Redaction.StringsOf(_call.Body.Span);
        secrets.AddRange(_call.ParameterTexts);
        secrets.AddRange(_settings.Headers.Values);
        secrets.AddRange(new[] { _key, _refusedKey }.OfType<string>());
        return secrets;
    }
}
