namespace OrqGenerated.Tests.Build;

/// <summary>When a build generates the client, and what it leaves.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class GenerationTests
{
    // A whole build, of two target frameworks and in parallel, is what each test goes on from.
    private GenerationWorkspace workspace = null!;
    private BuildResult firstBuild = null!;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        workspace = new GenerationWorkspace();
        (await workspace.RunAsync("restore", "-p:NuGetAudit=false")).MustSucceed();
        firstBuild = await workspace.RunAsync("build", "--no-restore", "-p:RunAnalyzers=false");
    }

    [OneTimeTearDown]
    public void Delete() => workspace.Dispose();

    [Test]
    public async Task Two_target_frameworks_generate_once_and_a_build_without_a_change_does_not_start_NSwag()
    {
        firstBuild.MustSucceed();
        Assert.That(firstBuild.Text, Does.Contain("bin/Debug/net8.0").And.Contain("bin/Debug/net10.0"));
        Assert.That(firstBuild.Text, Does.Contain($"NSwag -> {workspace.Output}"), "the generated file is named");
        Assert.That(firstBuild.NSwagRuns, Is.EqualTo(1), "runs of NSwag in the first build");

        await workspace.GenerateAsync();
        var next = await workspace.RunAsync("build", "--no-restore", "-p:RunAnalyzers=false");

        next.MustSucceed();
        Assert.That(next.NSwagRuns, Is.Zero, "runs of NSwag in a build without a change");
    }

    [TestCase("openapi/contacts.yaml")]
    [TestCase("nswag.json")]
    [TestCase("build/templates/Class.liquid")]
    [TestCase("build/NSwag.targets")]
    [TestCase("build/NSwag.proj")]
    public async Task A_touched_input_starts_NSwag(string input)
    {
        File.SetLastWriteTimeUtc(workspace[input], File.GetLastWriteTimeUtc(workspace[input]).AddSeconds(1));

        var build = (await workspace.GenerateAsync()).MustSucceed();

        Assert.That(build.NSwagRuns, Is.EqualTo(1), "runs of NSwag");
    }

    [Test]
    public async Task A_document_that_is_put_back_with_its_old_time_starts_NSwag()
    {
        var document = workspace["openapi/contacts.yaml"];
        File.SetLastWriteTimeUtc(document, File.GetLastWriteTimeUtc(document).AddDays(-1));

        Assert.That((await workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs of NSwag");
    }

    [Test]
    public async Task A_template_that_comes_or_goes_starts_NSwag()
    {
        await File.WriteAllTextAsync(workspace["build/templates/Unused.liquid"], "");
        File.SetLastWriteTimeUtc(
            workspace["build/templates/Unused.liquid"],
            File.GetLastWriteTimeUtc(workspace["nswag.json"])
        );
        Assert.That((await workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs after a template came");

        File.Delete(workspace["build/templates/Unused.liquid"]);
        Assert.That((await workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs after it went");
    }

    [Test]
    public async Task Another_version_of_NSwag_starts_it()
    {
        var here = (await workspace.RunAsync("msbuild", "-p:TargetFramework=net10.0", "-getProperty:NSwagDir_Net100"))
            .MustSucceed()
            .Text.Trim();

        var build = await workspace.GenerateAsync($"-p:NSwagDir_Net100={here}./");

        Assert.That(build.MustSucceed().NSwagRuns, Is.EqualTo(1), "runs of NSwag");
    }

    [Test]
    public async Task An_output_that_is_gone_is_generated_again()
    {
        File.Delete(workspace.Output);
        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.Output, Does.Exist, "a deleted output");

        (await workspace.RunAsync("msbuild", "-p:TargetFramework=net10.0", "-t:Clean")).MustSucceed();
        Assert.That((await workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs of NSwag after a clean");
    }

    [Test]
    public async Task A_watcher_is_told_of_the_inputs_and_not_of_the_output()
    {
        var watched = (
            await workspace.RunAsync("msbuild", "-p:TargetFramework=net10.0", "-getItem:Watch")
        ).MustSucceed();

        Assert.That(watched.Text, Does.Contain("contacts.yaml").And.Contain("nswag.json").And.Contain("Class.liquid"));
        Assert.That(watched.Text, Does.Not.Match("Identity.*contacts[.]g[.]cs"));
    }
}
