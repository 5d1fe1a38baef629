using System.Text;
using System.Text.Json;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Cli;

/// <summary>Rows that are not contacts, where they are kept, and how they are imported again.</summary>
internal sealed class ImportRowTests : CliTest
{
    [Test]
    public async Task Reports_and_keeps_failed_rows_and_continues()
    {
        var file = WriteFile(
            "in.csv",
            "external_id,email,metadata\n"
                + "a,nobody,\n"
                + " ,x@y.z,\n"
                + "b,,notjson\n"
                + "c,\n"
                + "d\"x,,\n"
                + "ok,,\n"
                + "\\N,,\n"
                + $"{new string('x', 121)},,\n"
                + ",y@y.z,\n"
                + "e,,,extra\n"
                + "f\0,,\n"
        );

        var (exitCode, output, error) = await RunOnSandbox("import", file, "--rejects", Rejects);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((11, 1, 10, 0, 0)));
        Assert.That(EndedBy(output), Is.Null);
        var lines = ReadRejects().ToDictionary(line => line.GetProperty("row").GetInt32());
        Assert.Multiple(() =>
        {
            Assert.That(Error(1), Does.Contain("email must be an e-mail address"));
            Assert.That(Error(2), Is.EqualTo("external_id is blank"));
            Assert.That(Error(3), Does.StartWith("metadata: not JSON"));
            Assert.That(Error(4), Is.EqualTo("has 2 cells, but the header has 3"));
            Assert.That(Error(5), Does.StartWith("a quote inside a cell"));
            Assert.That(Error(7), Is.EqualTo("external_id: must not be null"));
            Assert.That(Error(8), Does.StartWith("external_id must have at most 120"));
            Assert.That(Error(9), Is.EqualTo("external_id is missing"));
            Assert.That(Error(10), Is.EqualTo("has 4 cells, but the header has 3"));
            Assert.That(Error(11), Is.EqualTo("not UTF-8 text"));
            Assert.That(lines[3].GetProperty("line").GetInt32(), Is.EqualTo(4));
            Assert.That(lines[3].GetProperty("input").GetString(), Is.EqualTo("b,,notjson"));
            Assert.That(error, Does.Contain("row 4 (line 5): has 2 cells"));
        });

