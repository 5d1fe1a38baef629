using System.Runtime.ExceptionServices;

namespace OrqGenerated.Internal;

/// <summary>A call's time, and all that can end it from outside: its caller, its time limits, the end of its client.</summary>
internal sealed class CallLimits : IDisposable
{
    /// <summary>What a disposed HTTP client of the caller's calls itself.</summary>
    private const string HttpName = "System.Net.Http.HttpClient";

    private readonly OrqTransport _transport;
    private readonly CallSettings _settings;
    private readonly CancellationTokenSource? _total;
    private readonly CancellationTokenSource? _linked;
    private readonly long _started;

    public CallLimits(OrqTransport transport, CallSettings settings, CancellationToken callerToken)
    {
        _transport = transport;
        _settings = settings;
        CallerToken = callerToken;
        _started = Time.GetTimestamp();
        if (Limits.IsTimer(settings.TotalTimeout))
        {
            _total = new CancellationTokenSource(settings.TotalTimeout, Time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(callerToken, _total.Token);
        }
    }

    /// <summary>Since the call began.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    public CancellationToken CallerToken { get; }

    /// <summary>Is cancelled when the caller gives up, or the call's total limit passes.</summary>
    public CancellationToken CallToken => _linked?.Token ?? CallerToken;

    private TimeProvider Time => _transport.Options.TimeProvider;

    /// <summary>The end of one attempt that begins now; where the call's own limit comes no later, only that one counts.</summary>
    public CancellationTokenSource StartAttempt() =>
        Limits.IsTimer(_settings.AttemptTimeout) && !IsTotalNearer
            ? new CancellationTokenSource(_settings.AttemptTimeout, Time)
            : new CancellationTokenSource();

    /// <summary>
    /// What ended an attempt or a wait from outside. Where several ends meet, the caller's counts before the total limit,
    /// that one before the attempt's, and a given HttpClient's own last.
    /// </summary>
    /// <param name="exception">What the attempt or the wait ended with.</param>
    /// <param name="wasSent">Whether the request, or a part of it, may have been sent.</param>
    /// <param name="attempt">The attempt's end; null for a wait.</param>
    /// <returns>Null when it ended by itself.</returns>
    public Failure? Interruption(
        Exception? exception,
        bool wasSent = false,
        CancellationTokenSource? attempt = null
    )
    {
        if (CallerToken.IsCancellationRequested)
        {
            return new Failure.Cancelled();
        }

        if (_total?.IsCancellationRequested == true)
        {
            return TimedOut(
                nameof(OrqClientOptions.TotalTimeout),
                _settings.TotalTimeout,
                exception,
                wasSent
            );
        }

        if (_transport.IsDisposed || exception is ObjectDisposedException { ObjectName: HttpName })
        {
            return new Failure.Thrown(
                ExceptionDispatchInfo.Capture(
                    exception as ObjectDisposedException
                        ?? new ObjectDisposedException(_transport.GetType().FullName)
                )
            );
        }

        if (attempt?.IsCancellationRequested == true)
        {
            return AttemptTimedOut(exception, wasSent);
        }

        // SocketsHttpHandler's own ConnectTimeout looks the same but for its words.
        if (
            exception is not OperationCanceledException { InnerException: TimeoutException }
            || !exception.Message.Contains("HttpClient.Timeout", StringComparison.Ordinal)
        )
        {
            return null;
        }

        return _transport.Http.Timeout == _settings.AttemptTimeout
            ? AttemptTimedOut(exception, wasSent)
            : TimedOut("HttpClient.Timeout", _transport.Http.Timeout, exception, wasSent) with
            {
                IsOfServer = true,
            };
    }

    /// <summary>The provider of the key was not done in time; another attempt would only ask it again.</summary>
    public Failure KeyTimedOut(Exception exception) =>
        Interruption(exception)
        ?? AttemptTimedOut(exception, wasSent: false) with
        {
            IsOfServer = false,
        };

    public void Dispose()
    {
        _linked?.Dispose();
        _total?.Dispose();
    }

    private Failure.Timeout AttemptTimedOut(Exception? exception, bool wasSent) =>
        TimedOut(
            nameof(OrqClientOptions.AttemptTimeout),
            _settings.AttemptTimeout,
            exception,
            wasSent
        ) with
        {
            IsOfServer = true,
        };

    private bool IsTotalNearer =>
        _total is not null && _settings.TotalTimeout - Elapsed <= _settings.AttemptTimeout;

    private static Failure.Timeout TimedOut(
        string limit,
        TimeSpan length,
        Exception? exception,
        bool wasSent
    ) => new(limit, length, exception) { MayHaveReached = wasSent };
}
