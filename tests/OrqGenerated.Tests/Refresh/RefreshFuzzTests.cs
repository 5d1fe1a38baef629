using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Upstream documents that somebody has damaged.</summary>
internal sealed class RefreshFuzzTests
{
    [Test]
    public async Task Any_document_is_taken_or_refused_in_one_line()
    {
        var folder = Directory.CreateTempSubdirectory("refresh").FullName;
        string[] documents =
        [
            Contacts.Latest(),
            await File.ReadAllTextAsync(Repository.PathTo("openapi", "contacts.yaml")),
            await File.ReadAllTextAsync(Repository.PathTo("tests", "OrqGenerated.GeneratedTests", "everything.yaml")),
        ];
        try
        {
            await Fuzz.RunAsync(
                300,
                random =>
                {
                    var text = random.MutateLines(random.Pick(documents));
                    Refresh(folder, random.Happens(0.2) ? random.Mutate(text) : Encoding.UTF8.GetBytes(text));
                    return Task.CompletedTask;
                }
            );
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Refresh(string folder, byte[] upstream)
    {
        var target = Path.Combine(folder, "whole.yaml");
        File.Delete(target);
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = OrqGenerated.Refresh.Program.Run(
            ["-", "--all", "--output", target],
            () => new MemoryStream(upstream),
            output,
            error
        );

        Assert.That(code, Is.AnyOf(0, 2, 3));
        Assert.That(error.ToString(), Does.Not.Contain("   at ").And.Not.Contain("Exception"));
        if (code == 2)
        {
            Assert.That(error.ToString(), Does.Match("^[^\r\n]+\r?\n$"), "a refusal is one line");
            Assert.That(File.Exists(target), Is.False, "a refusal writes nothing");
        }
    }
}
