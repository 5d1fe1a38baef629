namespace OrqGenerated.Tests.Support;

internal sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public async Task Stands_still_until_it_is_advanced()
    {
        var start = _clock.GetTimestamp();
        var delay = Task.Delay(TimeSpan.FromSeconds(5), _clock);

        _clock.Advance(TimeSpan.FromSeconds(4.999));
        Assert.That(delay.IsCompleted, Is.False, "a delay of 5 s ended after 4.999 s");

        _clock.Advance(TimeSpan.FromSeconds(0.001));
        await delay;
        Assert.That(_clock.GetElapsedTime(start), Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task Fires_timers_in_order_each_at_its_own_time()
    {
        var start = _clock.GetUtcNow();
        var seen = new List<TimeSpan>();
        void Record(object? _) => seen.Add(_clock.GetUtcNow() - start);
        await using var late = _clock.CreateTimer(Record, null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        await using var periodic = _clock.CreateTimer(Record, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5));

        _clock.Advance(TimeSpan.FromSeconds(4));

        Assert.That(seen.Select(time => time.TotalSeconds), Is.EqualTo([1, 2.5, 3, 4]));
    }

    [Test]
    public async Task Waits_until_the_code_starts_a_timer()
    {
        var work = Task.Run(() => Task.Delay(TimeSpan.FromMinutes(1), _clock));

        await _clock.WaitForTimerAsync(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));

        await work;
    }

    [Test]
    public void A_disposed_timer_is_no_longer_pending()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);
        Assert.That(_clock.PendingTimers, Is.EqualTo([TimeSpan.FromSeconds(30)]));

        source.Dispose();

        Assert.That(_clock.PendingTimers, Is.Empty);
    }

    [Test]
    public async Task Passes_waits_at_once_with_AutoAdvance()
    {
        var clock = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) };
        var start = clock.GetTimestamp();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30), clock);

        await Task.Delay(TimeSpan.FromSeconds(1), clock, timeout.Token);
        await Task.Delay(TimeSpan.FromSeconds(2), clock, timeout.Token);

        Assert.That(clock.GetElapsedTime(start), Is.EqualTo(TimeSpan.FromSeconds(3)));
        Assert.That(clock.RequestedTimers.Skip(1), Is.EqualTo([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]));
        Assert.That(timeout.IsCancellationRequested, Is.False);
    }
}
