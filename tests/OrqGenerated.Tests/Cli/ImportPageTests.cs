using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrqGenerated.Tests.Docs;
using OrqGenerated.Tests.Support;
using YamlDotNet.Serialization;

namespace OrqGenerated.Tests.Cli;

/// <summary>The examples in docs/import.md work.</summary>
internal sealed partial class ImportPageTests : CliTest
{
    private static readonly MarkdownPage Page = new("docs/import.md");

    [TestCase("csv")]
    [TestCase("jsonl")]
    public async Task The_sample_files_can_be_imported_with_a_summary_like_the_sample(string language)
    {
        var file = WriteFile("in." + language, Block(language));
        var (exitCode, output, error) = await RunOnSandbox("import", file);
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(Summary(output), Is.EqualTo((2, 2, 0, 0, 0)));
        Assert.That(Names(output), Is.EqualTo(Names(Block("json"))));

        static IEnumerable<string> Names(string json) => JsonNode.Parse(json)!.AsObject().Select(p => p.Key);
    }

    [Test]
    public async Task The_sample_reject_is_what_the_import_writes()
    {
        var file = WriteFile("in.csv", Block("csv") + "\nuser_3,,,,,oops,\n");
        await RunOnSandbox("import", file, "--rejects", Rejects);
        var shown = Page.Blocks.Last(block => block.Language == "jsonl").Lines.Single();
        var written = await File.ReadAllTextAsync(Rejects);
        Assert.That(written.TrimEnd(), Is.EqualTo(shown));
    }

    [Test]
    public async Task Every_option_exists()
    {
        var (_, help, _) = await Run(["import", "--help"]);
        var (_, sandbox, _) = await Run(["sandbox", "--help"]);
        var text = string.Join('\n', Page.Lines);
        var options = Option().Matches(text).Select(match => match.Value).Distinct().ToList();
        Assert.That(options, Has.Count.GreaterThan(15));
        string[] others = ["--jobs", "--help"];
        Assert.That(options.Except(others).Where(o => !help.Contains(o) && !sandbox.Contains(o)), Is.Empty);
    }

    [Test]
    public void The_Kubernetes_job_has_an_index_for_each_shard()
    {
        var yaml = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(Block("yaml"));
        var spec = (Dictionary<object, object>)yaml["spec"];
        Assert.That(yaml["apiVersion"], Is.EqualTo("batch/v1"));
        Assert.That(spec["completionMode"], Is.EqualTo("Indexed"));
        Assert.That(Block("yaml"), Does.Contain($"--shard=/{spec["completions"]}"));
    }

    [Test]
    [Platform("Linux,MacOsX", Reason = "bash checks its own syntax")]
    public async Task Bash_can_parse_the_scripts()
    {
        var script = string.Join(
            '\n',
            Page.Blocks.Where(block => block.Language is "bash" or "sh").SelectMany(block => block.Lines)
        );
        var (exitCode, _, error) = await TestProcess.RunAsync("/bin/bash", "-n", WriteFile("script.sh", script));
        Assert.That(exitCode, Is.Zero, error);
    }

    private static string Block(string language) =>
        string.Join('\n', Page.Blocks.First(block => block.Language == language).Lines);

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Option();
}
