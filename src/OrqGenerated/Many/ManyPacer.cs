namespace OrqGenerated.Internal;

/// <summary>
/// Decides when the calls of a run may start: at once until the first 429; after it, at the rate at which the server
/// has let them through, plus a little more with time. A cycle runs from the end of one pause to the end of the next:
/// calls let through in a cycle, its pause included, are the server's limit, whether it has a rolling window, a fixed
/// one or a bucket.
/// </summary>
/// <remarks>
/// The constants were found by simulation: rolling, fixed and bucket limits, 1 to 64 workers, 20 to 300 ms a call.
/// </remarks>
internal sealed class ManyPacer(TimeProvider time, TimeSpan maxPause, double? maxRate)
{
    // Over the measured rate, so that the limit is used up; it grows with the cube of time, so that one that was
    // measured too low is left soon.
    private const double Step = 0.01;
    private const double GrowthPerWindow = 0.02;

    // The shortest window. A bucket that holds seconds' worth shows that a rate is too high only once it is empty.
    private const double MinGrowthSeconds = 25;

    // Of a rate that has grown until it was refused, this part is surely below the limit.
    private const double SafePart = 0.7;

    // Calls that a busy machine starts late may start together, up to this many seconds' worth.
    private const double CatchUpSeconds = 0.2;

    // How long calls that hang may hold up the next one.
    private const double ProbeSeconds = 1;

    // Calls join by this power of the seconds while the rate is a guess: a bucket shows that they are too many only
    // once it is empty, and then to all of them.
    private const double JoiningPower = 1.5;

    // A pause as short as the server's word for the next single call would end with the next 429.
    private const double MinPauseOfWindow = 0.02;

    private readonly object _lock = new();
    private readonly long _start = time.GetTimestamp();

    // The last cycles that make up a window. Seconds are counted from the start of the run.
    private double _measuredCalls;
    private double _measuredSeconds;

    // At the first 429 a bucket has used up what it held; this part of a second's worth was not refilled in the pause.
    private double _unfilledSeconds;

    // Whether no cycle after the first has let a call through.
    private bool _isGuess = true;

    private Cycle _cycle = new(number: 0, start: 0);
    private int _refusedInARow;

    // When the next call may start, and when the last one did. No call starts before the pause ends.
    private double _next;
    private double _lastStart;
    private double _pauseEnd;

    // The longest wait that the server has asked for, as a guess at its window.
    private double _window = 1;

