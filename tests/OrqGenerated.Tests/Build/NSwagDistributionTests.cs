using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace OrqGenerated.Tests.Build;

/// <summary>Where a build takes NSwag from.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[UnsupportedOSPlatform("windows")]
[Platform(Exclude = "Win", Reason = "The scripts that stand in for npm need a shell.")]
public sealed class NSwagDistributionTests : IDisposable
{
    // An apostrophe, a comma and an equals sign mean something to shells, MSBuild and NSwag.
    private readonly GenerationWorkspace workspace = new(" it's a, b=c (d)");

    public NSwagDistributionTests() => workspace.Environment.Remove("NSwagExe_Net100");

    private string InstalledLock => workspace["build/nswag/node_modules/.package-lock.json"];

    public void Dispose() => workspace.Dispose();

    [Test]
    public async Task By_default_it_is_the_npm_distribution_and_npm_runs_only_when_it_is_missing()
    {
        UseNpm($"cp -R \"{GenerationWorkspace.NodeModules}\" node_modules");

        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.Runs("npm"), Is.EqualTo(1), "runs of npm when NSwag is missing");
        Assert.That(
            await File.ReadAllTextAsync(workspace.Output),
            Does.Contain("class ContactsClient")
        );

        await File.AppendAllTextAsync(workspace["openapi/contacts.yaml"], "# later\n");
        (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(workspace.Runs("npm"), Is.EqualTo(1), "runs of npm when NSwag is there");
    }

    [Test]
    public async Task Npm_runs_again_when_another_version_is_installed()
    {
        UseNpm($"cp -R \"{GenerationWorkspace.NodeModules}\" node_modules");
        GenerationWorkspace.Copy(
            Path.Combine(GenerationWorkspace.NodeModules, ".package-lock.json"),
            InstalledLock
        );
        workspace.Edit(
            "build/nswag/node_modules/.package-lock.json",
            "\"version\": \"",
            "\"version\": \"0"
        );

        (await workspace.GenerateAsync()).MustSucceed();

        Assert.That(workspace.Runs("npm"), Is.EqualTo(1), "runs of npm");
        Assert.That(
            await File.ReadAllTextAsync(InstalledLock),
            Does.Not.Contain("\"version\": \"0"),
            "the other version is gone"
        );
    }

    [Test]
    public async Task Without_npm_one_line_says_what_to_do()
    {
        UseNpm("exit 127");

        var failed = (await workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text.Split('\n').Where(line => line.Contains("error", StringComparison.Ordinal)),
            Has.Exactly(1)
                .Contains("install Node.js with npm, or build with -p:NSwagFromNuGet=true")
        );
    }

    [Test]
    public async Task A_failure_of_npm_is_told_in_its_words()
    {
        UseNpm("echo 'npm error code ENOTFOUND'; echo 'npm error     at somewhere'; exit 1");

        var failed = (await workspace.GenerateAsync()).MustFail();

        Assert.That(
            failed.Text,
            Does.Contain("-p:NSwagFromNuGet=true").And.Contain("npm said: code ENOTFOUND [")
        );
        Assert.That(
            Directory.Exists(workspace["build/nswag/node_modules"]),
            Is.False,
            "nothing is installed"
        );
    }

    [Test]
    public async Task With_NSwagFromNuGet_it_is_the_package_and_npm_never_runs()
    {
        UseNpm("exit 1");
        var feed = workspace["feed"];
        Directory.CreateDirectory(feed);
        Pack(Path.Combine(feed, $"NSwag.MSBuild.{Version}.nupkg"));
        await workspace.RestoreAsync(feed, "-p:NSwagFromNuGet=true");

        (
            await workspace.BuildAsync("-p:NSwagFromNuGet=true", "-p:RunAnalyzers=false")
        ).MustSucceed();

        Assert.That(
            await File.ReadAllTextAsync(workspace.Output),
            Does.Contain("class ContactsClient")
        );
        Assert.That(
            Directory.Exists(workspace[$"packages/nswag.msbuild/{Version}"]),
            "the package was restored"
        );
        Assert.That(workspace.Runs("npm"), Is.Zero, "runs of npm");
    }

    [Test]
    public async Task With_NSwagFromNuGet_a_package_that_is_not_restored_is_said_so()
    {
        var failed = (await workspace.GenerateAsync("-p:NSwagFromNuGet=true")).MustFail();

        Assert.That(failed.Text, Does.Contain($"NSwag.MSBuild {Version} is not restored"));
    }

    [Test]
    public void The_lock_file_pins_the_same_version_and_names_no_host()
    {
        var text = File.ReadAllText(workspace["build/nswag/package-lock.json"]);
        var package = JsonNode.Parse(text)!["packages"]!["node_modules/nswag"]!;

        Assert.That((string?)package["version"], Is.EqualTo(Version));
        Assert.That((string?)package["integrity"], Does.StartWith("sha512-"));
        Assert.That(text, Does.Not.Contain("://"));
    }

    private string Version =>
        (string)
            JsonNode.Parse(File.ReadAllText(workspace["build/nswag/package.json"]))![
                "dependencies"
            ]!["nswag"]!;

    private void UseNpm(string body)
    {
        workspace.Script("npm", body);
        workspace.Environment["PATH"] =
            $"{workspace["scripts"]}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
    }

    /// <summary>Makes NSwag.MSBuild, as far as this build uses it, of the npm distribution's binaries.</summary>
    private void Pack(string path)
    {
        using var package = ZipFile.Open(path, ZipArchiveMode.Create);
        Write(
            "NSwag.MSBuild.nuspec",
            $"""
            <package>
              <metadata>
                <id>NSwag.MSBuild</id>
                <version>{Version}</version>
                <authors>tests</authors>
                <description>NSwag's binaries</description>
                <developmentDependency>true</developmentDependency>
              </metadata>
            </package>
            """
        );
        Write(
            "build/NSwag.MSBuild.props",
            """
            <Project>
              <PropertyGroup>
                <NSwagExe_Net100>dotnet "$(MSBuildThisFileDirectory)../tools/Net100/dotnet-nswag.dll"</NSwagExe_Net100>
              </PropertyGroup>
            </Project>
            """
        );
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(GenerationWorkspace.NSwag)!))
        {
            package.CreateEntryFromFile(
                file,
                $"tools/Net100/{Path.GetFileName(file)}",
                CompressionLevel.NoCompression
            );
        }

        void Write(string name, string text)
        {
            using var writer = new StreamWriter(package.CreateEntry(name).Open());
            writer.Write(text);
        }
    }
}
