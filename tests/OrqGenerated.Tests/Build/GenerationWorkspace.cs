using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Build;

/// <summary>A copy of what a build of the library needs, in a temporary folder.</summary>
internal sealed class GenerationWorkspace : IDisposable
{
    private static readonly string[] Sources =
    [
        "Directory.Build.props",
        "Directory.Packages.props",
        "global.json",
        "nswag.json",
        ".editorconfig",
        "build/BannedSymbols.txt",
        "build/NSwag.proj",
        "build/NSwag.targets",
        "build/templates",
        "openapi",
        "src/OrqGenerated",
        // Says where the restored packages are, so that a test that only generates need not restore.
        $"src/OrqGenerated/{RestoredProperties}",
    ];

    private const string RestoredProperties = "obj/OrqGenerated.csproj.nuget.g.props";

    /// <summary>Copies the sources to a folder of this name within a temporary one.</summary>
    /// <param name="name">The name of the folder.</param>
    /// <param name="onlyContacts">Whether contacts.yaml is the library's only document.</param>
    public GenerationWorkspace(string name = "a checkout", bool onlyContacts = true)
    {
        Root = Path.Combine(Top, name);
        foreach (var source in Sources)
        {
            Copy(Repository.PathTo(source), this[source]);
        }

        if (onlyContacts)
        {
            Edit(
                "src/OrqGenerated/OrqGenerated.csproj",
                "<NSwagDocument Include=\"$(RepositoryRoot)openapi/identities.yaml\" />",
                ""
            );
        }
    }

    /// <summary>The temporary folder that the checkout is in.</summary>
    public string Top { get; } = Path.Combine(Path.GetTempPath(), $"orq-build-{Guid.NewGuid():N}");

    /// <summary>The checkout's own folder.</summary>
    public string Root { get; }

    /// <summary>The file that is generated from contacts.yaml.</summary>
    public string Output => this["src/OrqGenerated/obj/nswag/contacts.g.cs"];

    /// <summary>The full path of a file of the checkout.</summary>
    public string this[string path] => Path.Combine(Root, path);

    /// <summary>Only generates, as a build for one target framework would.</summary>
    public Task<BuildResult> GenerateAsync(params string[] arguments) =>
        RunAsync("msbuild", ["-p:TargetFramework=net10.0", "-t:GenerateClient", .. arguments]);

    /// <summary>Runs a command of dotnet on the library.</summary>
    public Task<BuildResult> RunAsync(string command, params string[] arguments) =>
        RunAsync("dotnet", Root, null, [command, .. arguments]);

    /// <summary>
    /// Runs a command of dotnet on the library of a checkout that may be named otherwise than this one.
    /// </summary>
    public static async Task<BuildResult> RunAsync(string dotnet, string root, string? searchPath, string[] arguments)
    {
        string[] all =
        [
            arguments[0],
            Path.Combine(root, "src", "OrqGenerated"),
            "-nologo",
            "-v:n",
            "-tl:off",
            .. arguments[1..],
        ];
        using var process = TestProcess.Dotnet(
            dotnet,
            all,
            Path.GetTempPath(),
            ("PATH", searchPath ?? Environment.GetEnvironmentVariable("PATH"))
        );
        var (exitCode, output, error) = await process.ExitAsync();
        return new BuildResult(exitCode, output + error);
    }

    /// <summary>Replaces text in a file of the checkout.</summary>
    public void Edit(string path, string before, string after)
    {
        var text = File.ReadAllText(this[path]);
        Assert.That(text, Does.Contain(before), $"{path} has nothing to edit");
        File.WriteAllText(this[path], text.Replace(before, after, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Top, recursive: true);

    private static void Copy(string source, string target)
    {
        if (File.Exists(source))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(source, target);
            return;
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries(source))
        {
            var name = Path.GetFileName(entry);
            if (name is not ("bin" or "obj"))
            {
                Copy(entry, Path.Combine(target, name));
            }
        }
    }
}

/// <summary>How a build ended, and what it printed.</summary>
internal sealed record BuildResult(int ExitCode, string Text)
{
    /// <summary>How often the build started NSwag: MSBuild prints every command that it runs.</summary>
    public int NSwagRuns => Text.Split("NSWAG_PROGRAM").Length - 1;

    public BuildResult MustSucceed()
    {
        Assert.That(ExitCode, Is.Zero, $"the build should succeed, but printed:\n{Text}");
        return this;
    }

    public BuildResult MustFail()
    {
        Assert.That(ExitCode, Is.Not.Zero, $"the build should fail, but printed:\n{Text}");
        return this;
    }
}
