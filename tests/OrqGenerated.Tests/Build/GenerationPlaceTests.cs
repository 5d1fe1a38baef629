using System.Runtime.InteropServices;

namespace OrqGenerated.Tests.Build;

/// <summary>A build works wherever the checkout is, with several documents, and beside other builds.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class GenerationPlaceTests
{
    [Test]
    public async Task Builds_under_any_path_through_a_link_and_without_dotnet_on_the_search_path()
    {
        // Each of these is special to a shell, MSBuild or NSwag. Not supported are a double quote, which csc refuses, a
        // semicolon, which breaks NSwag's templateDirectory, and % before two hexadecimal digits.
        using var workspace = new GenerationWorkspace("a$HOME b 'c' `id` 100% d,e=f (g) [h] {i} é日 & #!@+~ $(J)");
        var elsewhere = Directory.CreateDirectory(Path.Combine(workspace.Top, "else $where")).FullName;
        File.Move(workspace["openapi/contacts.yaml"], Path.Combine(elsewhere, "people.yaml"));
        var link = Path.Combine(workspace.Top, "link");
        Directory.CreateSymbolicLink(link, workspace.Root);

        var build = await GenerationWorkspace.RunAsync(
            Path.GetFullPath("../../../dotnet", RuntimeEnvironment.GetRuntimeDirectory()),
            link,
            searchPath: elsewhere,
            [
                "build",
                "-f",
                "net10.0",
                "-p:RunAnalyzers=false",
                "-p:NuGetAudit=false",
                $"-p:NSwagDocument={elsewhere}/people.yaml",
                $"-p:BaseIntermediateOutputPath={elsewhere}/obj/",
                $"-p:BaseOutputPath={elsewhere}/bin/",
            ]
        );

        build.MustSucceed();
        Assert.That(
            await File.ReadAllTextAsync(Path.Combine(elsewhere, "obj/nswag/people.g.cs")),
            Does.Contain("class ContactsClient")
        );
    }

    [Test]
    public async Task Concurrent_builds_do_not_interfere()
    {
        using var workspace = new GenerationWorkspace();

        var builds = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => workspace.GenerateAsync()));

        Assert.That(builds, Has.All.Property(nameof(BuildResult.ExitCode)).Zero);
        Assert.That(builds, Has.All.Property(nameof(BuildResult.NSwagRuns)).LessThanOrEqualTo(1));
        Assert.That(await File.ReadAllTextAsync(workspace.Output), Does.Contain("class ContactsClient"));
        Assert.That(
            Directory.GetFiles(Path.GetDirectoryName(workspace.Output)!).Select(Path.GetFileName),
            Is.EquivalentTo(["contacts.g.cs", "contacts.g.cs.inputs"]),
            "the output, the record of its inputs, and no temporary file"
        );
    }

    [Test]
    public async Task Regenerates_only_the_changed_document_and_the_compiler_refuses_duplicate_types()
    {
        using var workspace = new GenerationWorkspace(onlyContacts: false);
        var first = (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(first.NSwagRuns, Is.EqualTo(2), "runs of NSwag for two documents");
        Assert.That((await workspace.GenerateAsync()).NSwagRuns, Is.Zero, "runs of NSwag when neither has changed");

        workspace.Edit("openapi/identities.yaml", "display_name", "nick_name");
        var next = (await workspace.GenerateAsync()).MustSucceed();
        Assert.That(next.NSwagRuns, Is.EqualTo(1), "runs of NSwag when one has changed");
        Assert.That(
            await File.ReadAllTextAsync(workspace["src/OrqGenerated/obj/nswag/identities.g.cs"]),
            Does.Contain("NickName").And.Not.Contain("string? DisplayName"),
            "the changed field is a changed property"
        );

        workspace.Edit("openapi/identities.yaml", "CreateIdentityResponse", "CreateContactResponseBody");
        var failed = await workspace.RunAsync("build", "-f", "net10.0", "-p:RunAnalyzers=false", "-p:NuGetAudit=false");
        Assert.That(
            failed.MustFail().Text,
            Does.Contain("identities.g.cs")
                .And.Contain("The type 'CreateContactResponseBody' already contains a definition for ")
        );
    }
}
