using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

internal interface ILimit
{
    /// <summary>Makes a call.</summary>
    /// <returns>The seconds to wait: 0 if the call is allowed, null if the limit does not say.</returns>
    double? Call(double now);
}

internal sealed class Rolling(int count, double seconds) : ILimit
{
    private readonly Queue<double> _calls = new();

    public int Count { get; set; } = count;

    public bool IsSilent { get; init; }

    public void Use(int calls, double at)
    {
        for (var i = 0; i < calls; i++)
            _calls.Enqueue(at);
    }

    public double? Call(double now)
    {
        while (_calls.TryPeek(out var first) && first <= now - seconds)
            _calls.Dequeue();

        if (_calls.Count >= Count)
            return IsSilent ? null : _calls.Peek() + seconds - now;

        _calls.Enqueue(now);
        return 0;
    }
}

internal sealed class Fixed(int count, double seconds, double elapsed) : ILimit
{
    private double _window = -1;
    private int _calls;

    public double? Call(double now)
    {
        var window = Math.Floor((now + elapsed) / seconds);
        _calls = window > _window ? 1 : _calls + 1;
        _window = window;
        return _calls <= count ? 0 : ((window + 1) * seconds) - elapsed - now;
    }
}

internal sealed class Bucket(double perSecond, double size) : ILimit
{
    private double _missing;
    private double _at;

    public double? Call(double now)
    {
        _missing = Math.Max(0, _missing - ((now - _at) * perSecond));
        _at = now;
        if (_missing > size - 1)
            return (_missing - size + 1) / perSecond;

        _missing++;
        return 0;
    }
}

/// <summary>Calls of one or more runs against a limit, event by event on a clock of their own.</summary>
internal sealed class Simulation
{
    private readonly ILimit _limit;
    private readonly int _workers;
    private readonly double _latency;
    private readonly bool _wholeSeconds;
    private readonly double _connecting;
    private readonly FakeTimeProvider _time = new();
    private readonly Random _random = new(1);
    private readonly PriorityQueue<Action, (double Time, int Order)> _events = new();
    private readonly List<double> _allowed = [];
    private readonly List<double> _refused = [];
    private double _now;
    private double? _firstPauseEnd;
    private int _enqueued;

    /// <param name="limit">The limit that all calls share.</param>
    /// <param name="workers">The calls of each process at a time.</param>
    /// <param name="latency">The mean seconds of a call, about half of them each way.</param>
    /// <param name="wholeSeconds">Whether the server rounds its waits up to whole seconds.</param>
    /// <param name="processes">The number of runs that share the limit.</param>
    /// <param name="maxRate">The requested limit of each run, in calls per second.</param>
    /// <param name="connecting">The extra seconds that the first calls take.</param>
    public Simulation(
        ILimit limit,
        int workers,
        double latency,
        bool wholeSeconds = true,
        int processes = 1,
        double? maxRate = null,
        double connecting = 0
    )
    {
        (_limit, _workers, _latency, _wholeSeconds) = (limit, workers, latency, wholeSeconds);
        _connecting = connecting;
        for (var i = 0; i < processes; i++)
            StartCalls(new Process(_time, maxRate));
    }

    public int Allowed => _allowed.Count;

    public double LongestPause { get; private set; }

    /// <summary>The extra seconds that the response to an allowed call takes, by the call's number from 0.</summary>
    public Func<int, double> Delay { private get; init; } = static _ => 0;

    /// <summary>The rate of allowed calls after the first pause.</summary>
    public double AllowedPerSecond =>
        _allowed.Count(at => at >= (_firstPauseEnd ?? 0)) / (_now - (_firstPauseEnd ?? 0));

    /// <summary>The most refusals in one of the windows that follow the first pause.</summary>
    public int MostRefusedIn(double window) =>
        _refused
            .Where(at => at >= _firstPauseEnd)
            .GroupBy(at => Math.Floor((at - _firstPauseEnd!.Value) / window))
            .Max(refused => (int?)refused.Count())
        ?? 0;

    public void RunUntil(double seconds)
    {
        while (_events.TryPeek(out _, out var next) && next.Time <= seconds)
        {
            var action = _events.Dequeue();
            _time.Advance(TimeSpan.FromSeconds(next.Time - _now));
            _now = next.Time;
            action();
        }
    }

    private void After(double seconds, Action action) => _events.Enqueue(action, (_now + seconds, _enqueued++));

    private void StartCalls(Process process)
    {
        while (process.Running < _workers)
        {
            var wait = process.Pacer.Wait;
            if (wait > TimeSpan.Zero)
            {
                WakeAfter(Math.Ceiling(wait.TotalMilliseconds) / 1000, process);
                return;
            }

            process.Running++;
            var cycle = process.Pacer.Started();
            var oneWay = _latency * (0.25 + (_random.NextDouble() / 2));
            After(oneWay + (_now == 0 ? _connecting : 0), () => Arrive(process, cycle, oneWay));
        }
    }

    private void WakeAfter(double seconds, Process process)
    {
        var timer = ++process.Timer;
        After(
            seconds,
            () =>
            {
                if (timer == process.Timer)
                    StartCalls(process);
            }
        );
    }

    private void Arrive(Process process, int cycle, double oneWay)
    {
        var wait = _limit.Call(_now);
        (wait == 0 ? _allowed : _refused).Add(_now);
        if (_wholeSeconds && wait > 0)
            wait = Math.Ceiling(wait.Value);

        var delay = wait == 0 ? Delay(_allowed.Count - 1) : 0;
        After(oneWay + delay, () => Return(process, cycle, wait));
    }

    private void Return(Process process, int cycle, double? wait)
    {
        process.Running--;
        if (wait == 0)
        {
            process.Pacer.Ended(cycle, isAllowed: true);
        }
        else
        {
            TimeSpan? serverWait = wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
            Assert.That(process.Pacer.TryPause(cycle, serverWait), Is.True, "no wait is too long");
            var pause = process.Pacer.Pause.TotalSeconds;
            LongestPause = Math.Max(LongestPause, pause);
            // Calls in flight at the first 429 belong to its pause.
            if (cycle == 0)
                _firstPauseEnd = _now + pause;
        }

        StartCalls(process);
    }

    private sealed class Process(TimeProvider time, double? maxRate)
    {
        public ManyPacer Pacer { get; } = new(time, TimeSpan.FromMinutes(5), maxRate);

        public int Running { get; set; }

        public int Timer { get; set; }
    }
}
