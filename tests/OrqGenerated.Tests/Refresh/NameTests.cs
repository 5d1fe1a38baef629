using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Names of classes, clients and methods compile, whatever the document calls them.</summary>
public sealed class NameTests
{
    [TestCase("JsonElement")]
    [TestCase("Half")]
    [TestCase("System")]
    [TestCase("Datetime")]
    public void Renames_a_schema_named_like_a_type_or_namespace_whatever_its_case(string name) =>
        Assert.That(
            Run(
                Document(
                    "{}",
                    $"{{$ref: '#/components/schemas/{name}'}}",
                    $"{{{name}: {{properties: {{a: {{type: string}}}}}}}}"
                )
            )
                .Schemas.Single()
                .Key,
            Is.EqualTo(name + "Model")
        );

    [Test]
    public void Renames_a_schema_named_like_generated_code()
    {
        const string Components =
            "{PetsClient: {properties: {a: {$ref: '#/components/schemas/Pet'}}}, "
            + "Pet: {properties: {a: {$ref: '#/components/schemas/PetCodec'}}}, "
            + "PetCodec: {properties: {a: {type: string}}}}";
        var document = Document("{}", "{$ref: '#/components/schemas/PetsClient'}", Components)
            .Replace("operationId:", "tags: [pets]\n      operationId:");

        Assert.That(Run(document).Schemas.Select(s => s.Key), Is.EqualTo(["Pet", "PetCodec2", "PetsClient2"]));
    }

    [TestCase("Video", "VideoCodec", "Video2")]
    [TestCase("Json", "Other", "Json2")]
    public void Numbers_a_schema_whose_codec_would_be_named_like_another_class(
        string name,
        string other,
        string expected
    )
    {
        var components =
            $"{{{name}: {{properties: {{a: {{type: string}}}}}}, {other}: {{properties: {{a: {{type: string}}}}}}}}";
        var document = Document(
            $"{{$ref: '#/components/schemas/{name}'}}",
            $"{{$ref: '#/components/schemas/{other}'}}",
            components
        );

        Assert.That(Run(document).Schemas.Select(s => s.Key), Is.EquivalentTo([expected, other]));
    }

    [Test]
    public void Removes_the_suffix_Async_as_NSwag_does() =>
        Assert.That(
            Run(Operation("").Replace("CallPet", "callAsync")).Operation["operationId"]!.ToString(),
            Is.EqualTo("Call")
        );

    [Test]
    public void Renames_a_tag_whose_client_would_be_named_like_a_dotnet_type() =>
        Assert.That(Run(Operation("tags: [http]")).Operation["tags"]!.ToJsonString(), Is.EqualTo("""["HttpApi"]"""));

    [Test]
    public void Operations_without_a_tag_share_a_client_with_the_tag_default()
    {
        var refreshed = Run(
            "openapi: 3.1.0\npaths: {/a: {get: "
                + "{operationId: A, tags: [default], responses: {'204': {description: x}}}, "
                + "put: {operationId: B, responses: {'204': {description: x}}}}}\n"
        );

        Assert.That(
            refreshed.Document["paths"]!["/a"]!.AsObject().Select(o => o.Value!["tags"]!.ToJsonString()),
            Is.All.EqualTo("""["Default"]""")
        );
    }

    [Test]
    public void Leaves_out_an_operation_whose_method_name_collides()
    {
        var refreshed = Run(
            $"openapi: 3.1.0\n{Servers}"
                + "paths: {/a: {get: {operationId: x, responses: {'204': {description: x}}}, "
                + "put: {operationId: xWithResponse, responses: {'204': {description: x}}}}}\n"
        );

        Assert.That(refreshed.Operation["operationId"]!.ToString(), Is.EqualTo("XWithResponse"));
        Assert.That(
            refreshed.Errors,
            Is.EqualTo([
                "GET /a X is left out: one of its methods would have the name of one of PUT /a "
                    + "(refresh.yaml can rename one by its route)",
            ])
        );
    }
}
