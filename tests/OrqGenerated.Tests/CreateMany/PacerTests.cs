using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

/// <summary>The arithmetic of a pace, which a run shows only roughly.</summary>
internal sealed class PacerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void The_longest_of_several_waits_is_the_pause()
    {
        var pacer = Pacer();
        var cycle = Call(pacer, 3, isAllowed: null);
        foreach (var (wait, pause) in new[] { (1, 1), (60, 60), (5, 60) })
        {
            pacer.TryPause(cycle, TimeSpan.FromSeconds(wait));

            Assert.That(pacer.Pause, Is.EqualTo(TimeSpan.FromSeconds(pause)), $"pause after a wait of {wait} s");
        }
    }

    [Test]
    public void A_late_429_pauses_calls_that_have_gone_on_already()
    {
        var pacer = Pacer();
        Call(pacer, 10, isAllowed: true);
        var first = Call(pacer, 2, isAllowed: null);
        pacer.TryPause(first, TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = pacer.Started();

        pacer.TryPause(first, TimeSpan.FromSeconds(5));
        pacer.TryPause(second, TimeSpan.FromSeconds(1));
        Assert.That(pacer.Pause, Is.EqualTo(TimeSpan.FromSeconds(5)));
        _clock.Advance(TimeSpan.FromSeconds(5));
        pacer.TryPause(pacer.Started(), TimeSpan.FromSeconds(2));

        Assert.That(pacer.Wait, Is.EqualTo(TimeSpan.FromSeconds(2)));
    }

    [Test]
    public void A_call_that_succeeds_after_the_first_429_does_not_shorten_the_pause()
    {
        var pacer = Pacer();
        var cycle = Call(pacer, 2, isAllowed: null);
        pacer.TryPause(cycle, TimeSpan.FromSeconds(10));

        pacer.Ended(cycle, isAllowed: true);

        Assert.That(pacer.Pause, Is.EqualTo(TimeSpan.FromSeconds(10)));
    }

    [TestCase(new[] { 0.5 }, 1)]
    [TestCase(new[] { 0.5, 2.5 }, 2.5)]
    [TestCase(new[] { 0.5, 2.5, 3.5 }, 3.5)]
    [TestCase(new[] { 5.0 }, 5)]
    public void The_rate_is_what_was_let_through_over_the_time_with_its_pauses(double[] waits, double seconds)
    {
        var pacer = Pacer();
        Call(pacer, 10, isAllowed: true);
        Call(pacer, 4, isAllowed: false);
        var cycle = Call(pacer, waits.Length, isAllowed: null);
        foreach (var wait in waits)
        {
            pacer.TryPause(cycle, TimeSpan.FromSeconds(wait));
        }

        _clock.Advance(pacer.Pause);
        Call(pacer, 1, isAllowed: true);

        Assert.That(
            pacer.Wait.TotalSeconds,
            Is.EqualTo(seconds / 10 / 1.01).Within(1e-6),
            $"seconds to the next call at 10 calls in {seconds} s and 1 % more"
        );
    }

    [Test]
    public void The_first_call_beyond_the_count_before_the_pause_is_tried_alone()
    {
        var pacer = Pacer();
        Refuse(pacer, allowed: 10, seconds: 1);
        Call(pacer, 9, isAllowed: true);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Call(pacer, 1, isAllowed: null);

        Assert.That(pacer.Wait, Is.EqualTo(TimeSpan.FromSeconds(1)), "while the tenth call runs");
    }

    [Test]
    public void A_rate_grows_with_the_cube_of_time()
    {
        var pacer = Pacer();
        Refuse(pacer, allowed: 10, seconds: 1);
        _clock.Advance(TimeSpan.FromSeconds(50));
        Call(pacer, 3, isAllowed: true);

        Assert.That(
            pacer.Wait.TotalSeconds,
            Is.EqualTo((3 / 11.7) - 0.2).Within(1e-6),
            "10 calls a second, 1 % and, after two windows of 25 s, 2 % times 2³; 0.2 s may be caught up"
        );
    }

    [Test]
    public void A_cycle_shorter_than_a_window_counts_together_with_those_before()
    {
        var pacer = Pacer();
        Refuse(pacer, allowed: 10, seconds: 10);
        Refuse(pacer, allowed: 10, seconds: 10);
        Refuse(pacer, allowed: 2, seconds: 2.5);
        Call(pacer, 1, isAllowed: true);

        Assert.That(
            pacer.Wait.TotalSeconds,
            Is.EqualTo(10 / 9.5 / 1.01).Within(1e-6),
            "2 calls in 2.5 s, and three quarters of 10 in 10 s"
        );
    }

    [Test]
    public void A_learned_rate_stays_below_the_one_that_was_asked_for()
    {
        var pacer = Pacer(maxRate: 2);
        Refuse(pacer, allowed: 10, seconds: 1);
        Call(pacer, 1, isAllowed: true);

        Assert.That(
            pacer.Wait,
            Is.EqualTo(TimeSpan.FromSeconds(0.5)),
            "10 calls a second were let through, 2 asked for"
        );
    }

    private ManyPacer Pacer(double? maxRate = null) => new(_clock, TimeSpan.FromMinutes(5), maxRate);

    /// <summary>Ends a cycle with a 429, and waits.</summary>
    private void Refuse(ManyPacer pacer, int allowed, double seconds)
    {
        Call(pacer, allowed, isAllowed: true);
        pacer.TryPause(pacer.Started(), TimeSpan.FromSeconds(seconds));
        _clock.Advance(pacer.Pause);
    }

    /// <summary>Starts calls at one time, and ends them unless the test does.</summary>
    /// <returns>The cycle of the last one.</returns>
    private static ManyPacer.Cycle Call(ManyPacer pacer, int count, bool? isAllowed)
    {
        ManyPacer.Cycle cycle = null!;
        for (var i = 0; i < count; i++)
        {
            cycle = pacer.Started();
            if (isAllowed is { } allowed)
            {
                pacer.Ended(cycle, allowed);
            }
        }

        return cycle;
    }
}
