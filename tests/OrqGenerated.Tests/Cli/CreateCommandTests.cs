using System.Text;
using System.Text.Json;
using OrqGenerated.Tests.Support;

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
    public async Task Sends_a_value_after_an_equals_sign_literally()
    {
        var (exitCode, _, error) = await RunOnSandbox("create", "--external-id", "a", "--display-name=-v");
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a","display_name":"-v"}"""));
    }

    [Test]
    public async Task A_value_may_be_spelled_like_an_option_that_is_also_given()
    {
        var (exitCode, _, error) = await RunOnSandbox("create", "--external-id", "a", "--tag=-v", "-v");
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(error, Does.Contain("attempt 1"));
        Assert.That(OnlyBody(), Is.EqualTo("""{"external_id":"a","tags":["-v"]}"""));
    }

    [Test]
    public async Task Needs_no_key_with_its_own_sandbox()
    {
        SetEnvironment("ORQ_API_KEY", null);
        var (exitCode, output, error) = await Run(["create", "--sandbox", "--external-id", "a"]);
        Assert.That((exitCode, error), Is.EqualTo((0, "")));
        Assert.That(JsonDocument.Parse(output).RootElement.GetProperty("external_id").GetString(), Is.EqualTo("a"));
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
    [TestCase("--max-elapsed -1: give a time", "--external-id", "a", "--max-elapsed", "-1")]
    [TestCase("--timeout 0: give a time", "--external-id", "a", "--timeout", "0")]
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

    [TestCase("{", "not JSON at byte 2")]
    [TestCase("[]", "not a JSON object")]
    [TestCase("""{"external_id":"a","emial":"x"}""", "\"emial\" is not a field of a contact; did you mean email?")]
    [TestCase("""{"external_id":"a","externalId":"b"}""", "\"external_id\" and \"externalId\" are both external_id")]
    [TestCase("""{"external_id":null}""", "external_id: must not be null")]
    [TestCase("""{"external_id":"a","email":7}""", "email: must be a string")]
    [TestCase("""{"external_id":"a","tags":"x"}""", "tags: must be a list")]
    [TestCase("""{"external_id":"a","metadata":[]}""", "metadata: must be a JSON object")]
    [TestCase("""{"external_id":"\ud800"}""", "not valid Unicode")]
    public async Task Says_what_is_wrong_with_a_JSON_contact(string json, string expected)
    {
        var (exitCode, _, error) = await RunOnSandbox("create", "--json", WriteFile("contact.json", json));
        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(error, Does.Contain("contact.json").And.Contain(expected));
    }

    [TestCase("ftp://x", "neither http nor https")]
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
    public async Task Exits_with_130_if_interrupted()
    {
        using var interruption = new CancellationTokenSource();
        Sandbox.FailNext(1, 503, [new("Retry-After", "30")]);
        var run = Run(On(Sandbox, "create", "--external-id", "a"), cancellationToken: interruption.Token);
        await interruption.CancelAsync();
        var (exitCode, output, error) = await run;
        Assert.That((exitCode, output), Is.EqualTo((130, "")));
        Assert.That(error, Does.EndWith("Interrupted.\n"));
    }

    [Test]
    public async Task Reports_an_unreachable_server_before_the_first_retry_and_exits_with_4()
    {
        await Sandbox.DisposeAsync();
        var time = new FakeTimeProvider { AutoAdvance = wait => wait < TimeSpan.FromSeconds(1) };
        var args = On(Sandbox, "create", "--external-id", "a", "--max-elapsed", "700ms");
        var (exitCode, output, error) = await Run(args, time: time);
        Assert.That((exitCode, output), Is.EqualTo((4, "")));
        Assert.That(error, Does.Match("^attempt 1 failed, the server cannot be reached; trying again in 0.[3-7] s\n"));
        Assert.That(error, Does.Contain("Connection refused"));
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
