namespace OrqGenerated.Tests.Cli;

internal sealed class CheckpointTests : CliTest
{
    [Test]
    public async Task A_second_run_sends_only_what_the_first_did_not_finish()
    {
        var file = WriteFile("in.csv", "external_id,email\na,\nb,nobody\nc,\nd,\n");
        Sandbox.FailNext(1, 500);
        string[] args = ["import", file, "--checkpoint", CheckpointFile, "--rejects", Rejects, "--max-elapsed", "1ms"];

        var first = await RunOnSandbox([.. args, "--concurrency", "1"]);
        Assert.That(first.ExitCode, Is.EqualTo(1));
        Assert.That(Summary(first.Output), Is.EqualTo((4, 2, 2, 0, 0)));
        Assert.That(first.Error, Does.Contain("1 rows failed for now"));
        await File.AppendAllTextAsync(Rejects, "{\"row\":");

        var second = await RunOnSandbox(args);
        Assert.That(second.ExitCode, Is.EqualTo(1), "a row failed in the first run");
        Assert.That(second.Error, Does.StartWith("1 rows had failed for good in an earlier run"));
        Assert.That(Summary(second.Output), Is.EqualTo((4, 1, 1, 2, 0)));
        Assert.That(Sandbox.Requests[^1].BodyText, Is.EqualTo("""{"external_id":"a"}"""));
        Assert.That(
            (await File.ReadAllTextAsync(Rejects)).Split('\n')[1..],
            Is.EqualTo(new[] { "" }),
            "the row that failed for good is kept, the half line is not"
        );

        var third = await RunOnSandbox(args);
        Assert.That(third.ExitCode, Is.EqualTo(1));
        Assert.That(Summary(third.Output), Is.EqualTo((4, 0, 1, 3, 0)));
        Assert.That(
            (await File.ReadAllLinesAsync(CheckpointFile))[1..].Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "-2", "1", "3", "4" })
        );
    }

    [Test]
    public async Task A_later_row_of_an_id_is_never_sent_before_an_earlier_one()
    {
        var file = WriteFile("in.csv", "external_id,email\nu,old@b.c\nv,\nu,\\N\nu,new@b.c\n");
        string[] args = ["import", file, "--checkpoint", CheckpointFile, "--concurrency", "1"];
        Sandbox.FailNext(1, 500);

        var first = await RunOnSandbox([.. args, "--max-elapsed", "1ms"]);
        Assert.That(first.ExitCode, Is.EqualTo(1));
        Assert.That(Summary(first.Output), Is.EqualTo((4, 1, 3, 0, 0)));
        Assert.That(first.Error, Does.Contain("row 3 (line 4): not sent"));
        Assert.That(Sandbox.Requests, Has.Count.EqualTo(2));

        var second = await RunOnSandbox(args);
        Assert.That(Summary(second.Output), Is.EqualTo((4, 3, 0, 1, 0)));
        string[] expected =
        [
            """{"external_id":"u","email":"old@b.c"}""",
            """{"external_id":"u","email":null}""",
            """{"external_id":"u","email":"new@b.c"}""",
        ];
        Assert.That(Bodies().Skip(2), Is.EqualTo(expected));
    }

    [Test]
    public async Task Rows_that_a_wrong_server_refused_are_sent_again()
    {
        string[] args = ["import", WriteIds(2), "--checkpoint", CheckpointFile, "--rejects", Rejects];
        Sandbox.FailNext(2, 200, [new("Content-Type", "text/html")], "<html>We will be back soon.</html>");

        var first = await RunOnSandbox(args);
        Assert.That(first.ExitCode, Is.EqualTo(4));
        Assert.That(Summary(first.Output), Is.EqualTo((2, 0, 0, 0, 2)));
        Assert.That(EndedBy(first.Output), Is.Not.Null);
        Assert.That(await File.ReadAllTextAsync(Rejects), Is.Empty);

        var second = await RunOnSandbox(args);
        Assert.That((second.ExitCode, second.Error), Is.EqualTo((0, "")));
        Assert.That(Summary(second.Output), Is.EqualTo((2, 2, 0, 0, 0)));
    }

    [TestCase(400)]
    [TestCase(409)]
    [TestCase(413)]
    [TestCase(422)]
    public async Task A_row_that_the_API_refused_is_not_sent_again(int statusCode)
    {
        var file = WriteFile("in.csv", "external_id\na\n");
        string[] args = ["import", file, "--checkpoint", CheckpointFile];
        Sandbox.FailNext(1, statusCode);

        var first = await RunOnSandbox(args);
        Assert.That(Summary(first.Output), Is.EqualTo((1, 0, 1, 0, 0)));

        var second = await RunOnSandbox(args);
        Assert.That(second.ExitCode, Is.EqualTo(1));
        Assert.That(Summary(second.Output), Is.EqualTo((1, 0, 1, 0, 0)));
        Assert.That(Sandbox.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Refuses_another_input_file_and_leaves_the_checkpoint_alone()
    {
        var one = WriteFile("one.csv", "external_id\na\n");
        await RunOnSandbox("import", one, "--checkpoint", CheckpointFile);
        var before = await File.ReadAllTextAsync(CheckpointFile);
        var other = WriteFile("other.csv", "external_id\nb\n");

        var (exitCode, output, error) = await RunOnSandbox("import", other, "--checkpoint", CheckpointFile);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("belongs to another input file"));
        Assert.That(await File.ReadAllTextAsync(CheckpointFile), Is.EqualTo(before));
        Assert.That(Sandbox.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Refuses_another_server_and_leaves_the_checkpoint_alone()
    {
        var file = WriteFile("in.csv", "external_id\na\n");
        string[] args = ["import", file, "--checkpoint", CheckpointFile];
        await Run([.. args, "--sandbox"]);
        await Run([.. args, "--sandbox"]);
        var before = await File.ReadAllTextAsync(CheckpointFile);

        var (exitCode, output, error) = await RunOnSandbox(args);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(
            error,
            Is.EqualTo(
                $"--checkpoint {CheckpointFile} belongs to the server sandbox, not {Sandbox.ServerUrl}: "
                    + "give that server, or give another checkpoint.\n"
            )
        );
        Assert.That(await File.ReadAllTextAsync(CheckpointFile), Is.EqualTo(before));
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    public async Task Recognizes_a_server_by_a_long_URL_or_another_spelling()
    {
        var file = WriteFile("in.csv", "external_id\na\n");
        var path = new string('p', 500);
        Sandbox.FailNext(1, 422);
        foreach (var end in new[] { "", "/" })
        {
            var url = $"{Sandbox.ServerUrl}{path}{end}";
            string[] args = ["import", file, "--checkpoint", CheckpointFile, "--server-url", url];
            Assert.That((await Run(args)).ExitCode, Is.Not.EqualTo(2));
        }

        Assert.That(Sandbox.Requests, Has.Count.EqualTo(1), "the row is done");
    }

    [TestCase("precious data\n")]
    [TestCase("precious data without an end")]
    [TestCase("orq-contacts checkpoint 2 notes\n")]
    public async Task Does_not_touch_a_file_that_is_not_a_checkpoint(string text)
    {
        WriteFile("checkpoint", text);
        var (exitCode, _, error) = await RunOnSandbox("import", WriteIds(1), "--checkpoint", CheckpointFile);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("is no checkpoint"));
        Assert.That(await File.ReadAllTextAsync(CheckpointFile), Is.EqualTo(text));
    }

    [Test]
    public async Task Refuses_a_damaged_salt()
    {
        string[] args = ["import", WriteIds(1), "--checkpoint", CheckpointFile];
        await RunOnSandbox(args);
        var parts = (await File.ReadAllTextAsync(CheckpointFile)).Split(' ');
        parts[5] = "z" + parts[5][1..];
        await File.WriteAllTextAsync(CheckpointFile, string.Join(' ', parts));
        var (exitCode, _, error) = await RunOnSandbox(args);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("is no checkpoint"));
    }

    [TestCase("x")]
    [TestCase("1x")]
    [TestCase("-2147483648")]
    [TestCase("2147483647")]
    public async Task Refuses_a_damaged_line_in_the_middle(string line)
    {
        var file = WriteFile("in.csv", "external_id\na\nb\n");
        await RunOnSandbox("import", file, "--checkpoint", CheckpointFile);
        await File.AppendAllTextAsync(CheckpointFile, line + "\n1\n");
        var (exitCode, _, error) = await RunOnSandbox("import", file, "--checkpoint", CheckpointFile);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("is no checkpoint, or damaged"));
    }

    [Test]
    public async Task Ignores_half_a_line_at_the_end()
    {
        var file = WriteIds(12);
        await RunOnSandbox("import", file, "--checkpoint", CheckpointFile);
        var text = await File.ReadAllTextAsync(CheckpointFile);
        // As if the process had been killed while writing 12.
        await File.WriteAllTextAsync(CheckpointFile, text.Replace("\n12\n", "\n", StringComparison.Ordinal) + "1");

        var (_, output, _) = await RunOnSandbox("import", file, "--checkpoint", CheckpointFile);

        Assert.That(Summary(output), Is.EqualTo((12, 1, 0, 11, 0)));
        Assert.That(Sandbox.Requests[^1].BodyText, Does.Contain("u11"));
        var lines = await File.ReadAllLinesAsync(CheckpointFile);
        Assert.That(lines[1..].Select(int.Parse).Order(), Is.EqualTo(Enumerable.Range(1, 12)));
    }

    [Test]
    public async Task Refuses_another_key_without_new_key()
    {
        string[] args = ["import", WriteIds(1), "--checkpoint", CheckpointFile];
        await RunOnSandbox(args);
        var before = await File.ReadAllTextAsync(CheckpointFile);
        Assert.That(before, Does.Not.Contain(Sandbox.ApiKey));

        SetEnvironment("ORQ_API_KEY", "rotated");
        var (exitCode, _, error) = await RunOnSandbox(args);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("another API key").And.Contain("--new-key"));
        Assert.That(await File.ReadAllTextAsync(CheckpointFile), Is.EqualTo(before));

        (exitCode, var output, _) = await RunOnSandbox([.. args, "--new-key"]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(Summary(output), Is.EqualTo((1, 0, 0, 1, 0)));
        Assert.That((await RunOnSandbox(args)).ExitCode, Is.Zero, "the new key is recorded");

        SetEnvironment("ORQ_API_KEY", Sandbox.ApiKey);
        Assert.That((await RunOnSandbox(args)).ExitCode, Is.EqualTo(2), "the old key is refused");
    }

    [Test]
    public async Task Rejects_given_only_on_resume_still_contain_the_rows_that_failed_before()
    {
        var file = WriteFile("in.csv", "external_id,email\na,nobody\nb,\nc\n");
        string[] args = ["import", file, "--checkpoint", CheckpointFile];
        await RunOnSandbox(args);

        foreach (var run in new[] { "second", "third" })
        {
            var (exitCode, output, _) = await RunOnSandbox([.. args, "--rejects", Rejects]);
            Assert.That(exitCode, Is.EqualTo(1));
            Assert.That(Summary(output), Is.EqualTo((3, 0, 2, 1, 0)));
            Assert.That(
                ReadRejects().Select(r => r.GetProperty("input").GetString()),
                Is.EqualTo(new[] { "a,nobody", "c" }),
                run
            );
        }
    }

    [Test]
    public async Task Retry_rejected_sends_the_rows_again_that_failed_for_good()
    {
        Sandbox.FailNext(2, 422);
        string[] args = ["import", WriteIds(3), "--checkpoint", CheckpointFile, "--rejects", Rejects];
        Assert.That(Summary((await RunOnSandbox(args)).Output), Is.EqualTo((3, 1, 2, 0, 0)));
        Sandbox.FailNext(1, 422);

        var (exitCode, output, _) = await RunOnSandbox([.. args, "--retry-rejected"]);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((3, 1, 1, 1, 0)));
        Assert.That(ReadRejects(), Has.Count.EqualTo(1), "a row that was sent is no longer a reject");
        (exitCode, output, _) = await RunOnSandbox([.. args, "--retry-rejected"]);
        Assert.That(exitCode, Is.Zero);
        Assert.That(Summary(output), Is.EqualTo((3, 1, 0, 2, 0)));
        (exitCode, output, _) = await RunOnSandbox(args);
        Assert.That((exitCode, Summary(output)), Is.EqualTo((0, (3L, 0L, 0L, 3L, 0L))));
    }

    [Test]
    public async Task A_row_that_failed_in_one_shard_stays_there_when_it_becomes_a_contact()
    {
        // By its number it is in the second shard, by its external id in the first.
        var file = WriteFile("in.jsonl", """{"external_id":"user_12345","foo":1}""");
        string[] args = ["import", file, "--shard", "1/2", "--checkpoint", CheckpointFile, "--rejects", Rejects];
        Assert.That(Summary((await RunOnSandbox(args)).Output), Is.EqualTo((1, 0, 1, 0, 0)));

        var (_, output, error) = await RunOnSandbox([.. args, "--retry-rejected", "--ignore-columns"]);

        Assert.That(Summary(output), Is.EqualTo((1, 1, 0, 0, 0)), error);
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"user_12345"}"""));
    }

    [TestCase("--checkpoint")]
    [TestCase("--rejects")]
    public async Task Two_runs_cannot_share_a_file(string option)
    {
        var path = Path.Combine(Folder, "shared");
        await using var other = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var (exitCode, _, error) = await RunOnSandbox("import", WriteIds(1), option, path);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith($"{option}: ").And.Contain(path));
    }
}
