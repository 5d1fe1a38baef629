using System.Text;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Exit codes, standard streams, and a document that is replaced completely or not at all.</summary>
public sealed class CommandTests
{
    private string _folder = "";
    private string _document = "";

    [SetUp]
    public void CreateRepository()
    {
        _folder = Directory.CreateTempSubdirectory("refresh").FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "openapi"));
        _document = Path.Combine(_folder, "openapi", "contacts.yaml");
        File.WriteAllText(Config, Contacts.Config);
        File.WriteAllText(_document, Contacts.Made);
    }

    [TearDown]
    public void DeleteRepository() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Exits_silently_with_0_if_nothing_changes() =>
        Assert.That(Run(Contacts.Latest("2027-01-01T00:00:00Z", "Other words")), Is.EqualTo((0, "", "")));

    [Test]
    public void Writes_and_reports_a_compatible_change_and_exits_with_0()
    {
        var more = Contacts
            .Latest()
            .Replace(
                "_id: {type: string, format: ulid}",
                "nickname: {type: string}\n                  _id: {type: string, format: ulid}"
            );
        var (code, report, _) = Run(more);

        Assert.That(code, Is.Zero, report);
        Assert.That(report, Does.StartWith("# Changes for users of the client"));
        Assert.That(File.ReadAllText(_document), Does.Contain("nickname"));
        Assert.That(Run(more).Code, Is.Zero, "nothing to do the second time");
        Assert.That(
            Directory.GetFiles(Path.Combine(_folder, "openapi")),
            Has.Length.EqualTo(2),
            "no temporary file is left"
        );
    }

    [Test]
    public void Writes_a_breaking_change_and_exits_with_3()
    {
        var (code, report, _) = Run(Contacts.First);

        Assert.That(code, Is.EqualTo(3), report);
        Assert.That(File.ReadAllText(_document), Does.Contain("format: uuid"));
    }

    [Test]
    public void Check_writes_nothing_and_exits_with_1_if_the_document_is_out_of_date()
    {
        var before = File.ReadAllText(_document);
        var (code, report, error) = Check(Contacts.First);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(report, Does.Contain("**Breaking:**"));
        Assert.That(error, Does.EndWith($"{_document} is out of date\n"));
        Assert.That(File.ReadAllText(_document), Is.EqualTo(before));
        Assert.That(Check(Contacts.Latest()).Code, Is.Zero);
    }

    [TestCase("swagger: \"2.0\"\n", "standard input is not an OpenAPI 3 document; its version is 2.0\n")]
    [TestCase("paths: {}\n", "standard input is not an OpenAPI 3 document; its version is missing\n")]
    [TestCase("openapi: 3.1.0\n", "standard input has no 'paths'\n")]
    public void Bad_input_leaves_the_document_untouched_and_exits_with_2_and_one_line(string upstream, string line)
    {
        Assert.That(Run(upstream), Is.EqualTo((2, "", line)));
        Assert.That(File.ReadAllText(_document), Is.EqualTo(Contacts.Made));
    }

    [TestCase("no-such-file.yaml", "Could not find file '")]
    [TestCase(".", "Access to the path '")]
    public void A_file_that_cannot_be_read_exits_with_2(string file, string reason)
    {
        var (code, output, error) = Run("", file, "--config", Config, "--output", _document);

        Assert.That((code, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.StartWith(reason).And.Contain(Path.GetFileName(Path.GetFullPath(file))));
    }

    [Test]
    public void An_output_that_cannot_be_written_exits_with_2()
    {
        var output = Path.Combine(_folder, "no", "folder.yaml");

        var (code, _, error) = Run(Contacts.Latest(), "-", "--config", Config, "--output", output);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Match("^[^\n]+/no/folder.yaml[^\n]+\n$"));
    }

    [Test]
    public void A_report_that_cannot_be_written_leaves_the_document_untouched()
    {
        var upstream = Path.Combine(_folder, "upstream.yaml");
        File.WriteAllText(upstream, Contacts.First);
        using var full = new FullWriter();
        using var error = new StringWriter();

        var code = OrqGenerated.Refresh.Program.Run(
            [upstream, "--config", Config, "--output", _document],
            () => Stream.Null,
            full,
            error
        );

        Assert.That(code, Is.EqualTo(2), error.ToString());
        Assert.That(File.ReadAllText(_document), Is.EqualTo(Contacts.Made));
    }

    [TestCase("refresh.yaml", "contacts.yaml")]
    [TestCase("a.refresh.yaml", "a.yaml")]
    [TestCase("a.refresh.b.refresh.yaml", "a.refresh.b.yaml")]
    public void Writes_the_document_beside_its_configuration(string config, string document)
    {
        File.Delete(_document);
        var file = Path.Combine(_folder, "openapi", config);
        File.WriteAllText(file, Contacts.Config);

        Assert.That(Run(Contacts.Latest(), "-", "--config", file).Code, Is.Zero);
        Assert.That(File.ReadAllText(Path.Combine(_folder, "openapi", document)), Is.EqualTo(Contacts.Made));
    }

    [Test]
    public void Any_other_configuration_needs_an_explicit_output()
    {
        var file = Path.Combine(_folder, "a.refresh.b.yaml");
        File.WriteAllText(file, Contacts.Config);

        Assert.That(
            Run(Contacts.Latest(), "-", "--config", file),
            Is.EqualTo((2, "", $"--output has to name the document of {file}\n"))
        );
    }

    [Test]
    public void Refuses_and_keeps_an_existing_document_that_cannot_be_read()
    {
        const string Conflict = "<<<<<<< ours\n";
        File.WriteAllText(_document, Conflict);
        var (code, report, error) = Run(Contacts.Latest());

        Assert.That((code, report), Is.EqualTo((2, "")), "nobody can tell whether something breaks");
        Assert.That(error, Does.StartWith($"{_document} "));
        Assert.That(File.ReadAllText(_document), Is.EqualTo(Conflict));
    }

    [TestCase("-", "--config")]
    [TestCase("-", "--output", "")]
    [TestCase]
    public void Wrong_usage_exits_with_2_and_one_line(params string[] arguments)
    {
        var (code, _, error) = Run("", arguments);

        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Match("^[^\n]+ \\(--help explains\\)\n$"));
    }

    [Test]
    public void Help_explains_the_exit_codes()
    {
        var (code, help, _) = Run("", "--help");

        Assert.That(code, Is.Zero);
        Assert.That(help, Does.Contain("Exit codes:").And.Contain("--check"));
    }

    private string Config => Path.Combine(_folder, "openapi", "refresh.yaml");

    private (int Code, string Output, string Error) Run(string upstream) =>
        Run(upstream, "-", "--config", Config, "--output", _document);

    private (int Code, string Output, string Error) Check(string upstream) =>
        Run(upstream, "-", "--config", Config, "--output", _document, "--check");

    private static (int Code, string Output, string Error) Run(string upstream, params string[] arguments) =>
        Refreshing.Command(Encoding.UTF8.GetBytes(upstream), arguments);

    private sealed class FullWriter : StringWriter
    {
        public override void Write(string? value) => throw new IOException("No space left on device");
    }
}
