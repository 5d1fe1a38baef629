using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

/// <summary>
/// The use that a run makes of a rate limit, and how often it is refused: half an hour of calls, simulated event by
/// event on a clock of its own. <see cref="PauseTests"/> shows that the loop obeys the pacer.
/// </summary>
internal sealed class RateLimitTests
{
    [TestCaseSource(nameof(Cases))]
    public void Uses_a_limit_with_few_refusals(LimitCase limit, int workers)
    {
        foreach (var latency in new[] { 0.02, 0.1 })
        {
            foreach (var wholeSeconds in new[] { false, true })
            {
                var run = new Simulation(limit.Create(), workers, latency, wholeSeconds, processes: 1);
                run.Run(limit.Seconds);

                var what = $"{workers} workers, {latency} s a call, whole seconds: {wholeSeconds}";
                var possible = Math.Min(limit.PerSecond, workers / latency);
                var used = run.AllowedPerSecond / possible;
                var refused = run.MostRefusedIn(limit.Window);
                TestContext.Out.WriteLine($"{limit}; {what}: {used:P1} used, {refused} refused");
                Assert.That(used, Is.GreaterThanOrEqualTo(0.95), $"used of the limit: {what}");
                Assert.That(refused, Is.LessThanOrEqualTo(2), $"refused in a window: {what}");
            }
        }
    }

    [Test]
    public void Processes_that_share_a_limit_use_it_up_together()
    {
        var run = new Simulation(new Rolling(100, 60), 16, 0.1, wholeSeconds: true, processes: 4);

        run.Run(1800);

        Assert.That(run.AllowedPerSecond * 60, Is.GreaterThanOrEqualTo(95), "calls a minute");
        Assert.That(run.LongestPause, Is.LessThanOrEqualTo(60), "seconds");
    }

    [Test]
    public void Keeps_a_given_rate_from_the_start()
    {
        var run = new Simulation(new Rolling(1000, 60), 64, 0.1, wholeSeconds: true, 1, maxRate: 2);

        run.Run(600);

        Assert.That(run.AllowedPerSecond, Is.EqualTo(2).Within(0.02), "calls a second");
    }

    [Test]
    public void Notices_a_raised_limit_within_minutes()
    {
        var limit = new Rolling(20, 60);
        var run = new Simulation(limit, 8, 0.1, wholeSeconds: true, processes: 1);
        run.Run(600);
        limit.Count = 40;
        run.Run(1200);
        var before = run.Allowed;

        run.Run(1800);

        Assert.That(run.Allowed - before, Is.GreaterThanOrEqualTo(300), "calls in ten minutes at 40 a minute");
    }

    [Test]
    public void A_slow_first_connection_is_not_mistaken_for_a_low_limit()
    {
        var run = new Simulation(new Bucket(50, 50), 64, 0.02, wholeSeconds: true, processes: 1, connecting: 0.5);

        run.Run(30);

        Assert.That(run.AllowedPerSecond, Is.GreaterThanOrEqualTo(0.95 * 50));
    }

    [Test]
    public void Finds_the_limit_without_Retry_After()
    {
        var run = new Simulation(new Rolling(100, 60) { IsSilent = true }, 16, 0.1, false, 1);

        run.Run(3600);

        Assert.That(run.AllowedPerSecond * 60, Is.GreaterThanOrEqualTo(90), "calls a minute");
    }

