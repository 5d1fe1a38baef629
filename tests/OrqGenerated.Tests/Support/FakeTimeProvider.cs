namespace OrqGenerated.Tests.Support;

/// <summary>
/// A clock that stands still at 2026-06-02 12:00 UTC until a test moves it, and fires its timers on the way. To act
/// while the code waits, a test first calls <see cref="WaitForTimerAsync(TimeSpan)"/>.
/// </summary>
internal sealed class FakeTimeProvider : TimeProvider
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _pending = [];
    private readonly List<TimeSpan> _requested = [];
    private readonly List<(Func<TimeSpan, bool> Wanted, TaskCompletionSource Found)> _waiters = [];
    private DateTimeOffset _now = new(2026, 6, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Selects, by due time, the timers that fire as soon as they start and move the clock, so that a call with twenty
    /// waits takes no time. Null by default: only the test moves the clock.
    /// </summary>
    public Func<TimeSpan, bool>? AutoAdvance { get; init; }

    /// <summary>The due time of every timer that was started, in order, except infinite ones.</summary>
    public IReadOnlyList<TimeSpan> RequestedTimers
    {
        get
        {
            lock (_lock)
            {
                return [.. _requested];
            }
        }
    }

    /// <summary>The time left on each running timer, soonest first.</summary>
    public IReadOnlyList<TimeSpan> PendingTimers
    {
        get
        {
            lock (_lock)
            {
                return [.. _pending.Select(timer => timer.Due - _now).Order()];
            }
        }
    }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the clock; timers that become due fire in order, each at its own time.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        AdvanceTo(GetUtcNow() + by);
    }

    /// <summary>Completes when a timer with exactly this much time left is running.</summary>
    /// <exception cref="TimeoutException">None was started within 30 seconds of real time.</exception>
    public Task WaitForTimerAsync(TimeSpan due) => WaitForTimerAsync(left => left == due, $"of {due}");

    /// <summary>Completes when a timer is running whose time left satisfies <paramref name="wanted"/>.</summary>
    /// <param name="wanted">Tests the time left.</param>
    /// <param name="what">Describes the timer in the message "No timer … was started".</param>
    /// <exception cref="TimeoutException">None was started within 30 seconds of real time.</exception>
    public async Task WaitForTimerAsync(Func<TimeSpan, bool> wanted, string what = "that the test waits for")
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_pending.Exists(timer => wanted(timer.Due - _now)))
                return;

            _waiters.Add((wanted, found));
        }

        try
        {
            await found.Task.WaitAsync(Guard, System);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                $"No timer {what} was started within {Guard}. Running: [{string.Join(", ", PendingTimers)}]; "
                    + $"started so far: [{string.Join(", ", RequestedTimers)}].",
                e
            );
        }
    }

    private void AdvanceTo(DateTimeOffset target)
    {
        while (NextDue(target) is { } due)
            due.Fire();
    }

    // A timer leaves the list, or advances by its period, before its callback runs: the callback may start, change or
    // dispose timers, including this one.
    private FakeTimer? NextDue(DateTimeOffset target)
    {
        lock (_lock)
        {
            var next = _pending.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
            var time = next?.Due ?? target;
            if (time > _now)
                _now = time;

            if (next?.Period > TimeSpan.Zero)
                next.Due += next.Period;
            else if (next is not null)
                _pending.Remove(next);

            return next;
        }
    }

    private void Start(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        DateTimeOffset due;
        lock (_lock)
        {
            _pending.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return;

            due = timer.Due = _now + dueTime;
            timer.Period = period;
            _pending.Add(timer);
            _requested.Add(dueTime);
            foreach (var waiter in _waiters.FindAll(waiter => waiter.Wanted(dueTime)))
            {
                waiter.Found.TrySetResult();
                _waiters.Remove(waiter);
            }
        }

        if (dueTime == TimeSpan.Zero || AutoAdvance?.Invoke(dueTime) == true)
        {
            // Not on this thread: nobody expects a timer to fire before it is returned.
            ThreadPool.UnsafeQueueUserWorkItem(self => self.AdvanceTo(timer.Due), this, preferLocal: false);
        }
    }

    private void Stop(FakeTimer timer)
    {
        lock (_lock)
        {
            _pending.Remove(timer);
        }
    }

    private sealed class FakeTimer(FakeTimeProvider clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Start(this, dueTime, period);
            return true;
        }

        public void Dispose() => clock.Stop(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
