namespace OrqGenerated.Internal;

/// <summary>
/// Decides when the calls of a run may start: until the first 429 at once, or at the maximum rate if one is given; from
/// then on at the rate that the server has been measured to allow. Only <see cref="Pause"/> is thread-safe.
/// </summary>
/// <remarks>
/// <para>A 429 pauses all calls for as long as the server asks. The time from the end of one pause to the end of the
/// next is a cycle. The calls allowed in a cycle, divided by its length, pause included, are the server's rate, whether
/// its limit is a rolling window, a fixed window or a token bucket. Calls then start slightly faster than that, and
/// ever faster with time, which finds a limit that was measured too low or has been raised.</para>
/// <para>For example, a server allows 100 calls in any 60 s. The first 100 take 10 s, and the next one is refused for
/// 50 s: the cycle allowed 100 calls in 60 s. Calls then start 1 % faster than that, one every 0.59 s, until 100 are
/// allowed in 59 s. The next one is refused for 1 s, which ends another cycle of 60 s.</para>
/// <para>The first cycle gives only a guess: it may have spent what a bucket had saved up, or what other callers had
/// left of a window. Until another cycle confirms the guess, few calls may run at a time.</para>
/// <para>The constants were found by simulation of such limits, with 1 to 64 workers and 20 to 300 ms a call.</para>
/// </remarks>
internal sealed class ManyPacer(TimeProvider time, TimeSpan maxPause, double? maxRate)
{
    // The rate exceeds the measured one by this share, so that the limit is used up.
    private const double Margin = 0.01;

    // It gains this share times the cube of the time since the pause, so that a limit measured too low is soon left.
    private const double Growth = 0.03;

    // The shortest window assumed.
    private const double MinWindow = 60;

    // If a rate grew until it was refused, this share of it is surely below the limit.
    private const double SafeShare = 0.6;

    // Calls that a busy machine starts late may catch up at once, up to this many seconds' worth.
    private const double CatchUpSeconds = 0.2;

    private readonly long _start = time.GetTimestamp();
    private readonly double _maxRate = maxRate ?? double.PositiveInfinity;

    // The measurement; no calls if there is none yet.
    private double _measuredCalls;
    private double _measuredSeconds;
    private bool _isGuess = true;

    // The current cycle. It starts when the pause ends; all times are seconds since the start of the run.
    private int _cycle;
    private double _cycleStart;
    private int _running;
    private int _allowed;
    private double _lastAllowed;

    // Since when the number of calls that may run after a guess grows, and when the rate lets the next call start.
    private double _rampStart;
    private double _next;

    // The wait if the server does not say how long, doubled by each refused cycle.
    private double _defaultWait = 0.5;

    private double _longestWait;

    /// <summary>How long the run still waits because of a 429; zero if it does not.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(Math.Max(0, Volatile.Read(ref _cycleStart) - Now));

    /// <summary>How long until the next call may start; zero or less if it may now.</summary>
    public TimeSpan Wait
    {
        get
        {
            // The calls that may run grow with the power 1.5 of the seconds. If they grew faster, a bucket would refuse
            // them all at once when it is empty.
            var ramp = _isGuess && _cycle > 0 ? _rampStart + Math.Pow(_running, 1 / 1.5) : 0;
            return TimeSpan.FromSeconds(Math.Max(_next, ramp) - Now);
        }
    }

    // An estimate of the limit's window.
    private double Window => Math.Max(MinWindow, _longestWait);

    private double Now => time.GetElapsedTime(_start).TotalSeconds;

    // Calls per second.
    private double Rate
    {
        get
        {
            if (_measuredCalls == 0)
                return _maxRate;

            // The unit of time: the measured time, but long enough to let a bucket run empty, and at most a window.
            var unit = Math.Clamp(_measuredSeconds, MinWindow / 2, Window);
            var growth = Growth * Math.Pow(Math.Max(0, Now - _cycleStart) / unit, 3);
            return Math.Min(_maxRate, _measuredCalls / _measuredSeconds * (1 + Margin + growth));
        }
    }

