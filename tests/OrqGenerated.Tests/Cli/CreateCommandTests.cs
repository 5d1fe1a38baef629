using System.Text;
using System.Text.Json;

namespace OrqGenerated.Tests.Cli;

internal sealed class CreateCommandTests : CliTest
{
    [Test]
    public async Task Sends_every_flag_and_prints_the_contact()
    {
        string[] strings = ["--display-name", "Jane", "--email", "j@x.example", "--avatar-url", "https://x.io/1"];
        string[] lists = ["--tag", "premium", "--tag", "beta-user"];
        string[] maps = ["--metadata", "department=\"Engineering\"", "--metadata", "score=1.50"];
        var (exitCode, output, error) = await RunOnSandbox([
            "create",
            "--external-id",
            "u1",
            .. strings,
            .. lists,
            .. maps,
        ]);

        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(
            OnlyBody(),
            Is.EqualTo(
                """
                {"external_id":"u1","display_name":"Jane","email":"j@x.example","avatar_url":"https://x.io/1",
                "tags":["premium","beta-user"],"metadata":{"department":"Engineering","score":1.50}}
                """.ReplaceLineEndings("")
            )
        );
        Assert.That(output, Does.Contain("\n  \"external_id\": \"u1\","), "indented JSON");
        Assert.That(
            JsonDocument.Parse(output).RootElement.GetProperty("metadata").GetProperty("score").GetRawText(),
            Is.EqualTo("1.50")
        );
    }

    [Test]
    public async Task Sends_a_leading_at_sign_literally()
    {
        var tag = "@" + WriteFile("vip", "--tag");
        var (exitCode, _, error) = await RunOnSandbox("create", "--external-id", "@jane", "--tag", tag);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(OnlyBody(), Is.EqualTo($$"""{"external_id":"@jane","tags":["{{tag}}"]}"""));
    }

