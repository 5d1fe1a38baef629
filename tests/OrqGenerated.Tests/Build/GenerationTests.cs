namespace OrqGenerated.Tests.Build;

/// <summary>When a build generates the client.</summary>
[Parallelizable(ParallelScope.Self)]
public sealed class GenerationTests
{
    // Each test starts after a full, parallel build of two target frameworks.
    private GenerationWorkspace _workspace = null!;
    private BuildResult _firstBuild = null!;

    [OneTimeSetUp]
    public async Task BuildAsync()
    {
        _workspace = new GenerationWorkspace();
        (await _workspace.RunAsync("restore", "-p:NuGetAudit=false")).MustSucceed();
        _firstBuild = await _workspace.RunAsync("build", "--no-restore", "-p:RunAnalyzers=false");
    }

    [OneTimeTearDown]
    public void Delete() => _workspace.Dispose();

    [Test]
    public async Task Generates_once_for_two_target_frameworks_and_not_again_without_a_change()
    {
        _firstBuild.MustSucceed();
        Assert.That(_firstBuild.Text, Does.Contain("bin/Debug/net8.0").And.Contain("bin/Debug/net10.0"));
        Assert.That(_firstBuild.Text, Does.Contain($"NSwag -> {_workspace.Output}"), "the generated file is named");
        Assert.That(_firstBuild.NSwagRuns, Is.EqualTo(1), "runs of NSwag in the first build");

        await _workspace.GenerateAsync();
        var next = await _workspace.RunAsync("build", "--no-restore", "-p:RunAnalyzers=false");

        next.MustSucceed();
        Assert.That(next.NSwagRuns, Is.Zero, "runs of NSwag in a build without a change");
    }

    [TestCase("openapi/contacts.yaml")]
    [TestCase("nswag.json")]
    [TestCase("build/templates/Class.liquid")]
    [TestCase("build/NSwag.proj")]
    public async Task A_touched_input_starts_NSwag(string input)
    {
        File.SetLastWriteTimeUtc(_workspace[input], File.GetLastWriteTimeUtc(_workspace[input]).AddSeconds(1));

        var build = (await _workspace.GenerateAsync()).MustSucceed();

        Assert.That(build.NSwagRuns, Is.EqualTo(1), "runs of NSwag");
    }

    [Test]
    public async Task A_document_restored_with_an_older_time_starts_NSwag()
    {
        var document = _workspace["openapi/contacts.yaml"];
        File.SetLastWriteTimeUtc(document, File.GetLastWriteTimeUtc(document).AddDays(-1));

        Assert.That((await _workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs of NSwag");
    }

    [Test]
    public async Task Adding_or_removing_a_template_starts_NSwag()
    {
        await File.WriteAllTextAsync(_workspace["build/templates/Unused.liquid"], "");
        File.SetLastWriteTimeUtc(
            _workspace["build/templates/Unused.liquid"],
            File.GetLastWriteTimeUtc(_workspace["nswag.json"])
        );
        Assert.That((await _workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs after a template was added");

        File.Delete(_workspace["build/templates/Unused.liquid"]);
        Assert.That((await _workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs after it was removed");
    }

    [Test]
    public async Task Another_version_of_NSwag_regenerates()
    {
        var here = (await _workspace.RunAsync("msbuild", "-p:TargetFramework=net10.0", "-getProperty:NSwagDir_Net100"))
            .MustSucceed()
            .Text.Trim();

        var build = await _workspace.GenerateAsync($"-p:NSwagDir_Net100={here}./");

        Assert.That(build.MustSucceed().NSwagRuns, Is.EqualTo(1), "runs of NSwag");
    }

    [Test]
    public async Task Regenerates_a_deleted_output()
    {
        File.Delete(_workspace.Output);
        (await _workspace.GenerateAsync()).MustSucceed();
        Assert.That(_workspace.Output, Does.Exist, "a deleted output");

        (await _workspace.RunAsync("msbuild", "-p:TargetFramework=net10.0", "-t:Clean")).MustSucceed();
        Assert.That((await _workspace.GenerateAsync()).NSwagRuns, Is.EqualTo(1), "runs of NSwag after a clean");
    }

    [Test]
    public async Task A_watcher_watches_the_inputs_and_not_the_output()
    {
        var watched = (
            await _workspace.RunAsync("msbuild", "-p:TargetFramework=net10.0", "-getItem:Watch")
        ).MustSucceed();

        Assert.That(watched.Text, Does.Contain("contacts.yaml").And.Contain("nswag.json").And.Contain("Class.liquid"));
        Assert.That(watched.Text, Does.Not.Match("Identity.*contacts[.]g[.]cs"));
    }
}
