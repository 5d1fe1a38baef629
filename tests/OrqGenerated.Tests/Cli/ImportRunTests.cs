using System.Text;
using System.Text.Json;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>How a run ends, and what it reports.</summary>
internal sealed class ImportRunTests : CliTest
{
    [TestCase(401, 3)]
    [TestCase(402, 3)]
    [TestCase(403, 3)]
    [TestCase(404, 4)]
    [TestCase(500, 4)]
    [TestCase(200, 4)]
    public async Task A_response_that_every_row_would_get_ends_the_run(int statusCode, int expected)
    {
        await using var sandbox = await OrqSandbox.StartAsync(
            new()
            {
                Fail = request =>
                    request.BodyText.Length < "{\"external_id\":\"u100\"}".Length
                        ? null
                        : new SandboxFailure(statusCode) { Body = statusCode == 200 ? "<html>" : null },
            }
        );
        string[] args = ["import", WriteIds(10_000), "--max-elapsed", "1ms", "--rejects", Rejects];

        var (exitCode, output, error) = await Run(On(sandbox, args));

        Assert.That(exitCode, Is.EqualTo(expected), error);
        Assert.That(sandbox.RequestCount, Is.InRange(101, 250));
        var reason = EndedBy(output);
        Assert.That(reason, Is.Not.Null);
        Assert.That(error, Does.EndWith(reason + "\n"));
        var (_, succeeded, failed, _, unfinished) = Summary(output);
        Assert.That(succeeded, Is.InRange(100, 111));
        Assert.That(failed, Is.Zero, "nothing is wrong with the rows");
        Assert.That(unfinished, Is.Positive);
    }

    [Test]
    public async Task An_unreachable_server_ends_the_run()
    {
        await Sandbox.DisposeAsync();
        string[] options = ["--concurrency", "2", "--max-elapsed", "1ms"];
        var (exitCode, output, _) = await RunOnSandbox(["import", WriteIds(500), .. options]);
        Assert.That(exitCode, Is.EqualTo(4));
        Assert.That(Summary(output).Unfinished, Is.InRange(8, 12));
        Assert.That(EndedBy(output), Does.Contain("Connection refused"));
    }

