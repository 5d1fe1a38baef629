using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>Which files can be read, and what their cells and names mean.</summary>
internal sealed class ImportFileTests : CliTest
{
    private const string TwoRows = "external_id\na\nb\n";

    [Test]
    public async Task CSV_cells_are_absent_null_or_values()
    {
        var file = WriteFile(
            "in.csv",
            "external_id,display_name,email,avatar_url,tags,metadata,metadata.team\r\n"
                + "a,\"Smith, \"\"J\"\"\nnewline\",\\N,,x; y|z;,\"{\"\"n\"\":1.10}\",blue\r\n"
                + "\r\n"
                + ", ,\t,,,,\r\n"
                + "b,,,\\N,;,,\\N\r\n"
        );

        var (exitCode, output, error) = await RunOnSandbox("import", file, "--concurrency", "1");

        Assert.That(exitCode, Is.Zero, error);
        string[] expected =
        [
            """{"external_id":"a","display_name":"Smith, \"J\"\nnewline","email":null"""
                + ""","tags":["x","y","z"],"metadata":{"n":1.10,"team":"blue"}}""",
            """{"external_id":"b","avatar_url":null,"tags":[],"metadata":{"team":null}}""",
        ];
        Assert.That(Bodies(), Is.EqualTo(expected));
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)), "blank rows are skipped");
        Assert.That(
            error,
            Does.StartWith("row 1 (line 2) sets email to null").And.Contain("--null absent"),
            "reports the first row that removes something, and how to prevent it"
        );
        Assert.That(error, Does.Not.Contain("avatar_url"));
    }

    [Test]
    public async Task Sends_every_JSON_line_including_one_without_a_line_end()
    {
        string[] expected = ["""{"external_id":"a","metadata":{"n":1e400}}""", """{"external_id":"b"}"""];
        var file = WriteFile("in.jsonl", $"\uFEFF{expected[0]}\r\n\n" + """{"externalId":"b"}""");
        var (exitCode, output, _) = await RunOnSandbox("import", file, "--concurrency", "1");
        Assert.That(exitCode, Is.Zero);
        Assert.That(Bodies(), Is.EqualTo(expected));
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));
    }

    [TestCase("remove", """{"external_id":"a","email":null}""")]
    [TestCase("absent", """{"external_id":"a"}""")]
    public async Task Null_in_JSON_removes_strings_unless_it_means_absent(string meaning, string expected)
    {
        var file = WriteFile("in.jsonl", """{"external_id":"a","email":null,"tags":null,"metadata":null}""");
        await RunOnSandbox("import", file, "--null", meaning);
        Assert.That(OnlyBody(), Is.EqualTo(expected));
    }

    [TestCase("\uFEFFexternal_id,email\na,\n")]
    [TestCase("\uFEFF {\"external_id\":\"a\"}")]
    public async Task Detects_the_format_of_standard_input(string text)
    {
        using var input = InputOf(text);
        var (exitCode, _, error) = await Run(On(Sandbox, "import", "-"), input);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a"}"""));
    }

    [TestCase("external_id;email;metadata.plan\na;a@b.c;p,q\n")]
    [TestCase("external_id\temail\tmetadata.plan\na\ta@b.c\tp,q\n")]
    [TestCase("external_id|email|metadata.plan\na|a@b.c|p,q\n")]
    [TestCase("sep=;\r\nexternal_id;email;metadata.plan\r\na;a@b.c;p,q\r\n")]
    [TestCase("\"External ID\",Email Address,metadata.plan,\na,a@b.c,\"p,q\",\n")]
    [TestCase("external_id,email,other,metadata.plan\na,a@b.c,x,\"p,q\"\n", "--ignore-columns")]
    [TestCase("external_id,email,plan\na,a@b.c,\"p,q\"\n", "--metadata-columns")]
    [TestCase("external_id,Kontakt,plan\na,a@b.c,\"p,q\"\n", "--map", "Kontakt=email", "--map", "plan=metadata.plan")]
    [TestCase("\"external_id\";\"email\";\"Company\nName\";\"plan\"\n\"a\";\"a@b.c\";;\"p,q\"\n", "--metadata-columns")]
    [TestCase("external_id;email;Name (last, first, other);metadata.plan\na;a@b.c;;p,q\n", "--ignore-columns")]
    [TestCase("external_id#email#metadata.plan\na#a@b.c#p,q\n", "--delimiter", "#")]
    [TestCase("external_id\temail\tmetadata.plan\na\ta@b.c\tp,q\n", "--delimiter", "tab")]
    [TestCase("[id],email,metadata.plan\na,a@b.c,\"p,q\"\n", "--map", "[id]=external_id")]
    public async Task Reads_the_columns_of_other_programs(string csv, params string[] options)
    {
        var (exitCode, _, error) = await RunOnSandbox(["import", WriteFile("in.csv", csv), .. options]);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a","email":"a@b.c","metadata":{"plan":"p,q"}}"""));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(100_000)]
    public async Task Only_more_gzip_may_follow_gzip(int others)
    {
        byte[] bytes =
        [
            .. Gzip.Compress("external_id\na\nb"),
            .. Enumerable.Repeat((byte)'x', others),
            .. others == 0 ? Gzip.Compress("1\nb2\n") : [],
        ];

        var (exitCode, output, error) = await RunOnSandbox("import", WriteFile("in.csv.gz", bytes));

        Assert.That(exitCode, Is.EqualTo(others == 0 ? 0 : 5), error);
        Assert.That(Summary(output).Succeeded, Is.EqualTo(others == 0 ? 3 : 1), "half a row is not sent");
        Assert.That(EndedBy(output), others == 0 ? Is.Null : Does.Contain("followed by data of another kind"));
    }

    [TestCase(0xFF, 0xFE, TestName = "Says_what_to_do_with_a_file_in_another_format(UTF-16)")]
    [TestCase(0xFE, 0xFF, TestName = "Says_what_to_do_with_a_file_in_another_format(UTF-16, big-endian)")]
    [TestCase(0x50, 0x4B, 3, 4, TestName = "Says_what_to_do_with_a_file_in_another_format(zip or XLSX)")]
    [TestCase(0xD0, 0xCF, 0x11, 0xE0, TestName = "Says_what_to_do_with_a_file_in_another_format(XLS)")]
    public async Task Says_what_to_do_with_a_file_in_another_format(params int[] start)
    {
        byte[] bytes = [.. start.Select(b => (byte)b), .. Encoding.Unicode.GetBytes("external_id\na\n")];
        var (exitCode, _, error) = await RunOnSandbox("import", WriteFile("in.csv", bytes));
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("a spreadsheet, a zip file or UTF-16").And.Contain("CSV UTF-8"));
    }

    [TestCase("external_id,,email\na,b,\n", "\"\" is not a field", "--metadata-columns")]
    [TestCase("external_id,emial\na,b\n", "\"emial\" is not a field", "did you mean email?", "--ignore-columns")]
    [TestCase("email\na@b\n", "external_id is missing", "--map")]
    [TestCase("user_id\na\n", "\"user_id\" is not a field of a contact. Use --map")]
    [TestCase("external_id,email,E-Mail\na,b,c\n", "Two columns are email")]
    [TestCase("external_id,metadata.\na,b\n", "\"metadata.\" is not a field")]
    [TestCase("", "has no first line")]
    [TestCase("\nexternal_id\na\n", "has no first line")]
    [TestCase("external_id,email\ra,b\r", "the header has more than one row", "lines that end with LF")]
    [TestCase("external_id,\"email\na,b\n", "the header has a quote that is never closed")]
    [TestCase("\"Company\nName\";\"external_id\"\nx;a\n", "the header has a quote that is never closed", "--delimiter")]
    [TestCase("external_id,\u001b[31mred\na,b\n", "\uFFFD[31mred")]
    [TestCase("external_id,a\0\na,b\n", "not UTF-8 text", "CSV UTF-8")]
    [TestCase("[\n{\"external_id\":\"a\"}]", "one JSON document", "jq -c")]
    [TestCase("{\n\"external_id\":\"a\"}", "one JSON document")]
    public async Task Says_in_one_short_line_why_a_file_cannot_be_read(string text, params string[] expected)
    {
        var (exitCode, output, error) = await RunOnSandbox("import", WriteFile("in", text));
        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(expected, Has.All.Matches<string>(part => error.Contains(part)), error);
        Assert.That(error.TrimEnd('\n'), Does.Match("^[^\\p{Cc}]{10,350}$"));
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    public async Task Refuses_one_long_line_with_a_short_message()
    {
        var file = WriteFile("in.csv", new string('x', 20_000_000));
        var (exitCode, _, error) = await RunOnSandbox("import", file);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("longer than 16 MiB").And.Length.LessThan(350));
    }

    [TestCase("Could not find", "nowhere.csv")]
    [TestCase("is a directory", ".")]
    [TestCase("--concurrency 0: give a whole number", "in.csv", "--concurrency", "0")]
    [TestCase("--concurrency many: give a whole number", "in.csv", "--concurrency", "many")]
    [TestCase("--rate 0/min: give a rate", "in.csv", "--rate", "0/min")]
    [TestCase("--delimiter ab: give one character", "in.csv", "--delimiter", "ab")]
    [TestCase("--null none: give remove or absent", "in.csv", "--null", "none")]
    [TestCase("--map x: give COLUMN=FIELD", "in.csv", "--map", "x")]
    [TestCase("did you mean email?", "in.csv", "--map", "x=emial")]
    [TestCase("--map Id: there is no such column", "in.csv", "--map", "Id=external_id")]
    [TestCase("--map a=email: this column is mapped twice", "in.csv", "--map", "a=display_name", "--map", "a=email")]
    [TestCase("--checkpoint needs a file", "-", "--checkpoint", "x")]
    [TestCase("go with --checkpoint", "in.csv", "--retry-rejected")]
    [TestCase("go with --checkpoint", "in.csv", "--new-key")]
    [TestCase("give one of them", "in.csv", "--ignore-columns", "--metadata-columns")]
    [TestCase("--shard 4/4: give I/N", "in.csv", "--shard", "4/4")]
    [TestCase("--shard -1/4: give I/N", "in.csv", "--shard", "-1/4")]
    [TestCase("--shard four: give I/N", "in.csv", "--shard", "four")]
    [TestCase("--checkpoint : give the path of a file", "in.csv", "--checkpoint", "")]
    [TestCase("--rejects needs a value", "in.csv", "--rejects", "-v")]
    [TestCase("--shard /4: give I/N with I from 0 to N-1, such as 0/4, or /N with", "in.csv", "--shard", "/4")]
    public async Task Says_what_is_wrong_with_the_command_line(string expected, params string[] args)
    {
        WriteFile("in.csv", TwoRows);
        args[0] = args[0] == "-" ? "-" : Path.Combine(Folder, args[0]);
        var (exitCode, output, error) = await RunOnSandbox(["import", .. args]);
        Assert.That((exitCode, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(expected));
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    public async Task A_file_after_two_hyphens_may_be_spelled_like_an_option()
    {
        var (exitCode, _, error) = await Run(["import", "--dry-run", "--", "--rejects"]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("Could not find file"));
    }

    [TestCase("--rejects", "in.csv", "neither the input")]
    [TestCase("--rejects", "link.csv", "used by another process")]
    [TestCase("--rejects", "state", "nor the checkpoint")]
    [TestCase("--checkpoint", "in.csv", "not the input")]
    public async Task Never_overwrites_the_input_or_the_checkpoint(string option, string name, string reason)
    {
        var file = WriteFile("in.csv", TwoRows);
        File.CreateSymbolicLink(Path.Combine(Folder, "link.csv"), "in.csv");
        Directory.CreateDirectory(Path.Combine(Folder, "sub"));
        string[] other = option == "--rejects" ? ["--checkpoint", Path.Combine(Folder, "state")] : [];
        var path = Path.Combine(Folder, "sub", "..", name);

        var (exitCode, output, error) = await RunOnSandbox(["import", file, option, path, .. other]);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith($"{option}: ").And.Contain(reason));
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo(TwoRows));
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Reads_a_named_pipe_like_a_file_but_only_once()
    {
        var pipe = Path.Combine(Folder, "pipe");
        Assert.That((await TestProcess.RunAsync("mkfifo", pipe)).ExitCode, Is.Zero);
        string[] args = On(Sandbox, "import", pipe);

        var writing = WriteAsync();
        var (exitCode, output, error) = await Run(args, isTerminal: true);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));
        Assert.That(await WithinLimit(writing), Is.True);

        writing = WriteAsync();
        (exitCode, _, error) = await Run([.. args, "--checkpoint", CheckpointFile]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("--checkpoint needs a file"));
        await WithinLimit(writing);

        // Opening a pipe blocks until its other end is opened, too.
        Task<bool> WriteAsync() => Task.Run(Write);

        bool Write()
        {
            try
            {
                File.WriteAllText(pipe, TwoRows);
                return true;
            }
            catch (IOException)
            {
                // Nobody has read it.
                return false;
            }
        }
    }

    [Test]
    [Platform("Linux")]
    public async Task An_interrupted_import_does_not_wait_for_the_other_end_of_a_named_pipe()
    {
        var pipe = Path.Combine(Folder, "pipe");
        Assert.That((await TestProcess.RunAsync("mkfifo", pipe)).ExitCode, Is.Zero);
        await using var end = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        await end.WriteAsync(Encoding.UTF8.GetBytes(TwoRows));
        await end.FlushAsync();
        using var interruption = new CancellationTokenSource();
        var run = Run(On(Sandbox, "import", pipe), cancellationToken: interruption.Token);
        while (Sandbox.RequestCount < 2 && !run.IsCompleted)
            await Task.Yield();

        await interruption.CancelAsync();

        Assert.That((await run).ExitCode, Is.EqualTo(130));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task An_import_can_be_interrupted_while_it_waits_for_the_other_end_of_a_named_pipe()
    {
        var pipe = Path.Combine(Folder, "pipe");
        Assert.That((await TestProcess.RunAsync("mkfifo", pipe)).ExitCode, Is.Zero);
        using var interruption = new CancellationTokenSource();
        var run = Run(On(Sandbox, "import", pipe), cancellationToken: interruption.Token);

        await interruption.CancelAsync();

        Assert.That((await run).ExitCode, Is.EqualTo(130));
        // Lets the thread go on that opens the pipe.
        await using var end = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
    }
}
