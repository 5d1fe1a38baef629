namespace OrqGenerated.Internal;

/// <summary>
/// Decides when the calls of a run may start: until the first 429 at once, or at the maximum rate if one is given; from
/// then on at the rate that the server has been measured to allow.
/// </summary>
/// <remarks>
/// <para>A 429 pauses all calls for as long as the server asks. The time from the end of one pause to the end of the
/// next is a <see cref="Cycle"/>. The calls allowed in a cycle, divided by its length, pause included, are the server's
/// rate, whether its limit is a rolling window, a fixed window or a token bucket.</para>
/// <para>At the end of a cycle, its calls and seconds become the new measurement; a cycle shorter than the limit's
/// window is combined with those before it. Until the next 429, calls start slightly faster than measured, and ever
/// faster with time, which finds a limit that was measured too low or has been raised.</para>
/// <para>The first cycle gives only a guess: it may have spent what a bucket had saved up, or what other callers had
/// left of a window. Until another cycle confirms the guess, few calls may run at a time.</para>
/// <para>The constants were found by simulation: rolling, fixed and bucket limits, 1 to 64 workers, 20 to 300 ms a
/// call.</para>
/// </remarks>
internal sealed class ManyPacer(TimeProvider time, TimeSpan maxPause, double? maxRate)
{
    // The rate exceeds the measured one by this margin, so that the limit is used up, and by this part times the cube
    // of the windows since the pause, so that a limit measured too low is soon left.
    private const double Margin = 0.01;
    private const double GrowthPerWindow = 0.02;

    // The shortest window for growth: a bucket of several seconds' worth shows an excess only once it is empty.
    private const double MinGrowthSeconds = 25;

    // If a rate grew until it was refused, this share of it is surely below the limit.
    private const double SafeShare = 0.7;

    // Calls that a busy machine starts late may catch up at once, up to this many seconds' worth.
    private const double CatchUpSeconds = 0.2;

    // When no more calls may run, one still starts after this time, as the others may hang.
    private const double HangSeconds = 1;

    // While the rate is a guess, the calls that may run grow with this power of the seconds. If they grew faster, a
    // bucket would refuse them all at once when it is empty.
    private const double RampPower = 1.5;

    // A pause lasts at least this share of the window. The server may ask only for the time until a single call is
    // allowed again, and so short a pause would end with the next 429.
    private const double MinPauseShare = 0.02;

    private readonly object _lock = new();
    private readonly long _start = time.GetTimestamp();

    // The measurement: the last cycles that make up a window. All times are seconds since the start of the run.
    private double _measuredCalls;
    private double _measuredSeconds;

    // Whether the measurement comes from the first cycle alone.
    private bool _isGuess = true;

    // The first cycle may have emptied a bucket, which is assumed to hold a second's worth. The measured seconds
    // include the time to refill it; this is the part of that time beyond the pause.
    private double _refillSeconds;

    private Cycle _cycle = new(number: 0, start: 0);
    private int _refusedInARow;

    // When the rate lets the next call start, and when the last one did. No call starts before the pause ends.
    private double _next;
    private double _lastStart;
    private double _pauseEnd;

    // An estimate of the limit's window: the longest wait the server has asked for.
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

    /// <summary>How long until the next call may start; zero or less if it may now.</summary>
    public TimeSpan Wait
    {
        get
        {
            lock (_lock)
            {
                var next = _cycle.Running < MaxRunning ? _next : Math.Max(_next, _lastStart + HangSeconds);
                return TimeSpan.FromSeconds(Math.Max(next, _pauseEnd) - Now);
            }
        }
    }

    /// <summary>Records that a call starts.</summary>
    /// <returns>The cycle it starts in.</returns>
    public Cycle Started()
    {
        lock (_lock)
        {
            _cycle.Running++;
            _cycle.Started++;
            _lastStart = Now;
            if (Rate is { } rate)
                _next = Math.Max(_next, Now - CatchUpSeconds) + (1 / rate);

            return _cycle;
        }
    }

    /// <summary>Records that a call has ended, other than with a 429.</summary>
    /// <param name="cycle">The cycle it started in.</param>
    /// <param name="isAllowed">Whether the server responded, so that the call counts against the limit.</param>
    public void Ended(Cycle cycle, bool isAllowed)
    {
        lock (_lock)
        {
            cycle.Running--;
            if (!isAllowed)
                return;

            if (_cycle.Number == 0 && _cycle.Allowed == 0)
            {
                // The time to connect says nothing about the limit.
                _cycle.Start = Now;
            }

            cycle.Allowed++;
            if (cycle == _cycle)
                _refusedInARow = 0;
            else
                _measuredCalls++;
        }
    }

