using System.Diagnostics;
using System.Runtime.Versioning;

namespace OrqGenerated.Tests.Build;

/// <summary>
/// A copy of what a build of the library needs, in a temporary folder with a space in its name. NSwag is started
/// through a script that counts the runs.
/// </summary>
[UnsupportedOSPlatform("windows")]
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
        "build/nswag/package.json",
        "build/nswag/package-lock.json",
        "build/templates",
        "openapi",
        "src/OrqGenerated",
    ];

    /// <summary>Copies the sources to a folder whose name ends as told.</summary>
    public GenerationWorkspace(string suffix = "")
    {
        Root = Path.Combine(Path.GetTempPath(), $"orq generation {Guid.NewGuid():N}{suffix}");
        foreach (var source in Sources)
        {
            Copy(Path.Combine(Repository, source), this[source]);
        }

        Environment["NSwagExe_Net100"] =
            $"sh \"{Script("nswag", $"exec dotnet \"{NSwag}\" \"$@\"")}\"";
    }

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The folder of NSwag's npm distribution, which the build of these tests has restored.</summary>
    public static string NodeModules { get; } =
        Path.Combine(Repository, "build/nswag/node_modules");

    /// <summary>NSwag's program for .NET 10.</summary>
    public static string NSwag { get; } =
        Path.Combine(NodeModules, "nswag/bin/binaries/Net100/dotnet-nswag.dll");

    public string Root { get; }

    /// <summary>Environment variables of the commands; null takes one away.</summary>
    public Dictionary<string, string?> Environment { get; } = new(StringComparer.Ordinal);

    public string Output => this["src/OrqGenerated/obj/nswag/OrqGenerated.g.cs"];

    public int NSwagRuns => Runs("nswag");

    /// <summary>The full path of a file of the workspace.</summary>
    public string this[string path] => Path.Combine(Root, path);

    /// <summary>Only generates, as a build for one target framework would.</summary>
    public Task<CommandResult> GenerateAsync(params string[] arguments) =>
        RunAsync(["msbuild", "-p:TargetFramework=net10.0", "-t:GenerateClient", .. arguments]);

    public Task<CommandResult> BuildAsync(params string[] arguments) =>
        RunAsync(["build", "--no-restore", .. arguments]);

    /// <summary>Restores from the packages that this machine already has, and from a folder, without network.</summary>
    public async Task RestoreAsync(string? feed = null, params string[] arguments)
    {
        var packages = (await RunAsync("dotnet", ["nuget", "locals", "global-packages", "--list"]))
            .Text.Split(": ", 2)[1]
            .Trim();
        await File.WriteAllTextAsync(
            this["nuget.config"],
            $"""
            <configuration>
              <packageSources><clear /><add key="feed" value="{feed ?? Root}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{packages}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{this["packages"]}" /></config>
            </configuration>
            """
        );
        (await RunAsync(["restore", .. arguments])).MustSucceed();
    }

    /// <summary>Runs a command of dotnet on the library.</summary>
    public Task<CommandResult> RunAsync(string[] arguments) =>
        RunAsync("dotnet", [arguments[0], this["src/OrqGenerated"], .. arguments[1..]]);

    /// <summary>Writes a shell script that counts its runs, and gives its path.</summary>
    public string Script(string name, string body)
    {
        var path = this[$"scripts/{name}"];
        Directory.CreateDirectory(this["scripts"]);
        File.WriteAllText(path, $"#!/bin/sh\necho run >> \"$0.runs\"\n{body}\n");
        File.SetUnixFileMode(
            path,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        return path;
    }

    /// <summary>How often a script ran.</summary>
    public int Runs(string script)
    {
        var log = this[$"scripts/{script}.runs"];
        return File.Exists(log) ? File.ReadAllLines(log).Length : 0;
    }

    /// <summary>Replaces text in a file of the workspace.</summary>
    public void Edit(string path, string before, string after)
    {
        var text = File.ReadAllText(this[path]);
        Assert.That(text, Does.Contain(before), $"{path} has nothing to edit");
        File.WriteAllText(this[path], text.Replace(before, after, StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    public static void Copy(string source, string target)
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

    private async Task<CommandResult> RunAsync(string command, string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test host's own MSBuild variables lead a build elsewhere, and a node that stays alive keeps the folder.
        foreach (
            var name in start.Environment.Keys.Where(key =>
                key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output + await errors);
    }

    private static string FindRepository()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "OrqGenerated.sln")))
        {
            directory =
                directory.Parent
                ?? throw new InvalidOperationException("No OrqGenerated.sln above the tests.");
        }

        return directory.FullName;
    }
}

/// <summary>What a command said, and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Text)
{
    public CommandResult MustSucceed()
    {
        Assert.That(ExitCode, Is.Zero, $"the command should succeed, but said:\n{Text}");
        return this;
    }

    public CommandResult MustFail()
    {
        Assert.That(ExitCode, Is.Not.Zero, $"the command should fail, but said:\n{Text}");
        return this;
    }
}
