namespace OrqGenerated.Tests.Refresh;

/// <summary>What refresh.yaml adds to an operation beyond texts: how its pages follow each other, and limits.</summary>
public sealed class PagingTests
{
    private const string Upstream = """
        openapi: 3.1.0
        servers: [{url: 'https://a.test'}]
        paths:
          /pets:
            get:
              operationId: ListPets
              parameters:
                - {name: after, in: query, schema: {type: string}}
                - {name: limit, in: query, schema: {type: integer}}
                - {name: owner, in: query, required: true, schema: {type: string}}
              responses: {"200": {description: OK,
                content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}}}
        components:
          schemas:
            Page: {required: [pets, more, Pets, names],
              properties: {pets: {type: array, items: {$ref: "#/components/schemas/Pet"}},
              Pets: {type: array, items: {type: string}}, names: {type: array, items: {type: string}},
              more: {type: boolean}, isLast: {type: boolean}}}
            Pet: {required: [id], properties: {id: {type: string}, name: {type: string}}}

        """;

    [Test]
    public void A_list_says_how_its_pages_follow_each_other_and_what_is_on_them() =>
        Assert.That(
            Refreshed("cursor: after, items: pets, id: id, more: more").Operation["x-orq-paging"]!.ToJsonString(),
            Is.EqualTo("""{"cursor":"after","items":"pets","id":"id","more":"more","item":"Pet"}""")
        );

    [Test]
    public void The_report_names_the_method_that_comes_of_it() =>
        Assert.That(
            Refreshing
                .Run(
                    Unambiguous,
                    Config("cursor: after, items: pets, id: id, more: more"),
                    Refreshing.Run(Unambiguous).Text
                )
                .Report,
            Does.Contain("`ListPetsAllAsync` added, `IAsyncEnumerable<Pet>`")
        );

    [TestCase("items: pets, id: id, more: more", "it lacks 'cursor'")]
    [TestCase(
        "cursor: before, items: pets, id: id, more: more",
        "before is no optional query parameter that takes a text"
    )]
    [TestCase(
        "cursor: limit, items: pets, id: id, more: more",
        "limit is no optional query parameter that takes a text"
    )]
    [TestCase(
        "cursor: owner, items: pets, id: id, more: more",
        "owner is no optional query parameter that takes a text"
    )]
    [TestCase("cursor: after, items: cats, id: id, more: more", "Page has no required array cats")]
    [TestCase("cursor: after, items: names, id: id, more: more", "an answer has no required string id")]
    [TestCase("cursor: after, items: pets, id: name, more: more", "Pet has no required string name")]
    [TestCase("cursor: after, items: pets, id: id, more: isLast", "Page has no required boolean isLast")]
    public void Pages_that_could_not_be_read_are_refused(string paging, string why)
    {
        var refreshed = Refreshed(paging);

        Assert.That(
            (refreshed.Code, refreshed.Errors),
            Is.EqualTo((2, new[] { $"refresh.yaml: the x-orq-paging of ListPets leads nowhere: {why}" }))
        );
    }

    [Test]
    public void Items_whose_name_another_field_has_in_CSharp_are_refused() =>
        Assert.That(
            Refreshing.Run(Upstream, Config("cursor: after, items: pets, id: id, more: more")).Errors,
            Is.EqualTo(
                new[] { "refresh.yaml: the x-orq-paging of ListPets leads nowhere: Page has no required array pets" }
            )
        );

    [Test]
    public void Lengths_can_be_added_to_texts_that_are_sent()
    {
        var refreshed = Refreshing.Run(
            Refreshing.Document(
                "{properties: {name: {type: string}, age: {type: integer}}}",
                "{properties: {name: {type: string}}}"
            ),
            """
            info: {title: T, version: V}
            operations: {CreatePet: }
            schemas:
              CreatePetRequestBody: {properties: {name: {minLength: 1, maxLength: 120}, age: {minLength: 1}}}
              CreatePetResponseBody: {properties: {name: {maxLength: 120}}}
            """
        );

        Assert.That(
            refreshed.Schemas["CreatePetRequestBody"]!["properties"]!.ToJsonString(),
            Is.EqualTo(
                """{"name":{"type":"string","minLength":1,"maxLength":120},"age":{"type":"integer","format":"int64"}}"""
            )
        );
        Assert.That(
            refreshed.Schemas["CreatePetResponseBody"]!["properties"]!.ToJsonString(),
            Is.EqualTo("""{"name":{"type":"string"}}""")
        );
        Assert.That(
            refreshed.Errors,
            Is.EquivalentTo(
                new[]
                {
                    "refresh.yaml: CreatePetRequestBody.age is no text that is sent, so it has no minLength",
                    "refresh.yaml: CreatePetResponseBody.name is no text that is sent, so it has no maxLength",
                }
            )
        );
    }

    [TestCase("{type: object, properties: {}}", false)]
    [TestCase("{type: object}", true)]
    [TestCase("{type: object, properties: {}, additionalProperties: true}", true)]
    public void An_answer_that_is_an_object_without_a_single_property_is_no_answer(string schema, bool hasBody) =>
        Assert.That(
            Refreshing.Run(Refreshing.Document("{}", schema)).Operation["responses"]!["200"]!.AsObject(),
            Has.Count.EqualTo(hasBody ? 2 : 1)
        );

    [Test]
    public void The_report_names_values_of_Protocol_Buffers_as_the_generated_code_does() =>
        Assert.That(
            Refreshing
                .Change(
                    Refreshing.Document(
                        "{properties: {size: {$ref: '#/components/schemas/PetSize'}}}",
                        components: Sizes("PET_SIZE_BIG, XL")
                    ),
                    Refreshing.Document(
                        "{properties: {size: {$ref: '#/components/schemas/PetSize'}}}",
                        components: Sizes("XL")
                    )
                )
                .Report,
            Does.Contain("`Big` removed, was `PET_SIZE_BIG` in JSON")
        );

    private static string Unambiguous =>
        Upstream.Replace("Pets: {type: array, items: {type: string}}, ", "", StringComparison.Ordinal);

    private static string Sizes(string values) => $"{{PetSize: {{type: string, enum: [{values}]}}}}";

    private static string Config(string paging) =>
        $"{{info: {{title: T, version: V}}, operations: {{ListPets: {{x-orq-paging: {{{paging}}}}}}}}}";

    private static Refreshed Refreshed(string paging) => Refreshing.Run(Unambiguous, Config(paging));
}
