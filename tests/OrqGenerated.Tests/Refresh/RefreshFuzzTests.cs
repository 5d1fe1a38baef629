using System.Text;
using System.Text.Json.Nodes;
using OrqGenerated.Refresh;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Upstream documents that are damaged, or that would expand endlessly.</summary>
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
    public void Reads_a_repeatedly_referenced_schema_once() =>
        Assert.That(
            Response(
                "{$ref: '#/components/schemas/L0'}",
                Levels(64, "anyOf: [{$ref: '#/components/schemas/L'}, {$ref: '#/components/schemas/L'}]")
            ),
            Is.EqualTo("""{"type":"string"}"""),
            "2^64 reads would never end"
        );

    [Test]
    public void Writes_an_unnamed_type_once_however_often_it_is_used()
    {
        var levels = Levels(
            64,
            "items: {properties: {a: {$ref: '#/components/schemas/L'}, b: {$ref: '#/components/schemas/L'}}}"
        );
        var refreshed = Run(Document("{}", "{$ref: '#/components/schemas/L0'}", levels));

        Assert.That(refreshed.Schemas, Has.Count.EqualTo(64), "2^64 types would never end");
    }

    [TestCase("$ref: '#/components/schemas/L'", "standard input: the schema L[0-9]+ is nested too deeply")]
    [TestCase(
        "properties: {a: {$ref: '#/components/schemas/L'}}",
        "#/components/schemas/L200 is nested inside more than 200 other schemas"
    )]
    public void Refuses_a_chain_of_thousands_of_references(string keys, string line)
    {
        var document = Document("{}", "{$ref: '#/components/schemas/L0'}", Levels(20_000, keys));

        Assert.That(Run(document).Errors.Single(), Does.Match($"^{line}$"));
    }

    [Test]
    public void Refuses_deep_schemas_that_refer_to_deep_schemas()
    {
        var deep = string.Concat(Enumerable.Repeat("allOf: [{", 80));
        var keys = deep + "$ref: '#/components/schemas/L'" + string.Concat(Enumerable.Repeat("}]", 80));

        var document = Document("{}", "{$ref: '#/components/schemas/L0'}", Levels(190, keys));

        Assert.That(
            Run(document).Errors.Single(),
            Does.Match("^standard input: (a schema|the schema L[0-9]+) is nested too deeply$")
        );
    }

    [Test]
    public async Task Accepts_any_document_or_refuses_it_in_one_line()
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

    /// <summary>Replaces three random nodes of the document.</summary>
    private static string Damage(string text, Random random)
    {
        var document = DocumentReader.Read(text, "upstream");
        for (var i = 0; i < 3; i++)
        {
            var nodes = Descendants(document).ToList();
            random.Pick(nodes).ReplaceWith(JsonNode.Parse(random.Pick(Wrong)));
        }

        return document.ToJsonString();
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        var children = node switch
        {
            JsonObject o => o.Select(p => p.Value),
            JsonArray a => a,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(c => Descendants(c).Prepend(c));
    }

    private static void Refresh(byte[] upstream)
    {
        var (code, text, _, errors) = Run(upstream);

        Assert.That(code, Is.AnyOf(0, 2));
        Assert.That(errors, Has.None.Contains("   at ").And.None.Contains("Exception"));
        if (code == 2)
        {
            Assert.That(errors, Has.Count.EqualTo(1), "a refusal is one line");
            Assert.That(text, Is.Null, "a refusal writes nothing");
        }
    }

    /// <summary>Schemas L0, L1 and so on with these keys, where L is the next schema; the last is a string.</summary>
    private static string Levels(int count, string keys) =>
        string.Concat(
            Enumerable
                .Range(0, count)
                .Select(n => $"L{n}: {{{keys.Replace("/L'", $"/L{n + 1}'")}}}, ")
                .Prepend("{")
                .Append($"L{count}: {{type: string}}}}")
        );
}