    [Test]
    public async Task A_row_that_breaks_the_connection_does_not_end_the_run()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            while (true)
            {
                var request = await connection.ReadRequestAsync();
                if (Encoding.UTF8.GetString(request.Body).Contains("bad", StringComparison.Ordinal))
                {
                    connection.Close();
                    return;
                }

                await connection.RespondAsync(200, StoredContact.Json);
            }
        });
        var file = WriteFile("in.csv", "external_id\nbad\na\nb\nbad\nc\n");
        string[] options = ["--concurrency", "1", "--max-elapsed", "1ms", "--rejects", Rejects];
        var (exitCode, output, _) = await Run(["import", file, .. options, "--server-url", $"{server.Address}"]);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((5, 3, 2, 0, 0)));
        Assert.That(ReadRejects().Select(r => r.GetProperty("row").GetInt32()), Is.EqualTo(new[] { 1, 4 }));
    }

    [TestCase(0, 1)]
    [TestCase(2, 3)]
    public async Task Too_many_rejects_end_the_run(int allowed, int failed)
    {
        var file = WriteFile("in.csv", "external_id\n" + Rows(100, _ => "a,b,c"));
        var (exitCode, output, error) = await RunOnSandbox("import", file, "--max-rejects", $"{allowed}");
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(Summary(output).Failed, Is.EqualTo(failed));
        Assert.That(EndedBy(output), Does.Contain("--max-rejects"));
        Assert.That(error, Does.Contain("--max-rejects"));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_full_disk_ends_the_run()
    {
        // /dev/full can be opened, but not written.
        File.CreateSymbolicLink(Rejects, "/dev/full");
        var file = WriteFile("in.csv", "external_id\na,b\n" + Rows(1000, _ => "c"));
        var (exitCode, output, error) = await RunOnSandbox("import", file, "--rejects", Rejects);
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(Summary(output).Rows, Is.LessThan(1000));
        Assert.That(EndedBy(output), Does.StartWith("No space left on device"));
        Assert.That(error, Does.Contain("No space left on device"));
    }

    [Test]
    public async Task A_line_too_long_to_be_kept_as_a_reject_ends_the_run()
    {
        var path = WriteFile("in.csv", "external_id\na\n");
        await using (var file = File.OpenWrite(path))
        {
            // Zeros, as after a crash.
            file.SetLength(121_000_000);
        }

        var (exitCode, output, _) = await RunOnSandbox("import", path);

        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(Summary(output), Is.EqualTo((1, 1, 0, 0, 0)));
        Assert.That(EndedBy(output), Does.Contain("beyond row 1: Line 3 is longer than 120 MB"));
    }

    [Test]
    public async Task Rows_with_the_same_external_id_are_sent_in_order()
    {
        var rows = Rows(50, i => $"same,n{i}\nother{i},");
        await RunOnSandbox("import", WriteFile("in.csv", "external_id,display_name\n" + rows), "--concurrency", "8");
        var names = Bodies()
            .Where(body => body.Contains("same", StringComparison.Ordinal))
            .Select(body => JsonDocument.Parse(body).RootElement.GetProperty("display_name").GetString());
        Assert.That(names, Is.EqualTo(Enumerable.Range(0, 50).Select(i => $"n{i}")));
        Assert.That(Sandbox.Requests, Has.Count.EqualTo(100));
    }

    [Test]
    public async Task Every_row_is_in_one_shard_and_all_rows_of_an_id_in_the_same()
    {
        var file = WriteFile("in.csv", "external_id\n" + Rows(300, i => $"u{i % 100}") + "bad\"\n");
        var seen = new List<HashSet<string>>();
        long failed = 0;
        for (var i = 0; i < 3; i++)
        {
            SetEnvironment("JOB_COMPLETION_INDEX", $"{i}");
            var before = Sandbox.Requests.Count;
            var (_, output, _) = await RunOnSandbox("import", file, "--shard", i == 0 ? "0/3" : "/3");
            failed += Summary(output).Failed;
            seen.Add([.. Bodies().Skip(before)]);
        }

        Assert.That(Sandbox.Requests, Has.Count.EqualTo(300));
        Assert.That(seen.Sum(ids => ids.Count), Is.EqualTo(100), "no id is in two shards");
        Assert.That(seen.Select(ids => ids.Count), Has.All.InRange(15, 60), "about a third each");
        Assert.That(failed, Is.EqualTo(1), "a row without an id is reported once");
    }

    [Test]
    public async Task The_shard_of_an_id_never_changes()
    {
        var file = WriteFile("in.csv", "external_id\nuser_12345\nуёÿ😀\nb\n");
        await RunOnSandbox("import", file, "--shard", "2/4", "--concurrency", "1");
        Assert.That(
            Bodies(),
            Is.EqualTo(new[] { """{"external_id":"b"}""" }),
            "processes of different versions share one file"
        );
    }

    [Test]
    public async Task An_interrupted_import_finishes_the_calls_in_flight_and_prints_its_summary()
    {
        using var interruption = new CancellationTokenSource();
        using var response = new SemaphoreSlim(0);
        await using var sandbox = await StartBlocked(response);
        var input = new System.IO.Pipelines.Pipe();
        await input.Writer.WriteAsync("{\"external_id\":\"a\"}\n"u8.ToArray());
        var run = Run(On(sandbox, "import", "-"), input.Reader.AsStream(), cancellationToken: interruption.Token);
        while (sandbox.RequestCount == 0 && !run.IsCompleted)
            await Task.Yield();

        await interruption.CancelAsync();
        response.Release();
        var (exitCode, output, error) = await run;

        Assert.That(exitCode, Is.EqualTo(130));
        Assert.That(error, Does.StartWith("Stopping: what is under way has 15 s").And.EndWith("\nInterrupted.\n"));
        Assert.That(Summary(output), Is.EqualTo((1, 1, 0, 0, 0)));
        Assert.That(EndedBy(output), Is.EqualTo("Interrupted."));
    }

    [Test]
    public async Task An_import_reports_only_its_first_retry_and_does_not_wait_for_any_if_interrupted()
    {
        using var interruption = new CancellationTokenSource();
        Sandbox.FailNext(1000, 503, [new("Retry-After", "50")]);
        using var error = new InterruptingWriter("attempt 1 failed, the server answered 503", interruption);
        var args = On(Sandbox, "import", WriteIds(5));
        var (exitCode, output, _) = await Run(args, error: error, cancellationToken: interruption.Token);
        Assert.That(exitCode, Is.EqualTo(130));
        Assert.That(Summary(output).Unfinished, Is.Positive);
        Assert.That(error.ToString().Split('\n'), Has.One.Contains("attempt"));
    }

    [Test]
    public async Task An_interrupted_import_waits_15_seconds_for_the_calls_in_flight()
    {
        var time = new FakeTimeProvider();
        using var interruption = new CancellationTokenSource();
        using var response = new SemaphoreSlim(0);
        await using var sandbox = await StartBlocked(response);
        var args = On(sandbox, "import", WriteIds(1));
        var run = Run(args, time: time, cancellationToken: interruption.Token);
        while (sandbox.RequestCount == 0 && !run.IsCompleted)
            await Task.Yield();

        await interruption.CancelAsync();
        time.Advance(TimeSpan.FromSeconds(14.9));
        Assert.That(run.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(0.1));
        var (exitCode, output, error) = await run;
        response.Release();

        Assert.That(exitCode, Is.EqualTo(130));
        Assert.That(Summary(output), Is.EqualTo((1, 0, 0, 0, 1)));
        Assert.That(EndedBy(output), Is.EqualTo("Interrupted."));
        Assert.That(error, Does.Not.Contain("attempt 1 failed"), "the call's own timeout ended it");
    }

    [Test]
    public async Task Shows_a_progress_bar_only_on_a_capable_terminal()
    {
        var file = WriteFile("in.csv", "external_id,email\na,\nb,nobody\n");
        var args = On(Sandbox, "import", file);
        var (_, output, error) = await Run(args, isTerminal: true);
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
        // Does.Contain would pass over the escape character.
        Assert.That(error.IndexOf("\u001b[", StringComparison.Ordinal), Is.Not.Negative, error);
        Assert.That(error, Does.Contain("row 2"));

        var (_, _, quiet) = await Run(args);
        Assert.That(quiet, Does.Not.Contain("\u001b["));

        foreach (var incapable in new[] { "dumb", "" })
        {
            SetEnvironment("TERM", incapable);
            (_, _, quiet) = await Run(args, isTerminal: true);
            Assert.That(quiet, Does.Not.Contain("\u001b[").And.Contain("row 2"), $"TERM={incapable}");
        }
    }

    [Test]
    public async Task Verbose_output_names_the_row_of_each_attempt()
    {
        var (_, _, error) = await RunOnSandbox("import", WriteIds(3), "-v");
        Assert.That(error, Does.Contain("row 2 (line 3): CreateContact attempt 1"));
    }
}
