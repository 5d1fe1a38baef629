using System.IO.Compression;
using System.Text;
using System.Text.Json;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>Behavior that needs a separate process: kills, signals and closed streams.</summary>
internal sealed class ImportProcessTests : CliTest
{
    [Test]
    public async Task A_killed_import_resumes_and_loses_nothing()
    {
        const int Count = 5000;
        const int Concurrency = 8;
        const int Kills = 3;
        string[] args = ["import", WriteIds(Count), "--checkpoint", CheckpointFile, "--concurrency", $"{Concurrency}"];
        for (var kill = 1; kill <= Kills; kill++)
        {
            using var process = StartProcess(On(Sandbox, args));
            await process.UntilAsync(() => Sandbox.RequestCount >= 300 * kill, $"{300 * kill} requests");
            process.Kill();
            await process.ExitAsync();
        }

        var (exitCode, output, error) = await RunOnSandbox(args);

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        var summary = Summary(output);
        Assert.That(summary.Rows, Is.EqualTo(Count));
        Assert.That(summary.Skipped, Is.GreaterThan(300), "it did not start from the beginning");
        var ids = Sandbox
            .Requests.Select(r => JsonDocument.Parse(r.Body).RootElement.GetProperty("external_id").GetString())
            .ToList();
        Assert.That(ids.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(Count), "no row is lost");
        Assert.That(
            ids,
            Has.Count.LessThanOrEqualTo(Count + (Kills * (Concurrency + 1))),
            "only rows in flight are sent again"
        );
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task SIGTERM_stops_an_import_cleanly()
    {
        using var process = StartProcess(On(Sandbox, "import", WriteIds(100_000), "--checkpoint", CheckpointFile));
        await process.UntilAsync(() => Sandbox.RequestCount >= 50, "50 requests");

        process.Terminate();
        var (exitCode, output, _) = await process.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(130));
        var summary = Summary(output);
        Assert.That(summary.Succeeded, Is.InRange(1, 99_999));
        Assert.That(
            (await File.ReadAllLinesAsync(CheckpointFile)).Length,
            Is.EqualTo(summary.Succeeded + 1),
            "the checkpoint contains the rows that the summary counts"
        );
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_second_signal_stops_the_process_at_once()
    {
        var (exitCode, output) = await SignalTwice(
            url => StartProcess("import", WriteIds(1), "--server-url", url),
            process =>
            {
                process.Terminate();
                return Task.CompletedTask;
            }
        );
        Assert.That((exitCode, output), Is.EqualTo((130, "")), "it does not print a summary");
    }

    [Test]
    [Platform("Linux")]
    public async Task A_second_signal_restores_the_cursor_of_a_terminal()
    {
        if (Environment.GetEnvironmentVariable("ORQ_REQUIRE_ALL") is not "1")
            Assume.That(File.Exists("/usr/bin/script"), "it provides the terminal");

        var pid = Path.Combine(Folder, "pid");
        var import = $"exec dotnet '{Program}' import '{WriteIds(1)}'";

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
    public async Task A_checkpoint_that_cannot_grow_ends_the_run()
    {
        // The runtime itself writes larger files in memory, unless W^X is off.
        using var process = StartShell(
            "trap '' XFSZ; ulimit -f 1; export DOTNET_EnableWriteXorExecute=0; exec dotnet \"$@\"",
            On(Sandbox, "import", WriteIds(1000), "--checkpoint", CheckpointFile)
        );
        var (exitCode, output, error) = await process.ExitAsync();
        Assert.That(exitCode, Is.EqualTo(5), error);
        Assert.That(Summary(output).Succeeded, Is.InRange(1, 999));
        Assert.That(EndedBy(output), Does.StartWith("Specified file length was too large"));
        Assert.That(error, Does.Contain(EndedBy(output)));
    }

    [Test]
    [Platform("Linux")]
    public async Task Reports_a_full_stdout_after_the_import()
    {
        using var process = StartShell("exec dotnet \"$@\" >/dev/full", On(Sandbox, "import", WriteIds(2)));
        var (exitCode, _, error) = await process.ExitAsync();
        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(error, Does.Contain("What was sent stays sent, but standard output cannot be written: "));
        Assert.That(Sandbox.RequestCount, Is.EqualTo(2));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Works_with_a_closed_stderr()
    {
        var file = WriteFile("in.csv", "external_id\na,b\nc\n");
        using var process = StartShell("exec dotnet \"$@\" 2>&-", On(Sandbox, "import", file));
        var (exitCode, output, _) = await process.ExitAsync();
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
    }

    [Test]
    public async Task A_truncated_gzip_file_ends_the_run_after_its_last_row()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.NoCompression))
            await gzip.WriteAsync(Encoding.ASCII.GetBytes("external_id\na\n" + new string('b', 200_000)));
        var file = WriteFile("in.csv.gz", compressed.ToArray()[..100_000]);

        // .NET notices the missing end only with a setting of the process.
        using var process = StartProcess("import", file, "--sandbox");
        var (exitCode, output, _) = await process.ExitAsync();

        Assert.That(exitCode, Is.EqualTo(5));
        Assert.That(Summary(output), Is.EqualTo((1, 1, 0, 0, 0)));
        Assert.That(EndedBy(output), Does.StartWith("The input cannot be read beyond row 1"));
    }

    /// <summary>Runs a shell command in which <c>"$@"</c> is the program and its arguments.</summary>
    private TestProcess StartShell(string command, string[] args) =>
        new("/bin/sh", ["-c", command, "sh", Program, .. args], environment: ("ORQ_API_KEY", Sandbox.ApiKey));

    /// <summary>Signals twice while the only call waits for its response.</summary>
    private static async Task<(int ExitCode, string Output)> SignalTwice(
        Func<string, TestProcess> start,
        Func<TestProcess, Task> signal
    )
    {
        using var stop = new SemaphoreSlim(0);
        await using var sandbox = await StartBlocked(stop);
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
