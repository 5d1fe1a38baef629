using System.IO.Compression;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.PackageTests;

/// <summary>Packs the packages once, into a folder that the projects of the tests restore from.</summary>
[SetUpFixture]
internal sealed class Packages
{
    /// <summary>Higher than any version that a feed could have.</summary>
    public const string Version = "9999.0.0";

    public static readonly string[] Ids =
    [
        "OrqGenerated",
        "OrqGenerated.DependencyInjection",
        "OrqGenerated.Sandbox",
        "orq-contacts",
    ];

    private static readonly string Root = Path.Combine(Path.GetTempPath(), $"orq-packages-{Guid.NewGuid():N}");

    /// <summary>The folder of a package's project.</summary>
    public static string Project(string id) => Repository.PathTo("src", id == "orq-contacts" ? "OrqGenerated.Cli" : id);

    public static ZipArchive Open(string id, string extension = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Root, "feed", $"{id}.{Version}.{extension}"));

    /// <summary>An empty folder outside the repository, where the packages can be installed.</summary>
    public static string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Root, Guid.NewGuid().ToString("N"))).FullName;

    [OneTimeSetUp]
    public async Task PackAsync()
    {
        var feed = Directory.CreateDirectory(Path.Combine(Root, "feed")).FullName;
        foreach (var id in Ids)
        {
            var packed = await Command.RunAsync(
                Repository.Root,
                "dotnet",
                ["pack", Project(id), "-c", "Release", "-o", feed, $"-p:PackageVersion={Version}"]
            );
            packed.MustSucceed();
        }

        // Other packages are cached between runs, but those under test never enter the machine's own cache.
        var listed = await Command.RunAsync(Root, "dotnet", "nuget", "locals", "global-packages", "--list");
        var machine = listed.Output.Split(": ", 2)[1].Trim();
        var cache = Repository.PathTo("artifacts", "package-tests");
        foreach (var id in Ids.Select(id => Path.Combine(cache, id.ToLowerInvariant())).Where(Directory.Exists))
            Directory.Delete(id, recursive: true);

        await File.WriteAllTextAsync(
            Path.Combine(Root, "nuget.config"),
            $"""
            <configuration>
              <packageSources><add key="packages-under-test" value="{feed}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{cache}" /></config>
            </configuration>
            """
        );
    }

    [OneTimeTearDown]
    public void Delete() => Directory.Delete(Root, recursive: true);
}
