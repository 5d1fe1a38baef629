using System.Text;
using System.Text.Json;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>Imports into a server with a rate limit.</summary>
internal sealed class ImportLimitTests : CliTest
{
    [TestCase(100, 20, 1)]
    [TestCase(400, 100, 4)]
    public async Task No_row_fails_at_a_limit_far_below_the_attempted_rate(int rows, int limit, int shards)
    {
        var time = new FakeTimeProvider { AutoAdvance = _ => true };
        await using var sandbox = await OrqSandbox.StartAsync(new() { TimeProvider = time, RateLimit = limit });
        string[] args = On(sandbox, "import", WriteIds(rows), "--concurrency", "64");

        var runs = await Task.WhenAll(
            Enumerable.Range(0, shards).Select(i => Run([.. args, "--shard", $"{i}/{shards}"], time: time))
        );

        Assert.That(runs.Select(run => run.ExitCode), Has.All.Zero, runs[0].Error);
        Assert.That(runs.Sum(run => Summary(run.Output).Succeeded), Is.EqualTo(rows));
        Assert.That(sandbox.RequestCount, Is.GreaterThan(rows), "the limit was reached");
    }

    [TestCase(false, 10, "1 done, 0 failed, 6/min, 50 %, 00:00:10 left, waiting for the limit, 50 s")]
    [TestCase(true, 1, "waiting for the limit, 59 s")]
    public async Task A_run_that_waits_for_the_limit_says_how_far_it_is_and_how_long_it_waits(
        bool isTerminal,
        int seconds,
        string expected
    )
    {
        var time = new FakeTimeProvider();
        await using var sandbox = await OrqSandbox.StartAsync(new() { TimeProvider = time, RateLimit = 1 });
        using var error = new ExpectingWriter(expected);
        var args = On(sandbox, "import", WriteIds(2), "--concurrency", "1");
        var run = Run(args, isTerminal: isTerminal, time: time, error: error);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(60));

        time.Advance(TimeSpan.FromSeconds(seconds));
        await error.Found.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);

        time.Advance(TimeSpan.FromSeconds(60 - seconds));
        var (exitCode, output, _) = await run;
        Assert.That(exitCode, Is.Zero);
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("duration").GetDouble(), Is.EqualTo(60));
    }

    [Test]
    public async Task A_limit_that_asks_for_more_than_five_minutes_ends_the_run()
    {
        Sandbox.FailNext(1, 429, [new("Retry-After", "301")]);
        var (exitCode, output, _) = await RunOnSandbox("import", WriteIds(10), "--concurrency", "1");
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(Summary(output).Unfinished, Is.Positive);
        Assert.That(EndedBy(output), Does.Contain("429"));
    }

    [Test]
    public async Task Keeps_to_the_given_rate_from_the_start()
    {
        var time = new FakeTimeProvider { AutoAdvance = _ => true };
        await using var sandbox = await OrqSandbox.StartAsync(new() { TimeProvider = time, RateLimit = 61 });
        var start = time.GetUtcNow();
        var (exitCode, output, _) = await Run(On(sandbox, "import", WriteIds(180), "--rate", "60/min"), time: time);
        Assert.That(exitCode, Is.Zero);
        Assert.That(Summary(output).Succeeded, Is.EqualTo(180));
        Assert.That(time.GetUtcNow() - start, Is.GreaterThan(TimeSpan.FromSeconds(170)));
    }

    /// <summary>A stderr that waits for a string.</summary>
    private sealed class ExpectingWriter(string expected) : StringWriter
    {
        private readonly TaskCompletionSource _found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly StringBuilder _written = new();

        public Task Found => _found.Task;

        public override void Write(string? value) => Add(value);

        public override void Write(char value) => Add(value.ToString());

        public override void WriteLine(string? value) => Add(value);

        private void Add(string? value)
        {
            lock (_written)
            {
                if (_written.Append(value).ToString().Contains(expected, StringComparison.Ordinal))
                    _found.TrySetResult();
            }
        }
    }
}