    [Test]
    public async Task A_value_may_be_spelled_like_an_option_that_is_also_given()
    {
        var (exitCode, _, error) = await RunOnSandbox("create", "--external-id", "a", "--tag=-v", "-v");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("attempt 1"));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a","tags":["-v"]}"""));
    }

    [TestCase(null)]
    [TestCase("")]
    public async Task Without_a_key_says_what_to_set(string? key)
    {
        SetEnvironment("ORQ_API_KEY", key);
        var (exitCode, output, error) = await RunOnSandbox("create", "--external-id", "a");
        Assert.That((exitCode, output), Is.EqualTo((2, "")));
        Assert.That(error, Does.Contain("ORQ_API_KEY").And.Contain("--sandbox"));
        Assert.That(error.TrimEnd('\n'), Does.Not.Contain("\n"), "one line");
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    public async Task Names_the_variable_of_an_invalid_key()
    {
        SetEnvironment("ORQ_API_KEY", "two words");
        var (exitCode, _, error) = await RunOnSandbox("create", "--external-id", "a");
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("ORQ_API_KEY: ").And.Not.Contain("two words"));
    }

    [Test]
    public async Task Exits_with_3_if_the_key_is_refused()
    {
        SetEnvironment("ORQ_API_KEY", "wrong");
        var (exitCode, output, error) = await RunOnSandbox("create", "--external-id", "a");
        Assert.That((exitCode, output), Is.EqualTo((3, "")));
        Assert.That(error, Does.Contain("invalid_api_key").And.Not.Contain("wrong"));
    }

    [Test]
    public async Task Reports_why_the_server_refuses_a_contact()
    {
        var (exitCode, output, error) = await RunOnSandbox("create", "--external-id", "a", "--email", "nobody");
        Assert.That((exitCode, output), Is.EqualTo((1, "")));
        Assert.That(error, Does.Contain("400").And.Contain("email must be an e-mail address"));
    }

    [Test]
    public async Task The_timeout_covers_all_attempts()
    {
        Sandbox.FailNext(1, 429, [new("Retry-After", "30")]);
        var (exitCode, _, error) = await RunOnSandbox("create", "--external-id", "a", "--timeout", "5s");
        Assert.That(exitCode, Is.EqualTo(1), "no wait begins that would exceed the limit, so the 429 is reported");
        Assert.That(error, Does.Contain("429"));
        Assert.That(Sandbox.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Clear_flags_set_null()
    {
        string[] flags = ["--clear-display-name", "--clear-email", "--clear-avatar-url"];
        await RunOnSandbox(["create", "--external-id", "a", .. flags]);
        Assert.That(
            OnlyBody(),
            Is.EqualTo("""{"external_id":"a","display_name":null,"email":null,"avatar_url":null}""")
        );
    }

    [Test]
    public async Task Flags_override_the_contact_from_a_file()
    {
        var file = WriteFile(
            "contact.json",
            """
            {"external_id":"a","display_name":"A","email":"a@x.example",
            "tags":["old"],"metadata":{"big":1e400,"level":1}}
            """
        );
        string[] flags = ["--display-name", "B", "--clear-email", "--tag", "new", "--metadata", "level=2"];
        await RunOnSandbox(["create", "--json", file, .. flags]);
        Assert.That(
            OnlyBody(),
            Is.EqualTo(
                """{"external_id":"a","display_name":"B","email":null"""
                    + ""","tags":["new"],"metadata":{"big":1e400,"level":2}}"""
            )
        );
    }

    [Test]
    public async Task Reads_the_contact_from_standard_input()
    {
        using var input = InputOf("\uFEFF{\"external_id\":\"a\",\"display_name\":null}");
        var (exitCode, _, error) = await Run(On(Sandbox, "create", "--json", "-"), input);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a","display_name":null}"""));
    }

    [Test]
    public async Task Reads_a_long_contact_in_large_pieces()
    {
        using var input = new CountingStream("{\"external_id\":\"" + new string('x', 1_000_000) + "\"}");
        var (exitCode, _, error) = await Run(["create", "--sandbox", "--json", "-"], input);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("at most 120"), "it has been read");
        Assert.That(input.Reads, Is.LessThan(100));
    }

    [TestCase("--external-id is missing")]
    [TestCase("--external-id is blank", "--external-id", " ")]
    [TestCase("external_id must have at least 1 characters", "--external-id", "")]
    [TestCase("--timeout abc: give a time", "--external-id", "a", "--timeout", "abc")]
    [TestCase("--max-elapsed 0: give a time", "--external-id", "a", "--max-elapsed", "0")]
    [TestCase("--metadata k: not valid Unicode", "--external-id", "a", "--metadata", "k=\"\\ud800\"")]
    [TestCase("--email needs a value", "--external-id", "a", "--email", "--tag", "b")]
    [TestCase("--email needs a value", "--external-id", "a", "--email=", "--tag", "b")]
    [TestCase("--email needs a value", "--external-id", "a", "--email", "--tag=b")]
    [TestCase("--external-id needs a value", "--external-id", "a", "--external-id")]
    [TestCase("'--external-id' expects a single", "--external-id", "a", "--external-id", "b")]
    [TestCase("--tag needs a value", "--external-id", "a", "--tag", "b", "--tag")]
    [TestCase("--metadata k: not JSON", "--external-id", "a", "--metadata", "k=notjson")]
    [TestCase("--metadata: give KEY=JSON", "--external-id", "a", "--metadata", "k")]
    [TestCase("--email and --clear-email", "--external-id", "a", "--email", "a@b", "--clear-email")]
    [TestCase("--json nowhere.json", "--json", "nowhere.json")]
    [TestCase("--sandbox and --server-url", "--external-id", "a", "--sandbox")]
    [TestCase("--bogus", "--external-id", "a", "--bogus")]
    public async Task Says_what_is_wrong_with_the_command_line(string expected, params string[] args)
    {
        var (exitCode, output, error) = await RunOnSandbox(["create", .. args]);
        Assert.That((exitCode, output), Is.EqualTo((2, "")), error);
        Assert.That(error, Does.Contain(expected));
        Assert.That(Sandbox.Requests, Is.Empty);
    }

    [Test]
    public async Task Names_the_file_of_an_invalid_contact()
    {
        var file = WriteFile("contact.json", """{"external_id":"a","emial":"x"}""");
        var (exitCode, _, error) = await RunOnSandbox("create", "--json", file);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Is.EqualTo($"--json {file}: \"emial\" is not a field of a contact; did you mean email?\n"));
    }

    [TestCase("contacts", "is not absolute")]
    [TestCase("https://", "Invalid URI")]
    [TestCase("http://example.com", "the key only travels over https")]
    public async Task Says_what_is_wrong_with_a_server_URL(string url, string expected)
    {
        var (exitCode, _, error) = await Run(["create", "--external-id", "a", "--server-url", url]);
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("--server-url: ").And.Contain(expected));
    }

    [Test]
    public async Task Exits_with_4_if_the_server_is_unreachable()
    {
        await Sandbox.DisposeAsync();
        var (exitCode, output, error) = await RunOnSandbox("create", "--external-id", "a", "--max-elapsed", "1ms");
        Assert.That((exitCode, output), Is.EqualTo((4, "")));
        Assert.That(error, Does.Contain("Connection refused"));
    }

    [Test]
    public async Task Reports_each_retry_before_it_waits_and_exits_with_130_if_interrupted()
    {
        await Sandbox.DisposeAsync();
        using var interruption = new CancellationTokenSource();
        using var error = new InterruptingWriter("attempt 2 failed", interruption);
        var args = On(Sandbox, "create", "--external-id", "a");
        var (exitCode, output, _) = await Run(args, error: error, cancellationToken: interruption.Token);
        Assert.That((exitCode, output), Is.EqualTo((130, "")));
        Assert.That(
            error.ToString(),
            Does.Match(
                """
                ^attempt 1 failed, the server cannot be reached; trying again in 0\.[3-6] s
                attempt 2 failed, the server cannot be reached; trying again in 0\.[5-9] s
                Interrupted\.
                $
                """
            )
        );
    }

    [Test]
    public async Task Help_names_every_command_with_examples_and_exit_codes()
    {
        var alone = await Run([]);
        var (exitCode, output, error) = await Run(["--help"]);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(alone, Is.EqualTo((exitCode, output, error)), "no arguments mean --help");
        string[] expected = ["create", "import", "sandbox", "Exit codes:", "130", "Examples:"];
        Assert.That(expected, Has.All.Matches<string>(part => output.Contains(part)), output);
        foreach (var command in new[] { "create", "import", "sandbox" })
        {
            (exitCode, output, _) = await Run([command, "--help"]);
            Assert.That(exitCode, Is.Zero);
            Assert.That(output, Does.Contain($"  orq-contacts {command} "));
        }
    }

    private sealed class CountingStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            return base.ReadAsync(buffer, cancellationToken);
        }
    }
}