    /// <summary>Records that a call starts.</summary>
    /// <returns>The number of the cycle it starts in.</returns>
    public int Started()
    {
        _running++;
        _next = Math.Max(_next, Now - CatchUpSeconds) + (1 / Rate);
        // If a fixed window was about to end at the first 429, the limit is the first cycle's count, so the first call
        // beyond it must run alone.
        if (_allowed + _running == _measuredCalls)
            _rampStart = Now;

        return _cycle;
    }

    /// <summary>Records that a call has ended, other than with a 429.</summary>
    /// <param name="cycle">The cycle it started in.</param>
    /// <param name="isAllowed">Whether the server responded, so that the call counts against the limit.</param>
    public void Ended(int cycle, bool isAllowed)
    {
        if (cycle == _cycle)
            _running--;

        if (!isAllowed)
            return;

        // The time to connect says nothing about the limit.
        if (_cycle == 0 && _allowed == 0)
            _cycleStart = Now;

        _defaultWait = 0.5;
        _lastAllowed = Now;
        if (cycle == _cycle)
            _allowed++;
        else
            _measuredCalls++;
    }

    /// <summary>Records that a call has ended with a 429, and pauses the run for as long as the server asks.</summary>
    /// <param name="cycle">The cycle the call started in.</param>
    /// <param name="serverWait">The server's requested wait; null if it gave none.</param>
    /// <returns>Whether the wait is short enough; otherwise there is no pause.</returns>
    public bool TryPause(int cycle, TimeSpan? serverWait)
    {
        // Calls in flight together are refused together, which ends only one cycle.
        var endsCycle = cycle == _cycle;
        if (endsCycle)
            _defaultWait *= 2;

        var wait = serverWait > TimeSpan.Zero ? serverWait.Value.TotalSeconds : _defaultWait;
        if (wait > maxPause.TotalSeconds)
            return false;

        _longestWait = Math.Max(_longestWait, wait);
        // At least a 60th of the window, or 1 s: the server may ask only for the time until a single call is allowed
        // again, and so short a pause would end with the next 429.
        var pauseEnd = Math.Max(_cycleStart, Now + Math.Max(wait, Window / 60));
        Measure(pauseEnd, endsCycle);
        if (endsCycle)
        {
            _cycle++;
            _running = 0;
        }

        _allowed = 0;
        _next = _rampStart = pauseEnd;
        Volatile.Write(ref _cycleStart, pauseEnd);
        return true;
    }

    /// <summary>Measures the calls allowed since the last pause, and the time until the end of this one.</summary>
    private void Measure(double pauseEnd, bool endsCycle)
    {
        // No limit refuses every call for longer than its window, so such a time says nothing about the server's rate.
        var isOutage = !_isGuess && _allowed == 0 && Now - _lastAllowed >= Window;
        // The share of the earlier measurement that still counts: all of it if the cycle goes on or allowed no call,
        // none of a guess, and otherwise less the longer the cycle ran, down to none at the longest wait.
        var kept =
            !endsCycle || _allowed == 0 ? 1
            : _isGuess ? 0
            : Math.Clamp(1 - ((Now - _cycleStart) / _longestWait), 0, 1);

        // The mean of a rate that grew for long is far below the limit, so a share of its last value is the minimum.
        var grown = SafeShare * Rate;
        var minRate = _measuredCalls > 0 && grown > _measuredCalls / _measuredSeconds ? grown : 0;
        if (endsCycle)
            _isGuess &= _allowed == 0 || _measuredCalls == 0;

        _measuredSeconds = (_measuredSeconds * kept) + (isOutage ? 0 : pauseEnd - _cycleStart);
        _measuredCalls = Math.Max((_measuredCalls * kept) + _allowed, minRate * _measuredSeconds);
    }
}
