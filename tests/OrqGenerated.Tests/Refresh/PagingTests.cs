using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Paging, which only refresh.yaml describes.</summary>
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
    public void Writes_the_paging_fields_and_the_item_type() =>
        Assert.That(
            WithPaging("cursor: after, items: pets, id: id, more: more").Operation["x-orq-paging"]!.ToJsonString(),
            Is.EqualTo("""{"cursor":"after","items":"pets","id":"id","more":"more","item":"Pet"}""")
        );

    [Test]
    public void The_report_names_the_generated_method() =>
        Assert.That(
            Run(Upstream, Config("cursor: after, items: pets, id: id, more: more"), Run(Upstream).Text).Report,
            Does.Contain("`ListPetsAllAsync` added, `IAsyncEnumerable<Pet>`")
        );

    [TestCase("items: pets, id: id, more: more", "missing required properties including: 'cursor'")]
    [TestCase("cursor: after, items: cats, id: id, more: more", "the response of ListPets has no list of objects cats")]
    [TestCase(
        "cursor: after, items: names, id: id, more: more",
        "the response of ListPets has no list of objects names"
    )]
    public void Refuses_invalid_paging(string paging, string why)
    {
        var refreshed = WithPaging(paging);

        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Errors.Single(), Does.StartWith("refresh.yaml: ").And.Contain(why));
    }

    [Test]
    public void Refuses_paging_by_a_field_whose_CSharp_name_collides()
    {
        var upstream = Upstream.Replace("{id: ", "{_id: {type: string}, id: ");

        var refreshed = Run(upstream, Config("cursor: after, items: pets, id: id, more: more"));

        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Errors, Is.EqualTo(["refresh.yaml: the pages' id would be read from _id"]));
    }

    private static string Config(string paging) =>
        $"{{info: {{title: T, version: V}}, operations: {{ListPets: {{x-orq-paging: {{{paging}}}}}}}}}";

    private static RefreshResult WithPaging(string paging) => Run(Upstream, Config(paging));
}
