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
        Assert.That(delay.IsCompleted, Is.False, "a delay of 5 s is over after 4.999 s");

        _clock.Advance(TimeSpan.FromSeconds(0.001));
        await delay;
        Assert.That(_clock.GetElapsedTime(start), Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task Fires_timers_in_order_each_at_its_own_time()
    {
        var start = _clock.GetUtcNow();
        var seen = new List<TimeSpan>();
        void Note(object? _) => seen.Add(_clock.GetUtcNow() - start);
        await using var late = _clock.CreateTimer(Note, null, TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        await using var periodic = _clock.CreateTimer(Note, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5));

        _clock.Advance(TimeSpan.FromSeconds(4));

        double[] expected = [1, 2.5, 3, 4];
        Assert.That(seen.Select(at => at.TotalSeconds), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_test_can_wait_until_the_code_waits()
    {
        var work = Task.Run(() => Task.Delay(TimeSpan.FromMinutes(1), _clock));

        await _clock.WaitForTimerAsync(TimeSpan.FromMinutes(1));
        _clock.Advance(TimeSpan.FromMinutes(1));

        await work;
    }

    [Test]
    public void A_stopped_timer_is_gone()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(30), _clock);
        Assert.That(_clock.PendingTimers, Is.EqualTo([TimeSpan.FromSeconds(30)]));

        source.Dispose();

        Assert.That(_clock.PendingTimers, Is.Empty);
    }

    [Test]
    public async Task Auto_advanced_waits_pass_at_once()
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
