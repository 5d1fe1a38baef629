using System.Reflection;
using System.Text.RegularExpressions;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Docs;

/// <summary>
/// Every C# snippet of the pages is compiled as a reader's console project would be: nullable, with implicit usings,
/// and with warnings as errors, by the SDK's own compiler. A snippet that needs another namespace says so itself,
/// except that <c>using OrqGenerated;</c> stands for all of them in the first one.
/// </summary>
internal sealed partial class SnippetTests
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using OrqGenerated;
        """;

    [Test]
    public async Task Every_snippet_compiles()
    {
        var code = Program(MarkdownPage.All);

        var errors = await CompileAsync(code);

        Assert.That(errors, Is.Empty, "the snippets of the Markdown pages should compile");
    }

    [Test]
    public async Task A_snippet_that_does_not_compile_is_named_by_page_and_line()
    {
        var code = Source("README.md", new FencedBlock("csharp", 42, ["client.Nonsense();"]));

        var errors = await CompileAsync(code);

        Assert.That(errors, Does.Contain("README.md(42,8): error CS1061"));
    }

    private static string Program(IEnumerable<MarkdownPage> pages) =>
        string.Concat(
            pages.SelectMany(page =>
                page.Blocks.Where(block => block.Language is "csharp" or "cs" or "c#")
                    .Select(block => Source(page.Name, block))
            )
        );

    /// <summary>A snippet as the body of a method, or, when it declares types, as types nested in a class.</summary>
    private static string Source(string page, FencedBlock block)
    {
        var isTypes = block.Lines.Any(line => TypeDeclaration().IsMatch(line));
        var (head, tail) = isTypes ? ("", "") : ("public async Task Run() {", "}");
        var name = $"{NotInNames().Replace(page, "_")}_{block.Line}";
        var usings = block.Lines.Where(line => Using().IsMatch(line));
        var code = block.Lines.Select(line => Using().IsMatch(line) ? "" : line);
        return $$"""
            // A snippet may have nothing to await, and need not use what it shows.
            #pragma warning disable CS1998, CS0219
            namespace {{name}}
            {
            {{string.Join('\n', usings)}}
            public sealed class Snippet : OrqGenerated.Tests.Docs.SnippetContext
            {
            {{head}}
            #line {{block.Line}} "{{page}}"
            {{string.Join('\n', code)}}
            #line default
            {{tail}}
            }
            }

            """;
    }

    private static async Task<string> CompileAsync(string code)
    {
        var folder = Directory.CreateTempSubdirectory("orq-snippets-").FullName;
        try
        {
            var source = Path.Combine(folder, "Snippets.cs");
            var usings = Path.Combine(folder, "Usings.cs");
            var response = Path.Combine(folder, "Snippets.rsp");
            await File.WriteAllTextAsync(usings, Usings);
            await File.WriteAllTextAsync(source, code);
            await File.WriteAllLinesAsync(
                response,
                [
                    "-nologo -nostdlib+ -target:library -nullable:enable -warnaserror+ -preferreduilang:en",
                    .. References().Select(file => $"-reference:\"{file}\""),
                    $"-out:\"{Path.Combine(folder, "Snippets.dll")}\"",
                    $"\"{usings}\"",
                    $"\"{source}\"",
                ]
            );
            using var process = new TestProcess("dotnet", [Compiler, "-noconfig", $"@{response}"], folder);
            var (_, output, error) = await process.ExitAsync();
            return (output + error).Trim();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The assemblies that this test itself runs on: .NET, and everything it references.</summary>
    private static string[] References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    /// <summary>The compiler of the SDK that built these tests; the project file says where it is.</summary>
    private static string Compiler { get; } =
        typeof(SnippetTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "CSharpCompiler")
            .Value!;

    [GeneratedRegex(@"^using [\w.]+;$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Using();

    [GeneratedRegex(@"\W", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NotInNames();

    [GeneratedRegex(
        @"^(public |internal |sealed |static |abstract |partial )*(class|record|struct|interface|enum) ",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TypeDeclaration();
}
