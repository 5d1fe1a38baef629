using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Refresh;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>What does not matter to a client changes no byte.</summary>
public sealed class NoNoiseTests
{
    private static readonly string Config = File.ReadAllText(
        Repository.PathTo("openapi/refresh.yaml")
    );
    private static readonly string CheckedIn = File.ReadAllText(
        Repository.PathTo("openapi/contacts.yaml")
    );

    /// <summary>Lists of which the order says something.</summary>
    private static readonly string[] Ordered = ["servers", "tags"];

    [FsCheck.NUnit.Property(MaxTest = 50)]
    public void Neither_the_order_nor_the_words_nor_the_time_of_the_build(
        int seed,
        DateTime builtAt,
        NonNull<string> words
    )
    {
        var text = words
            .Get.Replace("\"", "'", StringComparison.Ordinal)
            .Replace("\\", "/", StringComparison.Ordinal);
        var upstream = Contacts.Latest(
            builtAt.ToString("O", CultureInfo.InvariantCulture),
            new string([
                .. text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c < '\uFFFE'),
            ])
        );
        var shuffled = Shuffle(DocumentReader.Read(upstream, "upstream"), seed, "")!.ToJsonString();

        Assert.That(
            Refreshing.Text(shuffled, Config),
            Is.EqualTo(CheckedIn),
            "the order of keys and members does not matter"
        );
        Assert.That(
            CanonicalYaml.Write(
                Refresher
                    .Refresh(
                        Refreshing.Upstream(shuffled),
                        RefreshConfig.WholeDocument(JsonNode.Parse(Titled)!.AsObject())
                    )
                    .Document
            ),
            Is.EqualTo(
                CanonicalYaml.Write(
                    Refresher
                        .Refresh(
                            Refreshing.Upstream(Contacts.Latest()),
                            RefreshConfig.WholeDocument(JsonNode.Parse(Titled)!.AsObject())
                        )
                        .Document
                )
            ),
            "nor does it for a whole document"
        );
    }

    private const string Titled = """{"info": {"title": "T", "version": "1"}}""";

    [Test]
    public void Neither_quoting_nor_comments_nor_the_way_of_writing()
    {
        var tree = DocumentReader.Read(Contacts.Latest(), "upstream");

        Assert.That(
            Refreshing.Text("# a comment\n" + CanonicalYaml.Write(tree), Config),
            Is.EqualTo(CheckedIn),
            "block style"
        );
        Assert.That(
            Refreshing.Text(
                tree.ToJsonString(new JsonSerializerOptions { WriteIndented = true }),
                Config
            ),
            Is.EqualTo(CheckedIn),
            "JSON"
        );
        Assert.That(
            Refreshing.Text(tree.ToJsonString(), Config),
            Is.EqualTo(CheckedIn),
            "one line"
        );
    }

    [Test]
    public void Neither_an_unrelated_operation_nor_an_unrelated_schema_even_a_broken_one() =>
        Assert.That(
            Refreshing.Text(
                Contacts
                    .Latest()
                    .Replace(
                        "    Unrelated:",
                        "    Broken: {$ref: '#/components/schemas/Ghost'}\n    Unrelated:",
                        StringComparison.Ordinal
                    )
                    .Replace(
                        "  /v2/identities:",
                        "  /v2/people: {get: {operationId: ListPeople, responses: {'200': {description: x}}}}\n  /v2/identities:",
                        StringComparison.Ordinal
                    ),
                Config
            ),
            Is.EqualTo(CheckedIn)
        );

    private static JsonNode? Shuffle(JsonNode? node, int seed, string key) =>
        node switch
        {
            JsonObject o => new JsonObject(
                Shuffled(o, seed)
                    .Select(p => KeyValuePair.Create(p.Key, Shuffle(p.Value, seed + 1, p.Key)))
            ),
            JsonArray a when !Ordered.Contains(key) => new JsonArray([
                .. Shuffled(a, seed).Select(i => Shuffle(i, seed + 1, "")),
            ]),
            _ => node?.DeepClone(),
        };

    private static List<T> Shuffled<T>(IEnumerable<T> items, int seed)
    {
        var random = new System.Random(seed);
        return [.. items.OrderBy(_ => random.Next())];
    }
}