    /// <summary>How long the run still waits because of a 429; zero if it does not.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_lock)
            {
                return TimeSpan.FromSeconds(Math.Max(0, _pauseEnd - Now));
            }
        }
    }

    /// <summary>How long no call may start; zero or less for none.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                // Calls that hang do not hold up all others.
                var start = _cycle.Running < MostRunning ? _next : Math.Max(_next, _lastStart + ProbeSeconds);
                return TimeSpan.FromSeconds(Math.Max(start, _pauseEnd) - Now);
            }
        }
    }

    // What was let through before the first pause may have been saved up in a bucket, or be what others left over, so
    // until the rate is known calls join slowly, at first one by one. The same where the first pause was short because
    // a fixed window was about to end: its count is tried by one.
    private double MostRunning =>
        _cycle.Number == 0 || !_isGuess ? double.PositiveInfinity
        : _cycle.Started >= _measuredCalls && _cycle.Allowed <= _measuredCalls ? 1
        : 1 + Math.Floor(Math.Pow(Math.Max(0, Now - _cycle.Start), JoiningPower));

    // The run began on a limit that was used up.
    private bool IsUnmeasured => _cycle.Number <= 1 && _measuredCalls < 1;

    private double Now => time.GetElapsedTime(_start).TotalSeconds;

    private double? Rate
    {
        get
        {
            if (IsUnmeasured)
            {
                return maxRate;
            }

            var rate = Math.Max(1, _measuredCalls) / _measuredSeconds;
            var windows = Math.Max(0, Now - _cycle.Start) / Math.Max(MinGrowthSeconds, _measuredSeconds);
            rate *= 1 + Step + (GrowthPerWindow * windows * windows * windows);
            return Math.Min(rate, maxRate ?? rate);
        }
    }

    /// <summary>A call starts.</summary>
    /// <returns>The cycle it starts in.</returns>
    public Cycle Started()
    {
        lock (_lock)
        {
            _cycle.Running++;
            _cycle.Started++;
            _lastStart = Now;
            if (Rate is { } rate)
            {
                _next = Math.Max(_next, Now - CatchUpSeconds) + (1 / rate);
            }

            return _cycle;
        }
    }

    /// <summary>A call has ended, though not with a 429.</summary>
    /// <param name="cycle">The cycle it started in.</param>
    /// <param name="isAllowed">Whether the server answered it, so that it counts against the limit.</param>
    public void Ended(Cycle cycle, bool isAllowed)
    {
        lock (_lock)
        {
            cycle.Running--;
            if (!isAllowed)
            {
                return;
            }

            if (_cycle.Number == 0 && _cycle.Allowed == 0)
            {
                // What connecting takes says nothing about the limit.
                _cycle.Start = Now;
            }

            cycle.Allowed++;
            if (cycle == _cycle)
            {
                _refusedInARow = 0;
            }
            else
            {
                _measuredCalls++;
            }
        }
    }

    /// <summary>A call has ended with a 429: nothing starts for as long as the server asks.</summary>
    /// <param name="cycle">The cycle the call started in.</param>
    /// <param name="serverWait">The server's word; null if it gave none.</param>
    /// <returns>Whether the wait is short enough; otherwise nothing has changed.</returns>
    public bool TryPause(Cycle cycle, TimeSpan? serverWait)
    {
        lock (_lock)
        {
            // Calls in flight together are refused together, which is one event.
            var isNew = cycle == _cycle;
            var refusedInARow = isNew ? _refusedInARow + 1 : _refusedInARow;
            var wait =
                serverWait > TimeSpan.Zero
                    ? serverWait.Value.TotalSeconds
                    : Math.Pow(2, Math.Max(0, refusedInARow - 1));
            if (wait > maxPause.TotalSeconds)
            {
                return false;
            }

            _refusedInARow = refusedInARow;
            _window = Math.Max(_window, wait);
            _pauseEnd = Math.Max(_pauseEnd, Now + Math.Max(wait, MinPause));
            if (isNew)
            {
                EndCycle(wait);
            }
            else if (_cycle.Started == 0)
            {
                var longer = _pauseEnd - _cycle.Start;
                var refilled = Math.Min(_unfilledSeconds, longer);
                _unfilledSeconds -= refilled;
                _measuredSeconds += longer - refilled;
                _cycle.Start = _next = _pauseEnd;
            }

            return true;
        }
    }

    // Long enough for another call, unless calls are so rare that it would waste some.
    private double MinPause => Math.Max(_window * MinPauseOfWindow, Math.Min(1, 1 / (Rate ?? double.PositiveInfinity)));

    private void EndCycle(double wait)
    {
        _unfilledSeconds = _cycle.Number == 0 ? Math.Max(0, 1 - wait) : 0;
        var seconds = _pauseEnd - _cycle.Start + _unfilledSeconds;
        // A cycle shorter than a window, or without any call let through, says little by itself; a guess says less.
        var kept =
            _cycle.Allowed == 0 ? 1
            : _isGuess ? 0
            : Math.Clamp((_window - seconds) / _measuredSeconds, 0, 1);

        // The mean of a rate that grew for long is far below the limit.
        var grown = SafePart * Rate;
        var least = grown > _measuredCalls / _measuredSeconds ? grown.Value : 0;
        _measuredSeconds = (_measuredSeconds * kept) + seconds;
        _measuredCalls = Math.Max((_measuredCalls * kept) + _cycle.Allowed, least * _measuredSeconds);
        _isGuess &= _cycle.Number == 0 || _cycle.Allowed == 0;
        _cycle = new Cycle(_cycle.Number + 1, _pauseEnd);
        _next = _pauseEnd;
    }

    /// <summary>The calls that start between the end of one pause and the end of the next.</summary>
    public sealed class Cycle(int number, double start)
    {
        public int Number => number;

        public double Start { get; set; } = start;

        public int Started { get; set; }

        /// <summary>Calls that the server has let through.</summary>
        public int Allowed { get; set; }

        /// <summary>Calls that have not ended; those of earlier cycles may take as long as they like.</summary>
        public int Running { get; set; }
    }
}
