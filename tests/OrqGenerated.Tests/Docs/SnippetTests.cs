using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OrqGenerated.Tests.Docs;

/// <summary>
/// Every C# snippet in the pages compiles as in a reader's console project: nullable, with implicit usings, and with
/// warnings as errors. A snippet has a <c>using</c> for any other namespace that it needs, except for
/// <c>OrqGenerated</c>, which only the first one has.
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
    public void Every_snippet_compiles()
    {
        var sources =
            from page in MarkdownPage.All
            from block in page.Blocks
            where block.Language is "csharp" or "cs" or "c#"
            select Source(page.Name, block);

        var errors = Errors(string.Concat(sources));

        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void An_error_names_the_page_and_line_of_the_snippet()
    {
        var code = Source("README.md", new FencedBlock("csharp", 42, ["client.Nonsense();"]));

        var errors = Errors(code);

        Assert.That(errors, Does.Contain("README.md(42,8): error CS1061"));
    }

    /// <summary>A snippet as a method body or, if it declares types, as a class body.</summary>
    private static string Source(string page, FencedBlock block)
    {
        var isTypes = block.Lines.Any(line => TypeDeclaration().IsMatch(line));
        var (head, tail) = isTypes ? ("", "") : ("public async Task Run() {", "}");
        var name = $"{NotInNames().Replace(page, "_")}_{block.Line}";
        var usings = block.Lines.Where(line => Using().IsMatch(line));
        var code = block.Lines.Select(line => Using().IsMatch(line) ? "" : line);
        return $$"""
            // A snippet may have nothing to await, and need not use its variables.
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

    private static string Errors(string code)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error
        );
        var sources = new[] { Usings, code }.Select(text => CSharpSyntaxTree.ParseText(text));
        var compilation = CSharpCompilation.Create("Snippets", sources, CompilerReferences.All, options);
        var errors = compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return string.Join('\n', errors);
    }

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
