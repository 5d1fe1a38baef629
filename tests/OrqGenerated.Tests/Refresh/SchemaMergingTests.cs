using System.Text.Json.Nodes;

namespace OrqGenerated.Tests.Refresh;

/// <summary>How several objects become one class, and how references come through it.</summary>
public sealed class SchemaMergingTests
{
    private const string Pets = """
        {
          Cat: {type: object, required: [kind, name], properties: {kind: {const: cat}, name: {type: string}, lives: {type: integer}}},
          Dog: {type: object, required: [kind, name], properties: {kind: {const: dog}, name: {type: string, maxLength: 9}, owner: {$ref: '#/components/schemas/Owner'}}},
          Owner: {type: object, properties: {name: {type: string}, pets: {type: array, items: {$ref: '#/components/schemas/Pet'}}}},
          Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind}},
        }
        """;

    [Test]
    public void One_of_several_objects_is_an_object_with_the_properties_of_all()
    {
        var pet = Refreshing.Schemas("{$ref: '#/components/schemas/Pet'}", components: Pets)[
            "Pet"
        ]!;

        Assert.That(
            pet["properties"]!.AsObject().Select(p => p.Key),
            Is.EqualTo(new[] { "kind", "lives", "name", "owner" })
        );
        Assert.That(
            pet["required"]!.ToJsonString(),
            Is.EqualTo("""["kind","name"]"""),
            "required is what each of them requires"
        );
    }

    [Test]
    public void A_property_that_they_share_can_be_any_of_its_forms()
    {
        var schemas = Refreshing.Schemas("{$ref: '#/components/schemas/Pet'}", components: Pets);

        Assert.That(schemas["PetKind"]!["enum"]!.ToJsonString(), Is.EqualTo("""["cat","dog"]"""));
        Assert.That(
            schemas["Pet"]!["properties"]!["name"]!.ToJsonString(),
            Is.EqualTo("""{"type":"string"}""")
        );
    }

    [Test]
    public void All_of_several_objects_is_one_object()
    {
        const string Components =
            "{Base: {type: object, required: [id], properties: {id: {type: string}}}}";
        var body = Refreshing.Schemas(
            "{allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {name: {type: string}}}, {required: [name]}]}",
            components: Components
        );

        Assert.That(
            body["CreatePetRequestBody"]!.ToJsonString(),
            Is.EqualTo(
                """{"type":"object","required":["id","name"],"properties":{"id":{"type":"string"},"name":{"type":"string"}}}"""
            )
        );
        Assert.That(
            body.ContainsKey("Base"),
            Is.False,
            "what nothing leads to any more is not in the document"
        );
    }

    [TestCase(
        "{allOf: [{$ref: '#/components/schemas/Owner'}]}",
        """{"$ref":"#/components/schemas/Owner"}"""
    )]
    [TestCase(
        "{$ref: '#/components/schemas/Owner', description: mine}",
        """{"$ref":"#/components/schemas/Owner"}"""
    )]
    [TestCase(
        "{anyOf: [{$ref: '#/components/schemas/Owner'}, {type: 'null'}]}",
        """{"oneOf":[{"$ref":"#/components/schemas/Owner"},{"type":"null"}]}"""
    )]
    [TestCase(
        "{nullable: true, allOf: [{$ref: '#/components/schemas/Owner'}]}",
        """{"oneOf":[{"$ref":"#/components/schemas/Owner"},{"type":"null"}]}"""
    )]
    public void A_reference_stays_a_reference(string schema, string expected) =>
        Assert.That(
            Refreshing.Request(
                schema,
                "{Owner: {type: object, properties: {name: {type: string}}}}"
            ),
            Is.EqualTo(expected)
        );

    [Test]
    public void What_the_schema_behind_a_reference_says_of_null_counts_where_it_is_used() =>
        Assert.That(
            Refreshing.Request(
                "{$ref: '#/components/schemas/Size'}",
                "{Size: {type: [string, 'null'], enum: [s, l, null]}}"
            ),
            Is.EqualTo("""{"oneOf":[{"$ref":"#/components/schemas/Size"},{"type":"null"}]}""")
        );

    [Test]
    public void A_named_schema_that_needs_no_type_of_its_own_stands_where_it_is_used() =>
        Assert.That(
            Refreshing.Request(
                "{type: array, items: {$ref: '#/components/schemas/Name'}}",
                "{Name: {type: string, maxLength: 9}}"
            ),
            Is.EqualTo("""{"type":"array","items":{"type":"string","maxLength":9}}""")
        );

    [Test]
    public void Schemas_that_contain_themselves_stay_references_also_when_merged()
    {
        const string Components = """
            {
              Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}, both: {anyOf: [{$ref: '#/components/schemas/Node'}, {$ref: '#/components/schemas/Leaf'}]}}},
              Leaf: {type: object, properties: {both: {anyOf: [{$ref: '#/components/schemas/Leaf'}, {$ref: '#/components/schemas/Node'}]}}},
              Tree: {type: array, items: {$ref: '#/components/schemas/Tree'}},
              Json: {anyOf: [{type: string}, {type: array, items: {$ref: '#/components/schemas/Json'}}]},
            }
            """;
        var schemas = Refreshing.Schemas(
            "{type: object, properties: {node: {$ref: '#/components/schemas/Node'}, json: {$ref: '#/components/schemas/Json'}}}",
            components: Components
        );

        Assert.That(
            schemas.Select(s => s.Key),
            Is.EqualTo(new[] { "CreatePetRequestBody", "Node", "NodeBoth" })
        );
        Assert.That(
            Reference(schemas["NodeBoth"]!["properties"]!["both"]!),
            Is.EqualTo("NodeBoth")
        );
        Assert.That(
            Refreshing.Response("{$ref: '#/components/schemas/Tree'}", Components),
            Does.StartWith("""{"type":"array","items":{"type":"array",""")
        );
    }

    [TestCase(
        "{$ref: '#/components/schemas/A'}",
        "{A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}"
    )]
    [TestCase(
        "{$ref: '#/components/schemas/A'}",
        "{A: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}}"
    )]
    public void A_reference_that_only_leads_to_itself_is_an_error(
        string schema,
        string components
    ) =>
        Assert.That(
            () => Refreshing.Request(schema, components),
            Throws.Exception.With.Message.EqualTo(
                "upstream.yaml: the reference #/components/schemas/A leads back to itself and never to a schema"
            )
        );

    [TestCase("#/components/schemas/Ghost", "leads nowhere")]
    [TestCase("other.yaml#/A", "leads out of the document")]
    public void A_reference_that_cannot_be_followed_is_an_error(string reference, string reason) =>
        Assert.That(
            () => Refreshing.Request($"{{$ref: '{reference}'}}"),
            Throws.Exception.With.Message.EqualTo(
                $"upstream.yaml: the reference {reference} {reason}"
            )
        );

    private static string? Reference(JsonNode schema) => schema["$ref"]?.ToString().Split('/')[^1];
}
