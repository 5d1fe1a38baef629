using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OrqGenerated.Cli;
using OrqGenerated.Cli.Import;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

internal sealed class ImportCommandTests : CliTest
{
    private const string TwoRows = "external_id\na\nb\n";

    [Test]
    public async Task Sends_a_CSV_file_with_absent_null_and_values_told_apart()
    {
        var file = WriteFile(
            "in.csv",
            "external_id,display_name,email,avatar_url,tags,metadata,metadata.team\r\n"
                + "a,\"Smith, \"\"J\"\"\nnewline\",\\N,,x; y;,\"{\"\"n\"\":1.10}\",blue\r\n"
                + "\r\n"
                + "b,,,\\N,;,,\\N\r\n"
        );

        var (exitCode, output, error) = await RunOnSandbox("import", file, "--concurrency", "1");

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(
            Sandbox.Requests.Select(r => r.BodyText),
            Is.EqualTo(
                new[]
                {
                    """{"external_id":"a","display_name":"Smith, \"J\"\nnewline","email":null,"tags":["x","y"],"metadata":{"n":1.10,"team":"blue"}}""",
                    """{"external_id":"b","avatar_url":null,"tags":[],"metadata":{"team":null}}""",
                }
            )
        );
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));
    }

    [Test]
    public async Task Sends_a_JSONL_file_line_by_line_the_last_without_an_end_too()
    {
        var file = WriteFile(
            "in.jsonl",
            "\uFEFF{\"external_id\":\"a\",\"metadata\":{\"n\":1e400}}\r\n\n{\"external_id\":\"b\"}"
        );
        var (exitCode, output, _) = await RunOnSandbox("import", file, "--concurrency", "1");
        Assert.That(exitCode, Is.Zero);
        Assert.That(
            Sandbox.Requests.Select(r => r.BodyText),
            Is.EqualTo(
                new[]
                {
                    """{"external_id":"a","metadata":{"n":1e400}}""",
                    """{"external_id":"b"}""",
                }
            )
        );
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));
    }

    [TestCase("\uFEFFexternal_id,email\na,\n")]
    [TestCase("\uFEFF {\"external_id\":\"a\"}")]
    public async Task Tells_the_format_of_standard_input_by_its_start(string text)
    {
        using var input = InputOf(text);
        var args = new[] { "import", "-", "--server-url", Sandbox.ServerUrl.ToString() };
        var (exitCode, _, error) = await Run(args, input);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a"}"""));
    }

    [Test]
    public async Task Rows_that_fail_are_told_and_kept_and_stop_nothing()
    {
        var file = WriteFile(
            "in.csv",
            "external_id,email,metadata\n"
                + "a,nobody,\n"
                + ",,\n"
                + "b,,notjson\n"
                + "c,\n"
                + "d\"x,,\n"
                + "ok,,\n"
                + "\\N,,\n"
                + $"{new string('x', 121)},,\n"
        );
        var rejects = Path.Combine(Folder, "rejects.jsonl");

        var (exitCode, output, error) = await RunOnSandbox("import", file, "--rejects", rejects);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((8, 1, 7, 0, 0)));
        var lines = (await File.ReadAllLinesAsync(rejects))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("row").GetInt32());
        Assert.That(lines.Keys.Order(), Is.EqualTo(new[] { 1, 2, 3, 4, 5, 7, 8 }));
        Assert.Multiple(() =>
        {
            Assert.That(Error(1), Does.Contain("email must be an e-mail address"));
            Assert.That(Error(2), Does.StartWith("external_id must have at least 1"));
            Assert.That(Error(3), Does.StartWith("metadata: not JSON"));
            Assert.That(Error(4), Is.EqualTo("has 2 cells, but the header has 3"));
            Assert.That(Error(5), Does.StartWith("a quote inside a cell"));
            Assert.That(Error(7), Is.EqualTo("external_id: must not be null"));
            Assert.That(Error(8), Does.StartWith("external_id must have at most 120"));
            Assert.That(lines[3].GetProperty("line").GetInt32(), Is.EqualTo(4));
            Assert.That(lines[3].GetProperty("input").GetString(), Is.EqualTo("b,,notjson"));
            Assert.That(error, Does.Contain("row 4 (line 5): has 2 cells"));
        });

        string? Error(int row) => lines[row].GetProperty("error").GetString();
    }

    [Test]
    public async Task A_malformed_JSONL_row_is_named_and_its_neighbours_are_sent()
    {
        var file = WriteFile(
            "in.jsonl",
            "{\"external_id\":\"a\"}\n{\"external_id\":\n[1]\n{\"external_id\":\"b\",\"x\":1}\n{\"external_id\":\"c\"}\n"
        );
        var (exitCode, output, error) = await RunOnSandbox("import", file);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((5, 2, 3, 0, 0)));
        Assert.That(error, Does.Contain("row 2 (line 2): not JSON at byte"));
        Assert.That(error, Does.Contain("row 3 (line 3): not a JSON object"));
        Assert.That(error, Does.Contain("row 4 (line 4): x: no such field"));
    }

    [Test]
    public async Task Half_a_surrogate_pair_as_a_name_is_the_error_of_its_row_alone()
    {
        var file = WriteFile(
            "in.jsonl",
            """
            {"external_id":"a"}
            {"external_id":"b","metadata":{"\ud800":1}}
            {"external_id":"c","\ud800":1}
            {"external_id":"d"}
            """
        );
        var (exitCode, output, error) = await RunOnSandbox("import", file);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((4, 2, 2, 0, 0)));
        Assert.That(error, Does.Contain("row 2 (line 2): metadata: a key is not valid Unicode"));
        Assert.That(error, Does.Contain("row 3 (line 3): a field is not valid Unicode"));

        file = WriteFile("in.csv", "external_id,metadata\na,\"{\"\"\\ud800\"\":1}\"\nb,\n");
        (_, output, error) = await RunOnSandbox("import", file);
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
        Assert.That(error, Does.Contain("row 1 (line 2): metadata: a key is not valid Unicode"));
    }

    [TestCase("in.csv")]
    [TestCase("in.jsonl")]
    public async Task A_row_that_is_not_UTF8_is_rejected_instead_of_sent_changed(string name)
    {
        var text =
            name == "in.csv"
                ? "external_id\n?\nb\n"
                : "{\"external_id\":\"?\"}\n{\"external_id\":\"b\"}\n";
        var bytes = Encoding.ASCII.GetBytes(text);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xE9;
        var path = Path.Combine(Folder, name);
        await File.WriteAllBytesAsync(path, bytes);
        var (exitCode, output, error) = await RunOnSandbox("import", path);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
        Assert.That(error, Does.Contain("row 1 ").And.Contain("not UTF-8"));
    }

    [TestCase("external_id,emial\na,b\n", "\"emial\" is unknown")]
    [TestCase("email\na@b\n", "external_id is missing")]
    [TestCase("external_id,email,email\na,b,c\n", "email is there more than once")]
    [TestCase("external_id,metadata.\na,b\n", "\"metadata.\" is unknown")]
    [TestCase("", "external_id is missing")]
    public async Task A_header_that_is_not_one_of_contacts_is_a_usage_error(
        string csv,
        string expected
    )
    {
        var (exitCode, output, error) = await RunOnSandbox("import", WriteFile("in.csv", csv));
        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain(expected));
    }

    [TestCase("Could not find", "nowhere.csv")]
    [TestCase("--concurrency: give a number", "in.csv", "--concurrency", "0")]
    [TestCase("--concurrency", "in.csv", "--concurrency", "many")]
    [TestCase("--checkpoint needs a file", "-", "--checkpoint", "x")]
    [TestCase("--shard 4/4: give I/N", "in.csv", "--shard", "4/4")]
    [TestCase("--shard -1/4: give I/N", "in.csv", "--shard", "-1/4")]
    [TestCase("--shard four: give I/N", "in.csv", "--shard", "four")]
    [TestCase("JOB_COMPLETION_INDEX, which is not set", "in.csv", "--shard", "/4")]
    public async Task Says_what_is_wrong_with_the_command_line(
        string expected,
        params string[] args
    )
    {
        WriteFile("in.csv", TwoRows);
        args[0] = args[0] == "-" ? "-" : Path.Combine(Folder, args[0]);
        var (exitCode, output, error) = await RunOnSandbox(["import", .. args]);
        Assert.That((exitCode, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(expected));
    }

    [Test]
    public async Task A_dry_run_checks_every_row_and_needs_neither_key_nor_server()
    {
        SetEnvironment("ORQ_API_KEY", null);
        var file = WriteFile("in.csv", $"external_id\na\n{new string('x', 121)}\n");
        var checkpoint = Path.Combine(Folder, "checkpoint");
        var (exitCode, output, error) = await RunOnSandbox(
            "import",
            file,
            "--dry-run",
            "--checkpoint",
            checkpoint
        );
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
        Assert.That(
            JsonDocument.Parse(output).RootElement.GetProperty("dry_run").GetBoolean(),
            Is.True
        );
        Assert.That(error, Does.Contain("row 2 ").And.Contain("at most 120"));
        Assert.That(Sandbox.Requests, Is.Empty);
        Assert.That(File.Exists(checkpoint), Is.False);
    }

    [TestCase("input", "in.csv")]
    [TestCase("input", "link.csv")]
    [TestCase("checkpoint", "state", "--dry-run")]
    [TestCase("checkpoint", "state")]
    public async Task Rejects_never_go_over_the_input_or_the_checkpoint(
        string other,
        string name,
        params string[] more
    )
    {
        var file = WriteFile("in.csv", TwoRows);
        File.CreateSymbolicLink(Path.Combine(Folder, "link.csv"), "in.csv");
        var rejects = Path.Combine(Folder, "sub", "..", name);
        Directory.CreateDirectory(Path.Combine(Folder, "sub"));
        string[] args = ["import", file, "--checkpoint", Path.Combine(Folder, "state"), .. more];

        var (exitCode, output, error) = await RunOnSandbox([.. args, "--rejects", rejects]);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("--rejects: ").And.Contain(other));
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo(TwoRows));
        Assert.That(File.Exists(Path.Combine(Folder, "state")), Is.False);
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    public async Task A_dry_run_never_replaces_rejects()
    {
        var file = WriteFile("in.csv", $"external_id\n{new string('x', 121)}\n");
        var rejects = Path.Combine(Folder, "rejects.jsonl");
        string[] args = ["import", file, "--rejects", rejects, "--dry-run"];
        Assert.That((await RunOnSandbox(args)).ExitCode, Is.EqualTo(1));
        var before = await File.ReadAllTextAsync(rejects);
        Assert.That(before, Does.Contain("at most 120"), "a new file is filled");

        var (exitCode, output, error) = await RunOnSandbox(args);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("is not empty"));
        Assert.That(await File.ReadAllTextAsync(rejects), Is.EqualTo(before));
    }

    [Test]
    public void Two_runs_cannot_share_rejects()
    {
        var path = Path.Combine(Folder, "rejects.jsonl");
        using var first = RejectsFile.Open(path, append: false, isDry: false);
        first.Add(new ImportRow(1, 2, "a"), "wrong");
        var exception = Assert.Throws<UsageException>(() =>
            RejectsFile.Open(path, append: false, isDry: false).Dispose()
        );
        Assert.That(exception.Message, Does.StartWith("--rejects: ").And.Contain(path));
        Assert.That(new FileInfo(path).Length, Is.GreaterThan(0), "nothing is overwritten");
    }

    [TestCase("", "")]
    [TestCase("{\"row\":", "")]
    [TestCase("{}\n", "{}\n")]
    [TestCase("{}\n{}\n{\"row\":", "{}\n{}\n")]
    public async Task Half_a_line_at_the_end_of_rejects_is_cut_off(string text, string expected)
    {
        var path = WriteFile("rejects.jsonl", text);
        RejectsFile.Open(path, append: true, isDry: false).Dispose();
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(expected));

        // Longer than what is read at a time.
        await File.WriteAllTextAsync(path, text + new string('x', 200_000));
        RejectsFile.Open(path, append: true, isDry: false).Dispose();
        Assert.That(await File.ReadAllTextAsync(path), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_refused_key_ends_the_import()
    {
        SetEnvironment("ORQ_API_KEY", "wrong");
        var rows = string.Concat(Enumerable.Range(0, 500).Select(i => $"u{i}\n"));
        var (exitCode, output, error) = await RunOnSandbox(
            "import",
            WriteFile("in.csv", "external_id\n" + rows),
            "--concurrency",
            "2"
        );
        Assert.That(exitCode, Is.EqualTo(3));
        Assert.That(Sandbox.Requests.Count, Is.LessThanOrEqualTo(4));
        Assert.That(Summary(output).Succeeded, Is.Zero);
        Assert.That(error, Does.Contain("invalid_api_key"));
    }

    [Test]
    public async Task A_server_out_of_reach_ends_the_import_with_4()
    {
        await Sandbox.DisposeAsync();
        var rows = string.Concat(Enumerable.Range(0, 500).Select(i => $"u{i}\n"));
        var (exitCode, output, _) = await RunOnSandbox(
            "import",
            WriteFile("in.csv", "external_id\n" + rows),
            "--concurrency",
            "2",
            "--max-elapsed",
            "10ms"
        );
        Assert.That(exitCode, Is.EqualTo(4));
        Assert.That(Summary(output).Failed, Is.EqualTo(8));
    }

    [Test]
    public async Task A_row_on_which_the_server_hangs_up_does_not_end_the_import()
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

                await connection.RespondAsync(200, """{"_id":"c_1","external_id":"a"}""");
            }
        });
        string[] args =
        [
            "import",
            WriteFile("in.csv", "external_id\nbad\na\nb\nbad\nc\n"),
            "--concurrency",
            "1",
            "--max-elapsed",
            "1ms",
            "--server-url",
            server.Address.ToString(),
        ];
        var (exitCode, output, _) = await Run(args);
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((5, 3, 2, 0, 0)));
    }

    [Test]
    public async Task A_server_that_has_no_contacts_ends_the_import()
    {
        Sandbox.FailNext(500, 404);
        var rows = string.Concat(Enumerable.Range(0, 500).Select(i => $"u{i}\n"));
        var (exitCode, output, error) = await RunOnSandbox(
            "import",
            WriteFile("in.csv", "external_id\n" + rows),
            "--concurrency",
            "2"
        );
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Sandbox.Requests, Has.Count.LessThan(50));
        Assert.That(Summary(output).Failed, Is.LessThan(50));
        Assert.That(error, Does.Contain("404"));
    }

    [Test]
    public async Task Rows_with_one_external_id_are_sent_one_after_the_other()
    {
        var rows = string.Concat(
            Enumerable
                .Range(0, 50)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"same,n{i}\n"))
        );
        await RunOnSandbox(
            "import",
            WriteFile("in.csv", "external_id,display_name\n" + rows),
            "--concurrency",
            "8"
        );
        var names = Sandbox.Requests.Select(r =>
            JsonDocument.Parse(r.Body).RootElement.GetProperty("display_name").GetString()
        );
        Assert.That(
            names,
            Is.EqualTo(Enumerable.Range(0, 50).Select(i => $"n{i}")),
            "the last row wins"
        );
    }

    [Test]
    public async Task Every_row_is_in_exactly_one_shard_and_one_id_always_in_the_same()
    {
        var rows = string.Concat(Enumerable.Range(0, 300).Select(i => $"u{i % 100}\n"));
        var file = WriteFile("in.csv", "external_id\n" + rows + "bad\"\n");
        var seen = new List<HashSet<string>>();
        long failed = 0;
        for (var i = 0; i < 3; i++)
        {
            SetEnvironment("JOB_COMPLETION_INDEX", i.ToString(CultureInfo.InvariantCulture));
            var before = Sandbox.Requests.Count;
            var (_, output, _) = await RunOnSandbox(
                "import",
                file,
                "--shard",
                i == 0 ? "0/3" : "/3"
            );
            failed += Summary(output).Failed;
            seen.Add([.. Sandbox.Requests.Skip(before).Select(r => r.BodyText)]);
        }

        Assert.That(Sandbox.Requests, Has.Count.EqualTo(300));
        Assert.That(seen.Sum(ids => ids.Count), Is.EqualTo(100), "no id is in two shards");
        Assert.That(seen.Select(ids => ids.Count), Has.All.InRange(15, 60), "about a third each");
        Assert.That(failed, Is.EqualTo(1), "a row without an id is told once");
    }

    [Test]
    public async Task The_shard_of_an_id_never_changes()
    {
        var file = WriteFile("in.csv", "external_id\nuser_12345\nуёÿ😀\nb\n");
        await RunOnSandbox("import", file, "--shard", "2/4", "--concurrency", "1");
        Assert.That(
            Sandbox.Requests.Select(r => r.BodyText),
            Is.EqualTo(new[] { """{"external_id":"user_12345"}""" }),
            "processes of different versions share one file"
        );
    }

    [Test]
    public async Task An_interrupted_import_still_prints_its_summary()
    {
        using var interruption = new CancellationTokenSource();
        var input = new System.IO.Pipelines.Pipe();
        await input.Writer.WriteAsync("{\"external_id\":\"a\"}\n"u8.ToArray());
        var run = Run(
            ["import", "-", "--server-url", Sandbox.ServerUrl.ToString()],
            input.Reader.AsStream(),
            cancellationToken: interruption.Token
        );
        while (Sandbox.RequestCount == 0 && !run.IsCompleted)
            await Task.Yield();
        await interruption.CancelAsync();
        var (exitCode, output, error) = await run;
        Assert.That((exitCode, error), Is.EqualTo((130, "Interrupted.\n")));
        Assert.That(Summary(output).Rows, Is.EqualTo(1));
    }

    [Test]
    public async Task A_progress_bar_is_only_shown_to_someone_who_watches()
    {
        var file = WriteFile("in.csv", "external_id,email\na,\nb,nobody\n");
        var args = new[] { "import", file, "--server-url", Sandbox.ServerUrl.ToString() };
        var (_, output, error) = await Run(args, isInteractive: true);
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
        Assert.That(error, Does.Contain("\u001b[").And.Contain("row 2"));

        var (_, _, quiet) = await Run(args);
        Assert.That(quiet, Does.Not.Contain("\u001b["));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_named_pipe_is_read_like_a_file_but_only_once()
    {
        var pipe = Path.Combine(Folder, "pipe");
        using (var mkfifo = Process.Start("mkfifo", [pipe]))
            await mkfifo.WaitForExitAsync();
        string[] args = ["import", pipe, "--server-url", Sandbox.ServerUrl.ToString()];

        var writing = Task.Run(() => File.WriteAllTextAsync(pipe, TwoRows));
        var (exitCode, output, error) = await Run(args, isInteractive: true);
        await writing;
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));

        writing = Task.Run(() => File.WriteAllTextAsync(pipe, TwoRows));
        (exitCode, _, error) = await Run([.. args, "--checkpoint", Path.Combine(Folder, "state")]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("--checkpoint needs a file"));
        try
        {
            await writing;
        }
        catch (IOException)
        {
            // Nobody has read it.
        }
    }

    internal static (long Rows, long Succeeded, long Failed, long Repeatable, long Skipped) Summary(
        string output
    )
    {
        var summary = JsonDocument.Parse(output).RootElement;
        long Number(string name) => summary.GetProperty(name).GetInt64();
        return (
            Number("rows"),
            Number("succeeded"),
            Number("failed"),
            Number("repeatable"),
            Number("skipped")
        );
    }
}
