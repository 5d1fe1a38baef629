using System.Runtime.Loader;
using System.Runtime.Versioning;

namespace OrqGenerated.Tests.Build;

/// <summary>When a build generates the client, and what it leaves.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "The scripts that count the runs of NSwag need a shell.")]
public sealed class GenerationTests : IDisposable
{
    private readonly GenerationWorkspace workspace = new();

    public void Dispose() => workspace.Dispose();

    [Test]
    public async Task Two_target_frameworks_generate_once_and_a_build_without_a_change_does_not_start_NSwag()
    {
        await workspace.RestoreAsync();

        var first = (await workspace.BuildAsync()).MustSucceed();
        Assert.That(
            first.Text,
            Does.Contain($"-> {workspace.Output}"),
            "the build names the generated file"
        );
        Assert.That(
            first.Text,
            Does.Contain("net8.0").And.Contain("net10.0"),
            "both target frameworks are built"
        );
        Assert.That(workspace.NSwagRuns, Is.EqualTo(1), "runs of NSwag in the first build");

        (await workspace.BuildAsync()).MustSucceed();
        Assert.That(
            workspace.NSwagRuns,
            Is.EqualTo(1),
            "runs of NSwag after a build without a change"
        );
    }

    [Test]
    [Category("Slow")]
    public async Task Ten_clean_parallel_builds_generate_once_each()
    {
        await workspace.RestoreAsync();
        string[] compile =
        [
            "msbuild",
            "-m:4",
            "-t:DispatchToInnerBuilds",
            "-p:InnerTargets=Compile",
            "-p:RunAnalyzers=false",
        ];
        for (var build = 1; build <= 10; build++)
        {
            (await workspace.RunAsync(compile)).MustSucceed();
            Assert.That(
                workspace.NSwagRuns,
                Is.EqualTo(build),
                $"runs of NSwag after {build} clean builds"
            );

            Directory.Delete(workspace["src/OrqGenerated/obj/nswag"], recursive: true);
            Directory.Delete(workspace["src/OrqGenerated/obj/Debug"], recursive: true);
        }
    }

