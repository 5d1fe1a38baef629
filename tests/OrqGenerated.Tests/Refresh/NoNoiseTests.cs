using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OrqGenerated.Refresh;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Changes that do not matter to a client change no byte.</summary>
public sealed class NoNoiseTests
{
    /// <summary>Lists whose order matters.</summary>
    private static readonly string[] Ordered = ["servers", "tags"];

    [SeededProperty(MaxTest = 50)]
    public void Ignores_order_descriptions_and_build_time(int seed, DateTime builtAt, NonNull<string> words)
    {
        var text = words.Get.Replace("\"", "'").Replace("\\", "/");
        var upstream = Contacts.Latest(
            builtAt.ToString("O", CultureInfo.InvariantCulture),
            new string([.. text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c < '\uFFFE')])
        );
        var shuffled = Shuffle(DocumentReader.Read(upstream, "upstream"), seed, "")!.ToJsonString();

        Assert.That(Run(shuffled, Contacts.Config).Text, Is.EqualTo(Contacts.Made));
    }

    [SeededProperty(MaxTest = 50)]
    public void Ignores_the_order_of_unions_parameters_and_shared_schemas(int seed)
    {
        const string Zoo = """
            openapi: 3.1.0
            security: [{A: []}, {C: []}]
            components:
              securitySchemes: {A: {type: http, scheme: bearer}, C: {type: http, scheme: bearer}}
              schemas:
                Cat: {type: object, required: [kind, name],
                  properties: {kind: {const: cat}, name: {type: string, maxLength: 5},
                  home: {$ref: '#/components/schemas/Home'}}}
                Dog: {type: object, required: [name, kind],
                  properties: {kind: {const: dog}, name: {type: string, maxLength: 9},
                  home: {properties: {city: {type: string}}}}}
                Home: {type: object,
                  properties: {city: {enum: [b, a, c]},
                  pets: {items: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}}}
            paths:
              /pets/{kind}/{id}:
                parameters: [{in: path, name: kind, required: true, schema: {enum: [dog, cat]}}]
                put:
                  parameters: [{in: query, name: b, schema: {type: string}},
                    {in: query, name: a, schema: {type: string}},
                    {in: path, name: id, required: true, schema: {type: string}}]
                  requestBody:
                    content:
                      application/json:
                        schema: {allOf: [{$ref: '#/components/schemas/Dog'},
                          {properties: {name: {type: string, pattern: x}}},
                          {properties: {name: {type: string, pattern: y, minLength: 2}}}]}
                  responses:
                    "200": {description: x,
                      content: {application/json: {schema: {anyOf: [{$ref: '#/components/schemas/Cat'},
                      {type: "null"}, {properties: {a: {properties: {b: {type: integer}}}}}]}}}}
                    "201": {description: x,
                      content: {application/json: {schema: {properties: {z: {properties: {b: {type: integer}}}}}}}}
              /pets:
                get: {responses: {"200": {description: x, content: {application/json:
                  {schema: {items: {properties: {x: {properties: {b: {type: integer}}}}}}}}}}}

            """;
        var shuffled = Shuffle(DocumentReader.Read(Zoo, "zoo"), seed, "")!.ToJsonString();

        Assert.That(Run(shuffled).Text, Is.Not.Null.And.EqualTo(Run(Zoo).Text));
    }

    [Test]
    public void Ignores_quoting_comments_and_layout()
    {
        var tree = DocumentReader.Read(Contacts.Latest(), "upstream");

        var indented = tree.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

        Assert.That(Run("# a comment\n" + CanonicalYaml.Write(tree), Contacts.Config).Text, Is.EqualTo(Contacts.Made));
        Assert.That(Run(indented, Contacts.Config).Text, Is.EqualTo(Contacts.Made), "JSON");
        Assert.That(Run(tree.ToJsonString(), Contacts.Config).Text, Is.EqualTo(Contacts.Made), "one line");
    }

    [Test]
    public void Ignores_unrelated_operations_and_schemas_even_broken_ones() =>
        Assert.That(
            Run(
                Contacts
                    .Latest()
                    .Replace("    Unrelated:", "    Broken: {$ref: '#/components/schemas/Ghost'}\n    Unrelated:")
                    .Replace(
                        "  /v2/identities:",
                        "  /v2/people: {get: {operationId: ListPeople, "
                            + "responses: {'200': {description: x}}}}\n  /v2/identities:"
                    ),
                Contacts.Config
            ).Text,
            Is.EqualTo(Contacts.Made)
        );

    private static JsonNode? Shuffle(JsonNode? node, int seed, string key) =>
        node switch
        {
            JsonObject o => new JsonObject(
                Shuffled(o, seed).Select(p => KeyValuePair.Create(p.Key, Shuffle(p.Value, seed + 1, p.Key)))
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
