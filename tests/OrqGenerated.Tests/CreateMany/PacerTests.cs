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
        Call(pacer, 3, isAllowed: null);
        foreach (var (wait, pause) in new[] { (1, 1), (60, 60), (5, 60) })
        {
            pacer.TryPause(0, TimeSpan.FromSeconds(wait));

            Assert.That(pacer.Pause, Is.EqualTo(TimeSpan.FromSeconds(pause)), $"pause after a wait of {wait} s");
        }
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
        Call(pacer, waits.Length, isAllowed: null);
        foreach (var wait in waits)
        {
            pacer.TryPause(0, TimeSpan.FromSeconds(wait));
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
    public void A_learned_rate_stays_below_the_one_that_was_asked_for()
    {
        var pacer = Pacer(maxRate: 2);
        Call(pacer, 10, isAllowed: true);
        Call(pacer, 1, isAllowed: null);
        pacer.TryPause(0, TimeSpan.FromSeconds(1));
        _clock.Advance(pacer.Pause);
        Call(pacer, 1, isAllowed: true);

        Assert.That(
            pacer.Wait,
            Is.EqualTo(TimeSpan.FromSeconds(0.5)),
            "10 calls a second were let through, 2 asked for"
        );
    }

    private ManyPacer Pacer(double? maxRate = null) => new(_clock, TimeSpan.FromMinutes(5), maxRate);

    /// <summary>Starts calls at one time, and ends them unless the test does.</summary>
    private static void Call(ManyPacer pacer, int count, bool? isAllowed)
    {
        for (var i = 0; i < count; i++)
        {
            var cycle = pacer.Started();
            if (isAllowed is { } allowed)
            {
                pacer.Ended(cycle, allowed);
            }
        }
    }
}
