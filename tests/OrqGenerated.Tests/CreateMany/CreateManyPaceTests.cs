using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CreateManyPaceTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CreateManyPace _pace;

    public CreateManyPaceTests() =>
        _pace = new(new() { MaxConcurrency = 16, TimeProvider = _time });

    [Test]
    public void Starts_without_a_pause_at_full_concurrency()
    {
        Assert.That(_pace.Limit, Is.EqualTo(16));
        Assert.That(_pace.Pause, Is.LessThanOrEqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Pauses_as_long_as_the_server_asks_and_halves_the_concurrency_once()
    {
        for (var i = 0; i < 16; i++)
            _pace.Limited(TimeSpan.FromSeconds(58));
        Assert.That(_pace.Pause, Is.EqualTo(TimeSpan.FromSeconds(58)));
        Assert.That(_pace.Limit, Is.EqualTo(8), "calls that ran together count once");
    }

    [Test]
    public void The_longest_wait_counts()
    {
        _pace.Limited(TimeSpan.FromSeconds(20));
        _pace.Limited(TimeSpan.FromSeconds(10));
        Assert.That(_pace.Pause, Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void Halves_again_when_the_pause_was_not_enough_but_never_below_one()
    {
        for (var i = 0; i < 10; i++)
        {
            _pace.Limited(TimeSpan.FromSeconds(1));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(_pace.Limit, Is.EqualTo(1));
    }

    [Test]
    public void The_pace_recovers_by_one_per_round_of_successes_up_to_the_maximum()
    {
        _pace.Limited(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 9; i++)
            _pace.Succeeded();
        Assert.That(_pace.Limit, Is.EqualTo(9));
        for (var i = 0; i < 1000; i++)
            _pace.Succeeded();
        Assert.That(_pace.Limit, Is.EqualTo(16));
    }

    [Test]
    public void Without_a_word_from_the_server_pauses_for_a_second()
    {
        _pace.Limited(null);
        Assert.That(_pace.Pause, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void No_word_from_the_server_pauses_longer_than_allowed()
    {
        _pace.Limited(TimeSpan.MaxValue);
        Assert.That(_pace.Pause, Is.EqualTo(TimeSpan.FromMinutes(5)));
    }

    [Test]
    public void Refuses_options_out_of_range()
    {
        var options = new CreateManyOptions();
        Assert.Multiple(() =>
        {
            Assert.That(
                () => options.MaxConcurrency = 0,
                Throws
                    .InstanceOf<ArgumentOutOfRangeException>()
                    .With.Message.StartsWith("At least one call runs.")
            );
            Assert.That(
                () => options.MaxPause = TimeSpan.Zero,
                Throws
                    .InstanceOf<ArgumentOutOfRangeException>()
                    .With.Message.StartsWith("A pause is above zero and at most a day.")
            );
            Assert.That(
                () => options.MaxPause = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1),
                Throws.InstanceOf<ArgumentOutOfRangeException>()
            );
            Assert.That(() => options.TimeProvider = null!, Throws.ArgumentNullException);
            options.MaxPause = TimeSpan.FromDays(1);
            Assert.That(options.MaxPause, Is.EqualTo(TimeSpan.FromDays(1)));
        });
    }
}