        string? Error(int row) => lines[row].GetProperty("error").GetString();
    }

    [TestCase(" ", null)]
    [TestCase("[]", "[]")]
    public async Task A_blank_cell_leaves_the_tags_unchanged_and_an_empty_list_removes_them(string cell, string? tags)
    {
        var file = WriteFile("in.csv", $"external_id,tags\na,{cell}\n");
        var (exitCode, _, error) = await RunOnSandbox("import", file);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(
            OnlyBody(),
            Is.EqualTo(tags is null ? """{"external_id":"a"}""" : $$"""{"external_id":"a","tags":{{tags}}}""")
        );
    }

    [Test]
    public async Task Reports_the_first_ten_malformed_JSON_lines_and_sends_the_others()
    {
        const string Text = """
            oops
            {"external_id":"a"}
            {"external_id":
            [1]
            {"external_id":"b","emial":1}
            {"external_id":"c","metadata":{"k":["\ud800"]}}
            {"external_id":"d","\ud800":1}
            {"external_id":"e","metadata":[]}
            {"external_id":"f","email":7}
            {"external_id":"g","tags":"x"}
            {"external_id":"h","externalId":"i"}
            {"external_id":null}
            {"external_id":"j"}
            """;

        var (exitCode, output, error) = await RunOnSandbox("import", WriteFile("in.jsonl.gz", Gzip.Compress(Text)));

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((13, 2, 11, 0, 0)));
        string[] expected =
        [
            "row 1 (line 1): not JSON at byte 1",
            "row 3 (line 3): not JSON at byte 16",
            "row 4 (line 4): not a JSON object",
            "row 5 (line 5): \"emial\" is not a field of a contact; did you mean email?",
            "row 6 (line 6): not valid Unicode",
            "row 7 (line 7): not valid Unicode",
            "row 8 (line 8): metadata: must be a JSON object",
            "row 9 (line 9): email: must be a string",
            "row 10 (line 10): tags: must be a list of strings",
            "row 11 (line 11): \"external_id\" and \"externalId\" are both external_id",
            "Further rows that fail are not shown; --rejects FILE keeps them all.",
        ];
        Assert.That(error.TrimEnd().Split('\n'), Is.EqualTo(expected));
    }

    [TestCase("u3;\"open;\n")]
    [TestCase("u3;open;\"\n")]
    public async Task An_unclosed_quote_costs_its_row_which_can_be_corrected_and_imported(string badRow)
    {
        var rows = Rows(500, i => $"u{i};\"n; {i}\";");
        var file = WriteFile("in.csv", "external_id;display_name;tags\n" + badRow + rows + "last;\"x;\n");

        var (exitCode, output, error) = await RunOnSandbox("import", file, "--rejects", Rejects);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((502, 500, 2, 0, 0)), error);
        Assert.That(error, Does.Contain("row 1 (line 2): a quote that is never closed"));
        Assert.That(error, Does.Contain("row 502 (line 503): a quote that is never closed"));

        var rejects = await File.ReadAllTextAsync(Rejects);
        await File.WriteAllTextAsync(Rejects, rejects.Replace("\\\"", "", StringComparison.Ordinal));
        (exitCode, output, error) = await RunOnSandbox("import", Rejects);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));
        Assert.That(Bodies(), Has.Some.EqualTo("""{"external_id":"last","display_name":"x"}"""));
    }

    [TestCase("")]
    [TestCase("\"")]
    public async Task Rejects_a_row_that_is_too_long_and_continues_after_it(string quote)
    {
        var file = WriteFile("in.csv", $"external_id,email\na,{quote}{new string('x', 17 << 20)}\nb,\n");

        var (exitCode, output, error) = await RunOnSandbox("import", file);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
        Assert.That(error, Does.StartWith("row 1 ").And.Contain("longer than 16 MiB"));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"b"}"""));
    }

    [Test]
    public async Task Finds_an_unclosed_quote_in_a_long_file_without_other_quotes()
    {
        var rows = Rows(17, _ => $"b,{new string('x', 1 << 20)}");
        var file = WriteFile("in.csv", "external_id,email\na,\"open\n" + rows + "c,\n");
        var (_, output, error) = await RunOnSandbox("import", file, "--dry-run");
        Assert.That(Summary(output), Is.EqualTo((19, 18, 1, 0, 0)));
        Assert.That(error, Does.StartWith("row 1 (line 2): a quote that is never closed"));
    }

    [TestCase("in.csv", "external_id,email\n\"?\",x\nb,\n")]
    [TestCase("in.jsonl", "{\"external_id\":\"?\",\"email\":\"x\"}\n{\"external_id\":\"b\"}\n")]
    public async Task Keeps_the_bytes_of_a_row_that_is_not_UTF8_and_does_not_send_it(string name, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xE9;

        var (exitCode, output, error) = await RunOnSandbox("import", WriteFile(name, bytes), "--rejects", Rejects);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((2, 1, 1, 0, 0)));
        Assert.That(error, Does.Contain("row 1 ").And.Contain("not UTF-8"));
        var kept = ReadRejects().Single().GetProperty("input_base64").GetBytesFromBase64();
        Assert.That(bytes.AsSpan().IndexOf(kept), Is.GreaterThanOrEqualTo(0), "unchanged");

        var again = Path.Combine(Folder, "again.jsonl");
        (_, output, error) = await RunOnSandbox("import", Rejects, "--rejects", again);
        Assert.That(Summary(output), Is.EqualTo((1, 0, 1, 0, 0)));
        Assert.That(error, Does.Contain("not UTF-8"), "the same row");
        var reject = JsonDocument.Parse(await File.ReadAllTextAsync(again)).RootElement;
        Assert.That(reject.GetProperty("input_base64").GetBytesFromBase64(), Is.EqualTo(kept));
    }

    [TestCase("in.csv", "user,E-Mail,Plan\na,nobody,\"p,q\"\n")]
    [TestCase("in.jsonl", "{\"user\":\"a\",\"E-Mail\":\"nobody\",\"Plan\":\"p,q\"}\r\n")]
    public async Task Rejects_are_imported_without_the_options_of_the_first_import(string name, string text)
    {
        string[] options = ["--map", "user=external_id", "--metadata-columns", "--rejects", Rejects];
        await RunOnSandbox(["import", WriteFile(name, text), .. options]);
        var rejects = await File.ReadAllTextAsync(Rejects);
        var corrected = WriteFile("corrected.jsonl", rejects.Replace("nobody", "a@b.c", StringComparison.Ordinal));

        var (exitCode, _, error) = await RunOnSandbox("import", corrected);

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(Bodies().Last(), Is.EqualTo("""{"external_id":"a","email":"a@b.c","metadata":{"Plan":"p,q"}}"""));
    }

    [TestCase("in.csv", "external_id,email,display_name\na,\\N,x\n")]
    [TestCase("in.jsonl", "{\"external_id\":\"a\",\"email\":null,\"display_name\":\"x\"}\n")]
    public async Task Null_stays_absent_when_a_reject_is_imported(string name, string text)
    {
        Sandbox.FailNext(2, 422);
        await RunOnSandbox("import", WriteFile(name, text), "--null", "absent", "--rejects", Rejects);
        var again = Path.Combine(Folder, "again.jsonl");
        await RunOnSandbox("import", Rejects, "--rejects", again);

        var (exitCode, _, error) = await RunOnSandbox("import", again);

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(Bodies(), Is.All.EqualTo("""{"external_id":"a","display_name":"x"}"""));
    }

    [Test]
    public async Task Options_for_columns_and_null_apply_to_a_reject_that_was_a_JSON_line()
    {
        var file = WriteFile("in.jsonl", """{"external_id":"a","email":null,"plan":"x"}""");
        await RunOnSandbox("import", file, "--rejects", Rejects);

        var (exitCode, _, error) = await RunOnSandbox("import", Rejects, "--ignore-columns", "--null", "absent");

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a"}"""));
    }

    [Test]
    public async Task A_reject_that_is_too_long_keeps_its_row_and_columns_when_rejected_again()
    {
        var row = $"a,{new string('x', 16 << 20)}";
        await RunOnSandbox("import", WriteFile("in.csv", $"external_id,email\n{row}\n"), "--rejects", Rejects);
        var file = WriteFile("again.jsonl", await File.ReadAllBytesAsync(Rejects));

        var (exitCode, _, error) = await RunOnSandbox("import", file, "--rejects", Rejects);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("longer than 16 MiB"));
        var reject = ReadRejects().Single();
        Assert.That(reject.GetProperty("input").ValueEquals(row), Is.True, "the row unchanged");
        Assert.That(
            reject.GetProperty("format").GetProperty("columns").GetRawText(),
            Is.EqualTo("""["external_id","email"]""")
        );
    }

    [TestCase("\"input\":7", "\"$type\":\"json\",\"columns\":{\"map\":{}}")]
    [TestCase("\"input\":\"a\"", "\"$type\":\"csv\",\"columns\":[\"external_id\"]")]
    [TestCase("\"input\":\"a\"", "\"$type\":\"csv\",\"delimiter\":\",\",\"columns\":null")]
    [TestCase("\"input\":\"a\"", "\"$type\":\"tsv\"")]
    [TestCase("\"input\":\"a\"", "\"columns\":{\"map\":{}}")]
    [TestCase("\"output\":1", "\"$type\":\"json\",\"columns\":{\"map\":{}}")]
    [TestCase("\"input\":\"a,b\"", "\"$type\":\"csv\",\"delimiter\":\",\",\"columns\":[\"external_id\",\"emial\"]")]
    [TestCase("\"input\":\"a\"", "\"$type\":\"csv\",\"delimiter\":\"\\\"\",\"columns\":[\"external_id\"]")]
    public async Task A_badly_corrected_reject_fails_again(string input, string format)
    {
        var line = "{\"row\":1,\"line\":2,\"error\":\"e\"," + input + ",\"format\":{" + format + "}}";
        var (exitCode, _, error) = await RunOnSandbox("import", WriteFile("r.jsonl", line));
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(error, Does.Contain("neither a contact nor a reject of an import"));
    }

    [Test]
    public async Task Only_a_run_with_a_result_replaces_earlier_rejects()
    {
        await File.WriteAllTextAsync(Rejects, "precious\n");
        var bad = WriteFile("bad.csv", "external_id,emial\na,b\n");
        await RunOnSandbox("import", bad, "--rejects", Rejects);
        Assert.That(await File.ReadAllTextAsync(Rejects), Is.EqualTo("precious\n"));

        SetEnvironment("ORQ_API_KEY", "wrong");
        await RunOnSandbox("import", WriteIds(2), "--rejects", Rejects);
        Assert.That(await File.ReadAllTextAsync(Rejects), Is.EqualTo("precious\n"));

        SetEnvironment("ORQ_API_KEY", Sandbox.ApiKey);
        await RunOnSandbox("import", WriteIds(2), "--rejects", Rejects);
        Assert.That(await File.ReadAllTextAsync(Rejects), Is.Empty);
    }

    [Test]
    public async Task A_dry_run_checks_every_row_without_a_key_or_a_server()
    {
        SetEnvironment("ORQ_API_KEY", null);
        var file = WriteFile("in.csv", $"external_id,email\na,\n{new string('x', 121)},\nb,notanemail\n");

        var (exitCode, output, error) = await RunOnSandbox("import", file, "--dry-run", "--checkpoint", CheckpointFile);

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(Summary(output), Is.EqualTo((3, 2, 1, 0, 0)));
        var summary = JsonDocument.Parse(output).RootElement;
        Assert.That(summary.GetProperty("dry_run").GetBoolean(), Is.True);
        Assert.That(summary.GetProperty("warnings").GetInt64(), Is.EqualTo(1));
        Assert.That(error, Does.Contain("row 2 ").And.Contain("at most 120"));
        Assert.That(error, Does.Contain("row 3 (line 4): warning: email must be"));
        Assert.That(Sandbox.Requests, Is.Empty);
        Assert.That(File.Exists(CheckpointFile), Is.False);
    }

    [Test]
    public async Task A_dry_run_checks_the_server_URL()
    {
        SetEnvironment("ORQ_API_KEY", null);
        string[] args = ["import", WriteIds(1), "--dry-run", "--server-url", "http://example.com"];
        var (exitCode, output, error) = await Run(args);
        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith("--server-url: "));
    }

    [Test]
    public async Task A_dry_run_never_replaces_rejects()
    {
        var file = WriteFile("in.csv", $"external_id\n{new string('x', 121)}\n");
        string[] args = ["import", file, "--rejects", Rejects, "--dry-run"];
        Assert.That((await RunOnSandbox(args)).ExitCode, Is.EqualTo(1));
        var before = await File.ReadAllTextAsync(Rejects);
        Assert.That(before, Does.Contain("at most 120"), "a new file is written");

        var (exitCode, output, error) = await RunOnSandbox(args);

        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("is not empty"));
        Assert.That(await File.ReadAllTextAsync(Rejects), Is.EqualTo(before));
    }
}
