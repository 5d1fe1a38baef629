namespace OrqGenerated.Tests.CreateMany;

/// <summary>
/// How much of a rate limit a run uses, and how often it is refused, in a <see cref="Simulation"/> of half an hour.
/// <see cref="PauseTests"/> shows that the run obeys the pacer.
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
                var run = new Simulation(limit.Create(), workers, latency, wholeSeconds);
                run.RunUntil(limit.Seconds);

                var conditions = $"{workers} workers, {latency} s a call, whole seconds: {wholeSeconds}";
                var possible = Math.Min(limit.PerSecond, workers / latency);
                var used = run.AllowedPerSecond / possible;
                var refused = run.MostRefusedIn(limit.Window);
                TestContext.Out.WriteLine($"{limit}; {conditions}: {used:P1} used, {refused} refused");
                Assert.That(used, Is.GreaterThanOrEqualTo(0.95), $"used of the limit: {conditions}");
                Assert.That(refused, Is.LessThanOrEqualTo(2), $"refused in a window: {conditions}");
            }
        }
    }

    [Test]
    public void Processes_that_share_a_limit_use_all_of_it()
    {
        var run = new Simulation(new Rolling(100, 60), 16, 0.1, processes: 4);

        run.RunUntil(1800);

        Assert.That(run.AllowedPerSecond * 60, Is.GreaterThanOrEqualTo(95), "calls a minute");
        Assert.That(run.LongestPause, Is.LessThanOrEqualTo(60), "seconds");
    }

    [Test]
    public void Keeps_to_the_requested_rate_from_the_start()
    {
        var run = new Simulation(new Rolling(1000, 60), 64, 0.1, maxRate: 2);

        run.RunUntil(600);

        Assert.That(run.AllowedPerSecond, Is.EqualTo(2).Within(0.02), "calls a second");
    }

    [Test]
    public void Notices_a_raised_limit_within_minutes()
    {
        var limit = new Rolling(20, 60);
        var run = new Simulation(limit, 8, 0.1);
        run.RunUntil(600);
        limit.Count = 40;
        run.RunUntil(1200);
        var before = run.Allowed;

        run.RunUntil(1800);

        Assert.That(run.Allowed - before, Is.GreaterThanOrEqualTo(300), "calls in ten minutes at 40 a minute");
    }

    [Test]
    public void A_slow_first_connection_is_not_mistaken_for_a_low_limit()
    {
        var run = new Simulation(new Bucket(50, 50), 64, 0.02, connecting: 0.5);

        run.RunUntil(30);

        Assert.That(run.AllowedPerSecond, Is.GreaterThanOrEqualTo(0.95 * 50));
    }

    [Test]
    public void Finds_the_limit_without_Retry_After()
    {
        var run = new Simulation(new Rolling(100, 60) { IsSilent = true }, 16, 0.1, wholeSeconds: false);

        run.RunUntil(3600);

        Assert.That(run.AllowedPerSecond * 60, Is.GreaterThanOrEqualTo(90), "calls a minute");
    }

    [TestCase(50)]
    [TestCase(150)]
    public void A_call_that_hangs_does_not_slow_the_others(int hanging)
    {
        var run = new Simulation(new Rolling(100, 60), 16, 0.1) { Delay = call => call == hanging ? 122 : 0 };

        run.RunUntil(600);

        Assert.That(run.AllowedPerSecond * 60, Is.GreaterThanOrEqualTo(95), "calls a minute");
    }

    [Test]
    public void Calls_that_never_end_do_not_stop_the_others()
    {
        var run = new Simulation(new Bucket(50, 50), 64, 0.1) { Delay = call => call is 25 or 120 or 1000 ? 1e6 : 0 };

        run.RunUntil(240);

        Assert.That(run.AllowedPerSecond, Is.GreaterThanOrEqualTo(0.95 * 50), "calls a second");
    }

    [TestCase(100, 20)]
    [TestCase(95, 20)]
    [TestCase(50, 50)]
    public void Finds_a_limit_used_up_by_others_within_minutes(int used, int secondsAgo)
    {
        var limit = new Rolling(100, 60);
        limit.Use(used, -secondsAgo);
        var run = new Simulation(limit, 16, 0.1);
        run.RunUntil(300);
        var before = run.Allowed;

        run.RunUntil(900);

        Assert.That(run.Allowed - before, Is.GreaterThanOrEqualTo(850), "calls in the following ten minutes");
    }

    [TestCase(2)]
    [TestCase(5)]
    [TestCase(30)]
    public void Recovers_within_minutes_after_others_used_the_whole_limit(int minutes)
    {
        var limit = new Rolling(100, 60);
        var run = new Simulation(limit, 8, 0.1);
        for (var minute = 20; minute < 20 + minutes; minute++)
        {
            run.RunUntil(minute * 60);
            limit.Use(100, minute * 60);
        }

        var end = (20 + minutes) * 60;
        run.RunUntil(end + 300);
        var before = run.Allowed;

        run.RunUntil(end + 900);

        Assert.That(run.Allowed - before, Is.GreaterThanOrEqualTo(900), "calls in the following ten minutes");
    }

    private static IEnumerable<TestCaseData> Cases()
    {
        LimitCase[] limits =
        [
            new("5 in a rolling minute", 60, 5 / 60d, 1800, () => new Rolling(5, 60)),
            new("20 in a rolling minute", 60, 20 / 60d, 1800, () => new Rolling(20, 60)),
            new("100 in a rolling minute", 60, 100 / 60d, 1800, () => new Rolling(100, 60)),
            new("300 in a rolling minute", 60, 300 / 60d, 1800, () => new Rolling(300, 60)),
            new("300 in rolling 5 minutes", 300, 1, 7200, () => new Rolling(300, 300)),
            new("20 in a fixed 65 s", 65, 20 / 65d, 1800, () => new Fixed(20, 65, 0)),
            new("100 in a fixed 65 s", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 0)),
            new("100 in a fixed 65 s, 30 s of it elapsed", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 30)),
            new("100 in a fixed 65 s, 60 s of it elapsed", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 60)),
            new("100 in a fixed 65 s, 64 s of it elapsed", 65, 100 / 65d, 1800, () => new Fixed(100, 65, 64)),
            new("a bucket of 50, 50 a second", 1, 50, 240, () => new Bucket(50, 50)),
            new("a bucket of 10, 10 a second", 1, 10, 600, () => new Bucket(10, 10)),
            new("a bucket of 50, 10 a second", 1, 10, 600, () => new Bucket(10, 50)),
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
}
