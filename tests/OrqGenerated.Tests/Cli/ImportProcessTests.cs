using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>What only a process of its own shows: kills, signals and closed streams.</summary>
internal sealed class ImportProcessTests : CliTest
{
    [Test]
    public async Task An_import_that_is_killed_goes_on_and_loses_nothing()
    {
        const int Rows = 5000;
        const int Concurrency = 8;
        var rows = string.Concat(
            Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"u{i}\n"))
        );
        var file = WriteFile("in.csv", "external_id\n" + rows);
        string[] args =
        [
            "import",
            file,
            "--checkpoint",
            CheckpointFile,
            "--concurrency",
            Concurrency.ToString(CultureInfo.InvariantCulture),
        ];
        var kills = 0;
        for (var at = 300; at <= 900; at += 300)
        {
            using var process = StartProcess([.. args, "--server-url", Sandbox.ServerUrl.ToString()]);
            await process.UntilAsync(() => Sandbox.RequestCount >= at, $"{at} requests");
            process.Kill();
            await process.ExitAsync();
            kills++;
        }

        var (exitCode, output, error) = await RunOnSandbox(args);

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        var summary = Summary(output);
        Assert.That(summary.Rows, Is.EqualTo(Rows));
        Assert.That(summary.Skipped, Is.GreaterThan(300), "it did not start again");
        var ids = Sandbox
            .Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("external_id").GetString())
            .ToList();
        Assert.That(ids.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(Rows), "no row is lost");
        Assert.That(
            ids,
            Has.Count.LessThanOrEqualTo(Rows + (kills * (Concurrency + 1))),
            "only rows that were under way are sent again"
        );
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_signal_to_terminate_ends_an_import_in_order()
    {
        var rows = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"u{i}\n"));
        var file = WriteFile("in.csv", "external_id\n" + rows);
        using var process = StartProcess([
            "import",
            file,
            "--checkpoint",
            CheckpointFile,
            "--server-url",
            Sandbox.ServerUrl.ToString(),
        ]);
        await process.UntilAsync(() => Sandbox.RequestCount >= 50, "50 requests");

        process.Terminate();
        var (exitCode, output, _) = await process.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(130));
        var summary = Summary(output);
        Assert.That(summary.Succeeded, Is.InRange(1, 99_999));
        Assert.That(
            (await File.ReadAllLinesAsync(CheckpointFile)).Length,
            Is.EqualTo(summary.Succeeded + 1),
            "the checkpoint holds what the summary counts"
        );
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_second_signal_ends_the_process_at_once()
    {
        var (exitCode, output) = await SignalTwice(
            url => StartProcess("import", WriteIds(1), "--server-url", url),
            process =>
            {
                process.Terminate();
                return Task.CompletedTask;
            }
        );
        Assert.That((exitCode, output), Is.EqualTo((130, "")), "it does not even print its summary");
    }

    [Test]
    [Platform("Linux")]
    public async Task A_second_signal_gives_a_terminal_its_cursor_back()
    {
        Assume.That(File.Exists("/usr/bin/script"), "it makes the terminal");
        var pid = Path.Combine(Folder, "pid");
        var import = $"exec dotnet '{typeof(OrqGenerated.Cli.CommandLine).Assembly.Location}' import '{WriteIds(1)}'";

        var (exitCode, output) = await SignalTwice(
            url => new TestProcess(
                "/usr/bin/script",
                ["-qec", $"echo $$ > '{pid}'; {import} --server-url {url}", "/dev/null"],
                environment: [("ORQ_API_KEY", Sandbox.ApiKey), ("TERM", "xterm"), ("SHELL", "/bin/sh")]
            ),
            async _ => await TestProcess.RunAsync("/bin/sh", "-c", $"kill $(cat '{pid}')")
        );

        Assert.That(exitCode, Is.EqualTo(130));
        Assert.That(output, Does.Match(@"\e\[\?25l(?s:.*)\e\[\?25h").And.Not.Contain("\"rows\""));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_checkpoint_that_may_not_grow_ends_the_run_before_its_end()
    {
        const string Command = "trap '' XFSZ; ulimit -f 1; exec dotnet \"$@\"";
        using var process = new TestProcess(
            "/bin/sh",
            [
                "-c",
                Command,
                "sh",
                typeof(OrqGenerated.Cli.CommandLine).Assembly.Location,
                "import",
                WriteIds(1000),
                "--checkpoint",
                CheckpointFile,
                "--server-url",
                Sandbox.ServerUrl.ToString(),
            ],
            // The runtime itself writes larger files in memory.
            environment: [("ORQ_API_KEY", Sandbox.ApiKey), ("DOTNET_EnableWriteXorExecute", "0")]
        );
        var (exitCode, output, error) = await process.ExitAsync();
        Assert.That(exitCode, Is.EqualTo(5), error);
        Assert.That(Summary(output).Succeeded, Is.InRange(1, 999));
        Assert.That(EndedBy(output), Is.Not.Null);
        Assert.That(error, Does.Contain(EndedBy(output)));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_full_stdout_is_named_and_what_was_imported_stays_imported()
    {
        var command = $"exec dotnet \"$0\" import \"$1\" --server-url {Sandbox.ServerUrl} >/dev/full";
        using var process = new TestProcess(
            "/bin/sh",
            ["-c", command, typeof(OrqGenerated.Cli.CommandLine).Assembly.Location, WriteIds(2)],
            environment: ("ORQ_API_KEY", Sandbox.ApiKey)
        );
        var (exitCode, _, error) = await process.ExitAsync();
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(error, Does.Contain("What was sent stays sent, but standard output cannot be written: "));
        Assert.That(Sandbox.RequestCount, Is.EqualTo(2));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_closed_stderr_is_no_reason_to_fail()
    {
        var file = WriteFile("in.csv", "external_id\na,b\nc\n");
        var command = $"exec dotnet \"$0\" import \"$1\" --server-url {Sandbox.ServerUrl} 2>&-";
        using var process = new TestProcess(
            "/bin/sh",
            ["-c", command, typeof(OrqGenerated.Cli.CommandLine).Assembly.Location, file],
            environment: ("ORQ_API_KEY", Sandbox.ApiKey)
        );
        var (exitCode, output, _) = await process.ExitAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
    }

    [Test]
    public async Task Packed_data_that_breaks_off_ends_the_run_after_the_rows_before()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression))
            await gzip.WriteAsync(Encoding.ASCII.GetBytes("external_id\na\n" + new string('b', 200_000)));
        var file = WriteFile("in.csv.gz", packed.ToArray()[..100_000]);

        using var process = StartProcess("import", file, "--sandbox");
        var (exitCode, output, _) = await process.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(Summary(output), Is.EqualTo((1, 1, 0, 0, 0)));
        Assert.That(EndedBy(output), Does.StartWith("The input cannot be read beyond row 1"));
    }

    // While its only call has no answer.
    private static async Task<(int ExitCode, string Output)> SignalTwice(
        Func<string, TestProcess> start,
        Func<TestProcess, Task> signal
    )
    {
        using var stop = new SemaphoreSlim(0);
        await using var sandbox = await OrqSandbox.StartAsync(
            new()
            {
                Fail = _ =>
                {
                    stop.Wait();
                    return null;
                },
            }
        );
        try
        {
            using var process = start(sandbox.ServerUrl.ToString());
            await process.UntilAsync(() => sandbox.RequestCount > 0, "a request");
            await signal(process);
            await process.LineAsync("Stopping");
            await signal(process);
            var (exitCode, output, _) = await process.ExitAsync();
            return (exitCode, output);
        }
        finally
        {
            stop.Release(1000);
        }
    }
}
