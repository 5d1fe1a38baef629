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
              responses: {"200": {description: OK,
                content: {application/json: {schema: {$ref: "#/components/schemas/Page"}}}}}
        components:
          schemas:
            Page: {required: [pets, more, names],
              properties: {pets: {type: array, items: {$ref: "#/components/schemas/Pet"}},
              names: {type: array, items: {type: string}},
              more: {type: boolean}}}
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
                .Run(Upstream, Config("cursor: after, items: pets, id: id, more: more"), Refreshing.Run(Upstream).Text)
                .Report,
            Does.Contain("`ListPetsAllAsync` added, `IAsyncEnumerable<Pet>`")
        );

    [TestCase("items: pets, id: id, more: more", "missing required properties including: 'cursor'")]
    [TestCase("cursor: after, items: cats, id: id, more: more", "the answer of ListPets has no list of objects cats")]
    [TestCase("cursor: after, items: names, id: id, more: more", "the answer of ListPets has no list of objects names")]
    public void Pages_that_could_not_be_read_are_refused(string paging, string why)
    {
        var refreshed = Refreshed(paging);

        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Errors.Single(), Does.StartWith("refresh.yaml: ").And.Contain(why));
    }

    [Test]
    public void Pages_whose_id_would_be_read_from_another_field_of_the_same_words_are_refused()
    {
        var upstream = Upstream.Replace("{id: ", "{_id: {type: string}, id: ", StringComparison.Ordinal);

        var refreshed = Refreshing.Run(upstream, Config("cursor: after, items: pets, id: id, more: more"));

        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Errors, Is.EqualTo(new[] { "refresh.yaml: the pages' id would be taken from _id" }));
    }

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

    private static string Sizes(string values) => $"{{PetSize: {{type: string, enum: [{values}]}}}}";

    private static string Config(string paging) =>
        $"{{info: {{title: T, version: V}}, operations: {{ListPets: {{x-orq-paging: {{{paging}}}}}}}}}";

    private static Refreshed Refreshed(string paging) => Refreshing.Run(Upstream, Config(paging));
}