    /// <summary>Records that a call has ended with a 429, and pauses the run for as long as the server asks.</summary>
    /// <param name="cycle">The cycle the call started in.</param>
    /// <param name="serverWait">The server's requested wait; null if it gave none.</param>
    /// <returns>Whether the wait is short enough; otherwise nothing has changed.</returns>
    public bool TryPause(Cycle cycle, TimeSpan? serverWait)
    {
        lock (_lock)
        {
            // Calls in flight together are refused together, which counts once.
            var isFirst = cycle == _cycle;
            var refusedInARow = isFirst ? _refusedInARow + 1 : _refusedInARow;
            var wait =
                serverWait > TimeSpan.Zero
                    ? serverWait.Value.TotalSeconds
                    : Math.Pow(2, Math.Max(0, refusedInARow - 1));
            if (wait > maxPause.TotalSeconds)
                return false;

            _refusedInARow = refusedInARow;
            _window = Math.Max(_window, wait);
            _pauseEnd = Math.Max(_pauseEnd, Now + Math.Max(wait, MinPause));
            if (isFirst)
                EndCycle(wait);
            else if (_cycle.Started == 0)
                LengthenPause();

            return true;
        }
    }

    private void EndCycle(double wait)
    {
        _refillSeconds = _cycle.Number == 0 ? Math.Max(0, 1 - wait) : 0;
        var seconds = _pauseEnd - _cycle.Start + _refillSeconds;
        // The share of the earlier measurement that still counts: all of it after a cycle in which no call was allowed,
        // none of a guess, and otherwise what the cycle lacks to a window.
        var kept =
            _cycle.Allowed == 0 ? 1
            : _isGuess ? 0
            : Math.Clamp((_window - seconds) / _measuredSeconds, 0, 1);

        // The mean of a rate that grew for long is far below the limit.
        var grown = SafeShare * Rate;
        var minRate = grown > _measuredCalls / _measuredSeconds ? grown.Value : 0;
        _measuredSeconds = (_measuredSeconds * kept) + seconds;
        _measuredCalls = Math.Max((_measuredCalls * kept) + _cycle.Allowed, minRate * _measuredSeconds);
        _isGuess &= _cycle.Number == 0 || _cycle.Allowed == 0;
        _cycle = new Cycle(_cycle.Number + 1, _pauseEnd);
        _next = _pauseEnd;
    }

    // Moves the start of a cycle in which no call has started yet.
    private void LengthenPause()
    {
        var added = _pauseEnd - _cycle.Start;
        var refilled = Math.Min(_refillSeconds, added);
        _refillSeconds -= refilled;
        _measuredSeconds += added - refilled;
        _cycle.Start = _next = _pauseEnd;
    }

    private double Now => time.GetElapsedTime(_start).TotalSeconds;

    // Calls per second; null for no limit.
    private double? Rate
    {
        get
        {
            // If the first cycle allowed no call, the run began on a limit that was used up.
            if (_cycle.Number <= 1 && _measuredCalls < 1)
                return maxRate;

            var rate = Math.Max(1, _measuredCalls) / _measuredSeconds;
            var windows = Math.Max(0, Now - _cycle.Start) / Math.Max(MinGrowthSeconds, _measuredSeconds);
            rate *= 1 + Margin + (GrowthPerWindow * windows * windows * windows);
            return Math.Min(rate, maxRate ?? rate);
        }
    }

    // Limited while the rate is a guess. If a fixed window was about to end at the first 429, the limit is the first
    // cycle's count, so the first call beyond it is sent alone.
    private double MaxRunning =>
        _cycle.Number == 0 || !_isGuess ? double.PositiveInfinity
        : _cycle.Started >= _measuredCalls && _cycle.Allowed <= _measuredCalls ? 1
        : 1 + Math.Floor(Math.Pow(Math.Max(0, Now - _cycle.Start), RampPower));

    // Long enough for one more call, but at most a second: at a low rate, more would waste part of the limit.
    private double MinPause => Math.Max(_window * MinPauseShare, Math.Min(1, 1 / (Rate ?? double.PositiveInfinity)));

    /// <summary>The calls that start between the end of one pause and the end of the next.</summary>
    public sealed class Cycle(int number, double start)
    {
        public int Number => number;

        public double Start { get; set; } = start;

        public int Started { get; set; }

        public int Allowed { get; set; }

        /// <summary>Calls that have not ended, even if a later cycle has begun.</summary>
        public int Running { get; set; }
    }
}
