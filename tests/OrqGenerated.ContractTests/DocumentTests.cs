using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>The document by the rules of others.</summary>
internal sealed class DocumentTests
{
    [Test]
    public async Task The_document_passes_the_linter()
    {
        using var linter = NodePackages.StartNode(
            Path.Combine("node_modules", "@redocly", "cli", "bin", "cli.js"),
            "lint",
            Repository.PathTo("openapi", "contacts.yaml"),
            "--config",
            Repository.PathTo("openapi", "redocly.yaml")
        );
        linter.StandardInput.Close();
        var output = linter.StandardOutput.ReadToEndAsync();
        var error = await linter.StandardError.ReadToEndAsync();
        await linter.WaitForExitAsync();

        Assert.That(linter.ExitCode, Is.Zero, $"{error}{await output}");
    }
}
