using OrqGenerated.Tests.Docs;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.PackageTests;

/// <summary>The README of each package, followed to the letter in an empty folder.</summary>
internal sealed class ReadmeTests
{
    [TestCaseSource(typeof(Packages), nameof(Packages.Ids))]
    public void It_begins_with_the_install_command(string id)
    {
        var verb = id == "orq-contacts" ? "dotnet tool install --global" : "dotnet add package";
        var install = Page(id).Blocks[0];

        Assert.That(install.Language, Is.EqualTo("sh"));
        Assert.That(install.Lines, Does.Contain($"{verb} {id}"));
        Assert.That(install.Line, Is.LessThan(5), "nothing but the title should come first");
    }

    [TestCaseSource(typeof(Packages), nameof(Packages.Ids))]
    public void Its_links_work_outside_the_repository(string id) =>
        Assert.That(Page(id).Links, Is.All.StartsWith("https://"));

    [TestCase("src/OrqGenerated/README.md")]
    [TestCase("src/OrqGenerated.DependencyInjection/README.md")]
    [TestCase("src/OrqGenerated.Sandbox/README.md")]
    [TestCase("README.md")]
    public async Task Its_program_compiles_in_a_new_project(string path)
    {
        var page = new MarkdownPage(path);
        var folder = Packages.NewFolder();
        await DotnetAsync(folder, ["new", "console", "--name", "Program", "--output", "."]);
        var install = page.Blocks.First(block =>
            block.Lines[0].StartsWith("dotnet add package", StringComparison.Ordinal)
        );
        foreach (var line in install.Lines)
            await DotnetAsync(folder, line.Split(' ')[1..]);

        await File.WriteAllLinesAsync(
            Path.Combine(folder, "Program.cs"),
            page.Blocks.First(block => block.Language == "csharp").Lines
        );
        await DotnetAsync(folder, ["build", "-warnaserror"]);

        if (path.Contains("Sandbox", StringComparison.Ordinal))
        {
            var run = await Command.RunAsync(folder, "dotnet", "run", "--no-build");
            Assert.That(run.Text, Is.EqualTo("user_12345 after 2 attempts\n{\"external_id\":\"user_12345\"}\n"));
        }
    }

    [Test]
    public async Task The_tool_can_be_installed_and_creates_a_contact()
    {
        var folder = Packages.NewFolder();
        var commands = Page("orq-contacts").Blocks[0].Lines;
        await DotnetAsync(
            folder,
            commands[0].Replace("--global", "--tool-path tool", StringComparison.Ordinal).Split(' ')[1..]
        );
        var arguments = commands[1]
            .Replace("\"", "", StringComparison.Ordinal)
            .Replace("Jane Smith", "Jane", StringComparison.Ordinal)
            .Split(' ');

        var created = await Command.RunAsync(folder, Path.Combine(folder, "tool", arguments[0]), arguments[1..]);

        Assert.That(created.MustSucceed().Output, Does.Contain("\"external_id\": \"user_12345\""));
    }

    private static MarkdownPage Page(string id) =>
        new(Path.GetRelativePath(Repository.Root, Path.Combine(Packages.Project(id), "README.md")));

    private static async Task DotnetAsync(string folder, string[] arguments) =>
        (await Command.RunAsync(folder, "dotnet", arguments)).MustSucceed();
}
