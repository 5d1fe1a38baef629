using System.Runtime.Versioning;

namespace OrqGenerated.Tests.Build;

/// <summary>A build that cannot generate names the file and the reason, and keeps what it had.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "The scripts that count the runs of NSwag need a shell.")]
public sealed class GenerationFailureTests : IDisposable
{
    private readonly GenerationWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [TestCase(
        "openapi/contacts.yaml",
        "paths: [",
        "While parsing a node, did not find expected node content"
    )]
    [TestCase("openapi/contacts.yaml", "just a word", "Unexpected initial token 'String'")]
    [TestCase("openapi/contacts.yaml", "openapi: 3.1.0", "The document has no operation")]
    [TestCase("openapi/contacts.yaml", "", "Object reference not set")]
    [TestCase("openapi/contacts.yaml", null, "Could not find file")]
    [TestCase("nswag.json", "{", "Error reading JObject")]
    [TestCase(
        "nswag.json",
        "{\"runtime\": \"Net80\"}",
        "differs from the current process runtime (Net100)"
    )]
    [TestCase(
        "nswag.json",
        "{\"runtime\": \"Net100\", \"documentGenerator\": {\"fromDocument\": {\"url\": \"openapi/contacts.yaml\"}}}",
        "It wrote nothing to $(Output)"
    )]
    [TestCase("nswag.json", null, "Could not find file")]
    [TestCase("build/templates/Class.liquid", "{% nonsense %}", "Unknown tag 'nonsense'")]
    public async Task A_broken_input_fails_with_its_name_and_the_reason_and_leaves_the_last_good_output(
        string input,
        string? content,
        string reason
    )
    {
        (await workspace.GenerateAsync()).MustSucceed();
        var good = await File.ReadAllTextAsync(workspace.Output);
        File.Delete(workspace[input]);
        if (content is not null)
        {
            await File.WriteAllTextAsync(workspace[input], content);
        }

        var failed = (await workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain($"{workspace[input]} : error NSWAG: ").And.Contain(reason),
            "the build says what is wrong with which file"
        );
        Assert.That(failed.Text, Does.Not.Contain("   at "), "no stack trace");
        Assert.That(
            await File.ReadAllTextAsync(workspace.Output),
            Is.EqualTo(good),
            "the last good output"
        );
    }

    [Test]
    public async Task A_build_fails_again_until_the_document_is_repaired()
    {
        (await workspace.GenerateAsync()).MustSucceed();
        workspace.Edit("openapi/contacts.yaml", "paths:", "paths: [");
        (await workspace.GenerateAsync()).MustFail();
        (await workspace.GenerateAsync()).MustFail();

        workspace.Edit("openapi/contacts.yaml", "paths: [", "paths:");
        (await workspace.GenerateAsync()).MustSucceed();
    }

    [Test]
    public async Task A_reference_to_nothing_is_named()
    {
        workspace.Edit(
            "openapi/contacts.yaml",
            "schemas/CreateContactResponseBody\"",
            "schemas/Nothing\""
        );

        var failed = (await workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain("contacts.yaml : error NSWAG: ")
                .And.Contain("Could not resolve the path '#/components/schemas/Nothing'")
        );
        Assert.That(File.Exists(workspace.Output), Is.False, "there was no good output to leave");
    }

    [Test]
    public async Task An_IDE_gets_a_warning_and_goes_on()
    {
        await File.WriteAllTextAsync(workspace["openapi/contacts.yaml"], "paths: [");

        var result = (await workspace.GenerateAsync("-p:DesignTimeBuild=true")).MustSucceed();

        Assert.That(result.Text, Does.Contain("contacts.yaml : warning NSWAG: "));
    }
}
