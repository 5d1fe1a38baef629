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
        // Locates the restored packages, so that a test that only generates need not restore.
        $"src/OrqGenerated/{RestoredProperties}",
    ];

    private const string RestoredProperties = "obj/OrqGenerated.csproj.nuget.g.props";

    /// <param name="name">The folder of the checkout, within a temporary one.</param>
    /// <param name="onlyContacts">Whether contacts.yaml is the library's only document.</param>
    public GenerationWorkspace(string name = "a checkout", bool onlyContacts = true)
    {
        Root = Path.Combine(Top, name);
        foreach (var source in Sources)
            Copy(Repository.PathTo(source), this[source]);

        if (onlyContacts)
        {
            Edit(
                "src/OrqGenerated/OrqGenerated.csproj",
                "<NSwagDocument Include=\"$(RepositoryRoot)openapi/identities.yaml\" />",
                ""
            );
        }
    }

    /// <summary>The temporary folder that contains the checkout.</summary>
    public string Top { get; } = Path.Combine(Path.GetTempPath(), $"orq-build-{Guid.NewGuid():N}");

    /// <summary>The folder of the checkout.</summary>
    public string Root { get; }

    /// <summary>The file that is generated from contacts.yaml.</summary>
    public string Output => this["src/OrqGenerated/obj/nswag/contacts.g.cs"];

    /// <summary>The full path of a file of the checkout.</summary>
    public string this[string path] => Path.Combine(Root, path);

    /// <summary>Only generates, as a build for one target framework would.</summary>
    public Task<BuildResult> GenerateAsync(params string[] arguments) =>
        RunAsync("msbuild", ["-p:TargetFramework=net10.0", "-t:GenerateClient", .. arguments]);

    /// <summary>Runs a dotnet command on the library.</summary>
    public Task<BuildResult> RunAsync(string command, params string[] arguments) =>
        RunAsync("dotnet", Root, null, [command, .. arguments]);

    /// <summary>Runs a dotnet command on the library of any checkout.</summary>
    /// <param name="root">The checkout, or a link to one.</param>
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

    /// <summary>Replaces a string in a file of the checkout.</summary>
    public void Edit(string path, string before, string after)
    {
        var text = File.ReadAllText(this[path]);
        Assert.That(text, Does.Contain(before), $"{path} does not contain the string to replace");
        File.WriteAllText(this[path], text.Replace(before, after));
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
                Copy(entry, Path.Combine(target, name));
        }
    }
}

internal sealed record BuildResult(int ExitCode, string Text)
{
    /// <summary>How often the build started NSwag: MSBuild prints every command it runs.</summary>
    public int NSwagRuns => Text.Split("NSWAG_PROGRAM").Length - 1;

    public BuildResult MustSucceed()
    {
        Assert.That(ExitCode, Is.Zero, $"the build should have succeeded, but printed:\n{Text}");
        return this;
    }

    public BuildResult MustFail()
    {
        Assert.That(ExitCode, Is.Not.Zero, $"the build should have failed, but printed:\n{Text}");
        return this;
    }
}