    private static IEnumerable<TestCaseData> Cases()
    {
        LimitCase[] limits =
        [
            new("20 in a rolling minute", 60, 20 / 60d, 1800, () => new Rolling(20, 60)),
            new("100 in a rolling minute", 60, 100 / 60d, 1800, () => new Rolling(100, 60)),
            new("300 in a rolling minute", 60, 300 / 60d, 1800, () => new Rolling(300, 60)),
            new("20 in a fixed 65 s", 65, 20 / 65d, 1800, () => new Fixed(20, 65, 0)),
            new("100 in a fixed 65 s", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 0)),
            new("100 in a fixed 65 s, begun at 30 s", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 30)),
            new("100 in a fixed 65 s, begun at 60 s", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 60)),
            new("100 in a fixed 65 s, begun at 64 s", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 64)),
            new("a bucket of 50, 50 a second", 1, 50, 240, () => new Bucket(50, 50)),
            new("a bucket of 10, 10 a second", 1, 10, 600, () => new Bucket(10, 10)),
            new("a bucket of 20, 20 a minute", 60, 20 / 60d, 1800, () => new Bucket(20 / 60d, 20)),
            new("a bucket of 100, 100 a minute", 60, 100 / 60d, 1800, () => new Bucket(100 / 60d, 100)),
        ];
        return limits.SelectMany(limit =>
            new[] { 1, 8, 64 }.Select(workers =>
                new TestCaseData(limit, workers).SetArgDisplayNames($"{limit}", $"{workers} workers")
            )
        );
    }

    internal sealed record LimitCase(string Name, double Window, double PerSecond, double Seconds, Func<ILimit> Create)
    {
        public override string ToString() => Name;
    }

    internal interface ILimit
    {
        /// <summary>
        /// Seconds to wait; 0 if the call is let through, null if the limit does not say.
        /// </summary>
        double? Ask(double now);
    }

    private sealed class Rolling(int count, double seconds) : ILimit
    {
        private readonly Queue<double> _calls = new();

        public int Count { get; set; } = count;

        public bool IsSilent { get; init; }

        public double? Ask(double now)
        {
            while (_calls.TryPeek(out var first) && first <= now - seconds)
            {
                _calls.Dequeue();
            }

            if (_calls.Count >= Count)
            {
                return IsSilent ? null : _calls.Peek() + seconds - now;
            }

            _calls.Enqueue(now);
            return 0;
        }
    }

    private sealed class Fixed(int count, double seconds, double begun) : ILimit
    {
        private double _window = -1;
        private int _calls;

        public double? Ask(double now)
        {
            var window = Math.Floor((now + begun) / seconds);
            _calls = window > _window ? 1 : _calls + 1;
            _window = window;
            return _calls <= count ? 0 : ((window + 1) * seconds) - begun - now;
        }
    }

    private sealed class Bucket(double perSecond, double size) : ILimit
    {
        private double _missing;
        private double _at;

        public double? Ask(double now)
        {
            _missing = Math.Max(0, _missing - ((now - _at) * perSecond));
            _at = now;
            if (_missing > size - 1)
            {
                return (_missing - size + 1) / perSecond;
            }

            _missing++;
            return 0;
        }
    }

    private sealed class Simulation
    {
        private readonly ILimit _limit;
        private readonly int _workers;
        private readonly double _latency;
        private readonly bool _wholeSeconds;
        private readonly double _connecting;
        private readonly FakeTimeProvider _time = new();
        private readonly Random _random = new(1);
        private readonly PriorityQueue<Action, (double, int)> _events = new();
        private readonly List<double> _allowed = [];
        private readonly List<double> _refused = [];
        private readonly Process[] _processes;
        private double _now;
        private double? _settled;
        private int _order;

        public Simulation(
            ILimit limit,
            int workers,
            double latency,
            bool wholeSeconds,
            int processes,
            double? maxRate = null,
            double connecting = 0
        )
        {
            _connecting = connecting;
            (_limit, _workers, _latency, _wholeSeconds) = (limit, workers, latency, wholeSeconds);
            _processes = [.. Enumerable.Range(0, processes).Select(_ => new Process(_time, maxRate))];
            foreach (var process in _processes)
            {
                StartCalls(process);
            }
        }

        public int Allowed => _allowed.Count;

        public double LongestPause { get; private set; }

        /// <summary>After the first pause.</summary>
        public double AllowedPerSecond => _allowed.Count(at => at >= (_settled ?? 0)) / (_now - (_settled ?? 0));

        /// <summary>After the first pause, in windows that follow it.</summary>
        public int MostRefusedIn(double window) =>
            _refused
                .Where(at => at >= _settled)
                .GroupBy(at => Math.Floor((at - _settled!.Value) / window))
                .Max(refused => (int?)refused.Count())
            ?? 0;

        public void Run(double seconds)
        {
            while (_events.TryPeek(out _, out var next) && next.Item1 <= seconds)
            {
                var occur = _events.Dequeue();
                _time.Advance(TimeSpan.FromSeconds(next.Item1 - _now));
                _now = next.Item1;
                occur();
            }
        }

        private void After(double seconds, Action occur) => _events.Enqueue(occur, (_now + seconds, _order++));

        private void StartCalls(Process process)
        {
            while (process.Running < _workers)
            {
                var wait = process.Pacer.Wait;
                if (wait > TimeSpan.Zero)
                {
                    if (wait < TimeSpan.MaxValue)
                    {
                        Wake(process, Math.Ceiling(wait.TotalMilliseconds) / 1000);
                    }

                    return;
                }

                process.Running++;
                var cycle = process.Pacer.Started();
                var way = _latency * (0.25 + (_random.NextDouble() / 2));
                After(way + (_now == 0 ? _connecting : 0), () => Arrive(process, cycle, way));
            }
        }

        private void Wake(Process process, double wait)
        {
            var timer = ++process.Timer;
            After(
                wait,
                () =>
                {
                    if (timer == process.Timer)
                    {
                        StartCalls(process);
                    }
                }
            );
        }

        private void Arrive(Process process, int cycle, double way)
        {
            var wait = _limit.Ask(_now);
            (wait == 0 ? _allowed : _refused).Add(_now);
            if (_wholeSeconds && wait > 0)
            {
                wait = Math.Ceiling(wait.Value);
            }

            After(way, () => Answer(process, cycle, wait));
        }

        private void Answer(Process process, int cycle, double? wait)
        {
            process.Running--;
            if (wait == 0)
            {
                process.Pacer.Ended(cycle, isAllowed: true);
            }
            else
            {
                TimeSpan? word = wait is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
                Assert.That(process.Pacer.TryPause(cycle, word), Is.True, "no wait is too long");
                var pause = process.Pacer.Pause.TotalSeconds;
                LongestPause = Math.Max(LongestPause, pause);
                // Calls in flight at the first 429 belong to its pause.
                if (cycle == 0)
                {
                    _settled = _now + pause;
                }
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
}
