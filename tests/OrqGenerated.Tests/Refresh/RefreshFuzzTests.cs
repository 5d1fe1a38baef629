using System.Text;
using System.Text.Json.Nodes;
using OrqGenerated.Refresh;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Upstream documents that somebody has damaged, or that grow while they are read.</summary>
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
    public void A_named_schema_that_others_repeat_is_read_once() =>
        Assert.That(
            Refreshing.Response(
                "{$ref: '#/components/schemas/L0'}",
                Levels(64, "anyOf: [{$ref: '#/components/schemas/L'}, {$ref: '#/components/schemas/L'}]")
            ),
            Is.EqualTo("""{"type":"string"}"""),
            "2^64 readings would not end"
        );

    [Test]
    public void A_type_without_a_name_is_one_wherever_it_is_used()
    {
        var levels = Levels(
            64,
            "items: {properties: {a: {$ref: '#/components/schemas/L'}, b: {$ref: '#/components/schemas/L'}}}"
        );
        var refreshed = Refreshing.Run(Refreshing.Document("{}", "{$ref: '#/components/schemas/L0'}", levels));

        Assert.That(refreshed.Schemas, Has.Count.EqualTo(64), "2^64 types would not end");
    }

    [TestCase(
        "$ref: '#/components/schemas/L'",
        "standard input: more than 200 references lead to #/components/schemas/L200"
    )]
    [TestCase(
        "anyOf: [{$ref: '#/components/schemas/L'}, {type: 'null'}]",
        "standard input: more than 200 references lead to #/components/schemas/L200"
    )]
    [TestCase(
        "properties: {a: {$ref: '#/components/schemas/L'}}",
        "#/components/schemas/L200 lies inside more than 200 other schemas"
    )]
    [TestCase(
        "items: {$ref: '#/components/schemas/L'}",
        "#/components/schemas/L200 lies inside more than 200 other schemas"
    )]
    public void A_chain_of_thousands_of_references_is_refused(string keys, string line)
    {
        var document = Refreshing.Document("{}", "{$ref: '#/components/schemas/L0'}", Levels(20_000, keys));

        Assert.That(Refreshing.Run(document).Errors, Is.EqualTo(new[] { line }));
    }

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

    /// <summary>Schemas from L0 on, each with these keys, in which L is the next one; the last is a string.</summary>
    private static string Levels(int count, string keys) =>
        string.Concat(
            Enumerable
                .Range(0, count)
                .Select(n => $"L{n}: {{{keys.Replace("/L'", $"/L{n + 1}'", StringComparison.Ordinal)}}}, ")
                .Prepend("{")
                .Append($"L{count}: {{type: string}}}}")
        );
}
