namespace OrqGenerated.Internal;

/// <summary>
/// A call's time, and what can end it from outside: its caller, its time limits, the disposal of its client.
/// </summary>
internal sealed class CallDeadline(CallSettings settings, CancellationToken caller, CancellationToken disposal)
{
    private readonly long _started = settings.Client.TimeProvider.GetTimestamp();

    /// <summary>The time since the call began.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    private TimeProvider Time => settings.Client.TimeProvider;

    private TimeSpan TotalLeft =>
        settings.TotalTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : settings.TotalTimeout - Elapsed;

    /// <summary>Starts the time of one attempt, or of a request for a key.</summary>
    public Limit StartAttempt()
    {
        // Where the call's own limit comes no later than the attempt's, it is the one that counts.
        var left = TotalLeft;
        var attempt = settings.AttemptTimeout;
        var isTotal = attempt == Timeout.InfiniteTimeSpan || left <= attempt;
        var limit = isTotal ? left : attempt;
        var source = FitsTimer(limit)
            ? new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, Time)
            : new CancellationTokenSource();
        return new Limit(source, isTotal, caller, disposal);
    }

    /// <summary>
    /// What ended an attempt from outside. If several ends coincide, the caller's cancellation comes first, then the
    /// client's disposal, then the limits.
    /// </summary>
    /// <returns>Null if it ended by itself.</returns>
    public Failure? EndOf(in Limit limit) =>
        Interruption
        ?? (
            !limit.Token.IsCancellationRequested ? null
            : limit.IsTotal || TotalLeft <= TimeSpan.Zero ? TotalTimeout
            : AttemptTimeout
        );

    /// <inheritdoc cref="EndOf(in Limit)"/>
    /// <remarks>The HTTP client, which may be the caller's, can have a limit of its own.</remarks>
    public Failure? EndOf(in Limit limit, Exception exception, TimeSpan httpTimeout, bool wasSent)
    {
        // This is how HttpClient reports its Timeout, as does one within a caller's handler; the ConnectTimeout has
        // another innermost exception.
        var isHttpTimeout =
            exception is OperationCanceledException
            {
                InnerException: TimeoutException { InnerException: OperationCanceledException }
            };
        var end =
            EndOf(limit)
            ?? (
                !isHttpTimeout || httpTimeout == Timeout.InfiniteTimeSpan ? null
                : httpTimeout == settings.AttemptTimeout ? AttemptTimeout
                : new Failure.Timeout("HttpClient.Timeout", httpTimeout, IsOfAttempt: true)
            );
        return end is null ? null : end with { MayHaveReached = wasSent };
    }

    /// <summary>Waits before a retry. If something ends the call meanwhile, the next attempt says so.</summary>
    public async ValueTask WaitAsync(TimeSpan delay)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(caller, disposal);
        await Task.Delay(delay, Time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Failure? Interruption =>
        caller.IsCancellationRequested ? new Failure.Cancelled(caller)
        : disposal.IsCancellationRequested ? new Failure.Disposed()
        : null;

    private Failure.Timeout AttemptTimeout =>
        new(nameof(OrqClientOptions.AttemptTimeout), settings.AttemptTimeout, IsOfAttempt: true);

    private Failure.Timeout TotalTimeout =>
        new(nameof(OrqClientOptions.TotalTimeout), settings.TotalTimeout, IsOfAttempt: false);

    /// <summary>Whether a timer can watch the limit: the longest that .NET's timers take is 49 days.</summary>
    private static bool FitsTimer(TimeSpan limit) => limit.TotalMilliseconds < uint.MaxValue;

    /// <summary>The end of one attempt, whatever ends it.</summary>
    public readonly struct Limit : IDisposable
    {
        private readonly CancellationTokenSource _source;
        private readonly CancellationTokenRegistration _caller;
        private readonly CancellationTokenRegistration _disposal;

        public Limit(CancellationTokenSource source, bool isTotal, CancellationToken caller, CancellationToken disposal)
        {
            _source = source;
            IsTotal = isTotal;
            _caller = Link(source, caller);
            _disposal = Link(source, disposal);
        }

        /// <summary>Whether it is the call's limit that this attempt has to keep, and not its own.</summary>
        public bool IsTotal { get; }

        public CancellationToken Token => _source.Token;

        public void Dispose()
        {
            _caller.Dispose();
            _disposal.Dispose();
            _source.Dispose();
        }

        private static CancellationTokenRegistration Link(CancellationTokenSource source, CancellationToken token) =>
            token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
    }
}
