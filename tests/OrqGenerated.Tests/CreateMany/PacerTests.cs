using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

/// <summary>The exact arithmetic of the pacer, which a run shows only roughly.</summary>
internal sealed class PacerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void The_longest_wait_is_the_pause()
    {
        var pacer = Pacer();
        var cycle = Start(pacer, 3);
        foreach (var (wait, pause) in new[] { (1, 1), (60, 60), (5, 60) })
        {
            pacer.TryPause(cycle, TimeSpan.FromSeconds(wait));

            Assert.That(pacer.Pause, Is.EqualTo(TimeSpan.FromSeconds(pause)), $"pause after a wait of {wait} s");
        }
    }

    [Test]
    public void A_late_429_pauses_a_run_that_has_resumed()
    {
        var pacer = Pacer();
        Complete(pacer, 10);
        var first = Start(pacer, 2);
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

    [TestCase(new[] { 0.5 }, 1)]
    [TestCase(new[] { 0.5, 2.5 }, 2.5)]
    [TestCase(new[] { 0.5, 2.5, 3.5 }, 3.5)]
    [TestCase(new[] { 5.0 }, 5)]
    public void The_rate_is_the_calls_allowed_over_the_time_including_pauses(double[] waits, double seconds)
    {
        var pacer = Pacer();
        Complete(pacer, 10);
        Complete(pacer, 4, isAllowed: false);
        var cycle = Start(pacer, waits.Length);
        foreach (var wait in waits)
            pacer.TryPause(cycle, TimeSpan.FromSeconds(wait));

        _clock.Advance(pacer.Pause);
        Complete(pacer, 1);

        Assert.That(
            pacer.Wait.TotalSeconds,
            Is.EqualTo(seconds / 10 / 1.01).Within(1e-6),
            $"seconds to the next call at 10 calls in {seconds} s and 1 % more"
        );
    }

    [Test]
    public void The_first_call_beyond_the_previous_count_runs_alone()
    {
        var pacer = Pacer();
        Refuse(pacer, allowed: 10, seconds: 1);
        Complete(pacer, 9);
        _clock.Advance(TimeSpan.FromSeconds(10));
        Start(pacer, 1);

        Assert.That(pacer.Wait, Is.EqualTo(TimeSpan.FromSeconds(1)), "while the tenth call runs");
    }

    [Test]
    public void The_rate_grows_with_the_cube_of_time()
    {
        var pacer = Pacer();
        Refuse(pacer, allowed: 10, seconds: 1);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Complete(pacer, 3);

        Assert.That(
            pacer.Wait.TotalSeconds,
            Is.EqualTo((3 / 12.5) - 0.2).Within(1e-6),
            "10 calls a second plus 1 %, plus 3 % times 2³ after two times 30 s; 0.2 s may be caught up"
        );
    }

    [Test]
    public void A_cycle_shorter_than_a_window_is_merged_with_earlier_ones()
    {
        var pacer = Pacer();
        Refuse(pacer, allowed: 10, seconds: 10);
        Refuse(pacer, allowed: 10, seconds: 10);
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        Refuse(pacer, allowed: 2, seconds: 2.5);
        Complete(pacer, 1);

        Assert.That(
            pacer.Wait.TotalSeconds,
            Is.EqualTo(12.5 / 9.5 / 1.01).Within(1e-6),
            "2 calls in 5 s, and three quarters of 10 in 10 s"
        );
    }

    [Test]
    public void Refusals_longer_than_a_window_after_the_last_success_do_not_count()
    {
        var pacer = Pacer();
        // The length of the run so far makes no difference.
        _clock.Advance(TimeSpan.FromMinutes(5));
        Refuse(pacer, allowed: 10, seconds: 10);
        Refuse(pacer, allowed: 10, seconds: 10);
        Refuse(pacer, allowed: 0, seconds: 50);
        Refuse(pacer, allowed: 0, seconds: 60);
        Refuse(pacer, allowed: 0, seconds: 60);
        Complete(pacer, 1);

        Assert.That(pacer.Wait.TotalSeconds, Is.EqualTo(60 / 10 / 1.01).Within(1e-6), "10 calls in the first 60 s");
    }

    [Test]
    public void All_refusals_count_until_a_second_cycle_has_confirmed_the_rate()
    {
        var pacer = Pacer();
        Refuse(pacer, allowed: 10, seconds: 10);
        Refuse(pacer, allowed: 0, seconds: 60);
        Refuse(pacer, allowed: 0, seconds: 60);
        Complete(pacer, 1);

        Assert.That(
            pacer.Wait.TotalSeconds,
            Is.EqualTo(130 / 10 / 1.01).Within(1e-6),
            "10 calls in 130 s, since the limit's window may be longer than 60 s"
        );
    }

    [Test]
    public void The_measured_rate_never_exceeds_the_requested_one()
    {
        var pacer = Pacer(maxRate: 2);
        Refuse(pacer, allowed: 10, seconds: 1);
        Complete(pacer, 1);

        Assert.That(pacer.Wait, Is.EqualTo(TimeSpan.FromSeconds(0.5)), "10 calls a second were allowed, 2 requested");
    }

    private ManyPacer Pacer(double? maxRate = null) => new(_clock, TimeSpan.FromMinutes(5), maxRate);

    /// <summary>Completes calls, is refused the next one, and waits as long as the server asks.</summary>
    private void Refuse(ManyPacer pacer, int allowed, double seconds)
    {
        Complete(pacer, allowed);
        pacer.TryPause(pacer.Started(), TimeSpan.FromSeconds(seconds));
        _clock.Advance(pacer.Pause);
    }

    /// <summary>Starts calls that go on, all at the same time.</summary>
    /// <returns>The cycle of the last one.</returns>
    private static int Start(ManyPacer pacer, int count) =>
        Enumerable.Range(0, count).Select(_ => pacer.Started()).Last();

    /// <summary>Starts and ends calls, all at the same time.</summary>
    private static void Complete(ManyPacer pacer, int count, bool isAllowed = true)
    {
        for (var i = 0; i < count; i++)
            pacer.Ended(pacer.Started(), isAllowed);
    }
}
