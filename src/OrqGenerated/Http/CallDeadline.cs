namespace OrqGenerated.Internal;

/// <summary>
/// A call's clock, and what can interrupt it: its caller, its time limits, the disposal of its client.
/// </summary>
internal sealed class CallDeadline(CallSettings settings, CancellationToken caller, CancellationToken disposal)
{
    /// <summary>The longest time that a .NET timer can measure: 49 days.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly long _started = settings.Client.TimeProvider.GetTimestamp();

    /// <summary>The time since the call began.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(_started);

    private TimeProvider Time => settings.Client.TimeProvider;

    private TimeSpan TotalLeft =>
        settings.TotalTimeout == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : settings.TotalTimeout - Elapsed;

    private Failure.Timeout AttemptTimedOut =>
        new(nameof(OrqClientOptions.AttemptTimeout), settings.AttemptTimeout, IsPerAttempt: true);

    /// <summary>Starts the time limit of an attempt, or of a request for a key.</summary>
    public Limit StartLimit()
    {
        // The call's own limit counts if it comes no later than the attempt's.
        var left = TotalLeft;
        var attempt = settings.AttemptTimeout;
        var isTotal = attempt == Timeout.InfiniteTimeSpan || left <= attempt;
        var limit = isTotal ? left : attempt;
        var source =
            limit <= LongestTimer
                ? new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, Time)
                : new CancellationTokenSource();
        return new Limit(source, isTotal, caller, disposal);
    }

    /// <summary>
    /// Finds what has interrupted an attempt; null if nothing has. If several interruptions coincide, the caller's
    /// cancellation comes first, then the client's disposal, then the time limits.
    /// </summary>
    public Failure? FindInterruption(in Limit limit) =>
        caller.IsCancellationRequested ? new Failure.Cancelled(caller)
        : disposal.IsCancellationRequested ? new Failure.Disposed()
        : !limit.Token.IsCancellationRequested ? null
        : limit.IsTotal || TotalLeft <= TimeSpan.Zero
            ? new Failure.Timeout(nameof(OrqClientOptions.TotalTimeout), settings.TotalTimeout, IsPerAttempt: false)
        : AttemptTimedOut;

    /// <summary>The timeout of the caller's HTTP client, or an equal attempt timeout; null if none passed.</summary>
    public Failure? FindHttpTimeout(Exception exception, TimeSpan httpTimeout)
    {
        // HttpClient reports its Timeout like this, and so does one within a caller's handler; ConnectTimeout has a
        // different innermost exception.
        var isHttpTimeout =
            exception is OperationCanceledException
            {
                InnerException: TimeoutException { InnerException: OperationCanceledException }
            };
        return !isHttpTimeout || httpTimeout == Timeout.InfiniteTimeSpan ? null
            : httpTimeout == settings.AttemptTimeout ? AttemptTimedOut
            : new Failure.Timeout("HttpClient.Timeout", httpTimeout, IsPerAttempt: true);
    }

    /// <summary>Waits before a retry. If the call is interrupted meanwhile, the next attempt reports it.</summary>
    public async ValueTask WaitAsync(TimeSpan delay)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(caller, disposal);
        await Task.Delay(delay, Time, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>A token that is cancelled by a time limit, by the caller or by the client's disposal.</summary>
    public readonly struct Limit(
        CancellationTokenSource source,
        bool isTotal,
        CancellationToken caller,
        CancellationToken disposal
    ) : IDisposable
    {
        private readonly CancellationTokenRegistration _caller = Link(source, caller);
        private readonly CancellationTokenRegistration _disposal = Link(source, disposal);

        /// <summary>Whether the time limit is that of the whole call.</summary>
        public bool IsTotal => isTotal;

        public CancellationToken Token => source.Token;

        public void Dispose()
        {
            _caller.Dispose();
            _disposal.Dispose();
            source.Dispose();
        }

        private static CancellationTokenRegistration Link(CancellationTokenSource source, CancellationToken token) =>
            token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
    }
}