    [Test]
    public async Task Builds_at_the_same_time_do_not_meet()
    {
        var results = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => workspace.GenerateAsync())
        );

        Assert.That(results, Has.All.Property(nameof(CommandResult.ExitCode)).Zero);
        Assert.That(File.ReadAllText(workspace.Output), Does.Contain("class ContactsClient"));
        Assert.That(
            Directory.GetFiles(Path.GetDirectoryName(workspace.Output)!).Select(Path.GetFileName),
            Is.EquivalentTo([
                "OrqGenerated.g.cs",
                "OrqGenerated.g.cs.inputs",
                "OrqGenerated.g.cs.stamp",
            ]),
            "the output, what it was made of and when, and nothing left over"
        );
    }

    [TestCase("openapi/contacts.yaml")]
    [TestCase("nswag.json")]
    [TestCase("build/templates/Class.liquid")]
    [TestCase("build/NSwag.targets")]
    [TestCase("build/NSwag.proj")]
    public async Task A_touched_input_starts_NSwag(string input)
    {
        (await workspace.GenerateAsync()).MustSucceed();
        var generated = File.GetLastWriteTimeUtc(workspace.Output);
        File.SetLastWriteTimeUtc(
            workspace[input],
            File.GetLastWriteTimeUtc(workspace.Output + ".stamp").AddTicks(1)
        );

        (await workspace.GenerateAsync()).MustSucceed();

        Assert.That(workspace.NSwagRuns, Is.EqualTo(2), $"runs of NSwag after {input} was touched");
        Assert.That(
            File.GetLastWriteTimeUtc(workspace.Output),
            Is.EqualTo(generated),
            "the same code is not written again, so that it is not compiled again"
        );
    }

    [Test]
    public async Task Nothing_touched_does_not_start_NSwag()
    {
        (await workspace.GenerateAsync()).MustSucceed();
        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.NSwagRuns, Is.EqualTo(1), "runs of NSwag");
    }

    [Test]
    public async Task A_document_that_is_put_back_with_its_old_time_starts_NSwag()
    {
        (await workspace.GenerateAsync()).MustSucceed();
        var document = workspace["openapi/contacts.yaml"];
        File.SetLastWriteTimeUtc(document, File.GetLastWriteTimeUtc(document).AddDays(-1));

        (await workspace.GenerateAsync()).MustSucceed();

        Assert.That(workspace.NSwagRuns, Is.EqualTo(2), "runs of NSwag");
    }

    [Test]
    public async Task A_template_that_comes_or_goes_starts_NSwag()
    {
        (await workspace.GenerateAsync()).MustSucceed();
        await File.WriteAllTextAsync(workspace["build/templates/Unused.liquid"], "");
        File.SetLastWriteTimeUtc(
            workspace["build/templates/Unused.liquid"],
            File.GetLastWriteTimeUtc(workspace["nswag.json"])
        );
        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.NSwagRuns, Is.EqualTo(2), "runs of NSwag after a template came");

        File.Delete(workspace["build/templates/Unused.liquid"]);
        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.NSwagRuns, Is.EqualTo(3), "runs of NSwag after it went");
    }

    [Test]
    public async Task Another_version_of_NSwag_starts_it()
    {
        (await workspace.GenerateAsync()).MustSucceed();
        workspace.Edit("build/nswag/package.json", "\"nswag\": \"", "\"nswag\": \"0");

        (await workspace.GenerateAsync()).MustSucceed();

        Assert.That(workspace.NSwagRuns, Is.EqualTo(2), "runs of NSwag");
    }

    [Test]
    public async Task A_clean_is_followed_by_a_generation()
    {
        (await workspace.GenerateAsync()).MustSucceed();
        (
            await workspace.RunAsync(["msbuild", "-p:TargetFramework=net10.0", "-t:Clean"])
        ).MustSucceed();
        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.NSwagRuns, Is.EqualTo(2), "runs of NSwag");
    }

    [Test]
    public async Task Generation_can_be_switched_off()
    {
        (await workspace.GenerateAsync("-p:NSwagGenerate=false")).MustSucceed();
        Assert.That(workspace.NSwagRuns, Is.Zero, "runs of NSwag");
    }

    [Test]
    public async Task An_IDE_generates_only_what_is_missing()
    {
        (await workspace.GenerateAsync("-p:DesignTimeBuild=true")).MustSucceed();
        Assert.That(workspace.NSwagRuns, Is.EqualTo(1), "runs of NSwag while there is no code");

        await File.AppendAllTextAsync(workspace["openapi/contacts.yaml"], "# later\n");
        (await workspace.GenerateAsync("-p:DesignTimeBuild=true")).MustSucceed();
        Assert.That(workspace.NSwagRuns, Is.EqualTo(1), "runs of NSwag when there is code");
    }

    [Test]
    public async Task A_watcher_is_told_of_the_inputs_and_not_of_the_output()
    {
        var watched = (
            await workspace.RunAsync(["msbuild", "-p:TargetFramework=net10.0", "-getItem:Watch"])
        ).MustSucceed();

        Assert.That(
            watched.Text,
            Does.Contain("contacts.yaml").And.Contain("nswag.json").And.Contain("Class.liquid")
        );
        Assert.That(watched.Text, Does.Not.Contain("OrqGenerated.g.cs"));
    }

    [Test]
    public async Task A_changed_field_of_the_document_is_a_changed_property()
    {
        await workspace.RestoreAsync();
        workspace.Edit("openapi/contacts.yaml", "display_name", "nick_name");

        (await workspace.BuildAsync("-f", "net10.0", "-p:RunAnalyzers=false")).MustSucceed();

        var context = new AssemblyLoadContext("changed", isCollectible: true);
        var body = context
            .LoadFromAssemblyPath(workspace["src/OrqGenerated/bin/Debug/net10.0/OrqGenerated.dll"])
            .GetType("OrqGenerated.CreateContactRequestBody", throwOnError: true)!;
        Assert.That(
            body.GetProperties().Select(property => property.Name),
            Does.Contain("NickName")
        );
        Assert.That(
            body.GetProperties().Select(property => property.Name),
            Does.Not.Contain("DisplayName")
        );
        context.Unload();
    }
}
