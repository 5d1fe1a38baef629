using System.Text;
using System.Text.Json.Nodes;
using OrqGenerated.Refresh;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Upstream documents that somebody has damaged.</summary>
internal sealed class RefreshFuzzTests
{
    private static readonly string[] Wrong =
    [
        "null",
        "true",
        "-1.5",
        "\"text\"",
        "[]",
        "[1]",
        "{}",
        "{\"$ref\": \"#/paths\"}",
        "{\"type\": \"object\"}",
    ];

    [Test]
    public async Task Any_document_is_taken_or_refused_in_one_line()
    {
        string[] documents =
        [
            Contacts.Latest(),
            await File.ReadAllTextAsync(Repository.PathTo("openapi", "contacts.yaml")),
            await File.ReadAllTextAsync(Repository.PathTo("tests", "OrqGenerated.GeneratedTests", "everything.yaml")),
        ];
        await Fuzz.RunAsync(
            600,
            random =>
            {
                var document = random.Pick(documents);
                var text = random.Happens(0.5) ? Damage(document, random) : random.MutateLines(document);
                Refresh(random.Happens(0.2) ? random.Mutate(text) : Encoding.UTF8.GetBytes(text));
                return Task.CompletedTask;
            }
        );
    }

    /// <summary>The document with something else in three places of its tree.</summary>
    private static string Damage(string text, Random random)
    {
        var document = DocumentReader.Read(text, "upstream");
        for (var i = 0; i < 3; i++)
        {
            var nodes = Below(document).ToList();
            random.Pick(nodes).ReplaceWith(JsonNode.Parse(random.Pick(Wrong)));
        }

        return document.ToJsonString();
    }

    private static IEnumerable<JsonNode> Below(JsonNode node)
    {
        var children = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(c => Below(c).Prepend(c));
    }

    private static void Refresh(byte[] upstream)
    {
        var (code, text, _, errors) = Refreshing.Run(upstream);

        Assert.That(code, Is.AnyOf(0, 2));
        Assert.That(errors, Has.None.Contains("   at ").And.None.Contains("Exception"));
        if (code == 2)
        {
            Assert.That(errors, Has.Count.EqualTo(1), "a refusal is one line");
            Assert.That(text, Is.Null, "a refusal writes nothing");
        }
    }
}
