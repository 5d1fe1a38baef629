using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>The OpenAPI documents pass a third-party linter.</summary>
internal sealed class LintTests
{
    private static IEnumerable<string> Documents =>
        Directory
            .EnumerateFiles(Repository.PathTo("openapi"), "*.yaml")
            .Where(file => File.ReadLines(file).First().StartsWith("openapi:", StringComparison.Ordinal))
            .Select(file => Path.GetFileName(file));

    [TestCaseSource(nameof(Documents))]
    public async Task A_document_passes_Redocly(string name)
    {
        var (exitCode, output) = await NodePackages.RunAsync(
            Path.Combine("node_modules", "@redocly", "cli", "bin", "cli.js"),
            "lint",
            Repository.PathTo("openapi", name),
            "--config",
            Repository.PathTo("openapi", "redocly.yaml")
        );

        Assert.That(exitCode, Is.Zero, output);
    }
}
