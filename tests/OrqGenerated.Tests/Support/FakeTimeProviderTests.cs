namespace OrqGenerated.Tests.Support;

internal sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _clock = new();

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
}
