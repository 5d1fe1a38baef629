namespace OrqGenerated.Tests.Refresh;

/// <summary>Classes, clients and methods have names that compile, whatever the document calls them.</summary>
public sealed class NameTests
{
    [TestCase("Activity")]
    [TestCase("Half")]
    [TestCase("Internal")]
    [TestCase("JsonElement")]
    [TestCase("System")]
    [TestCase("OrqException")]
    [TestCase("Timeout")]
    public void A_schema_called_like_a_type_that_the_library_uses_has_a_name_of_its_own(string name) =>
        Assert.That(
            Refreshing
                .Run(
                    Refreshing.Document(
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
    public void A_schema_called_like_generated_code_has_a_name_of_its_own()
    {
        const string Components =
            "{PetsClient: {properties: {a: {$ref: '#/components/schemas/Pet'}}}, "
            + "Pet: {properties: {a: {$ref: '#/components/schemas/PetCodec'}}}, "
            + "PetCodec: {properties: {a: {type: string}}}}";
        var document = Refreshing
            .Document("{}", "{$ref: '#/components/schemas/PetsClient'}", Components)
            .Replace("operationId:", "tags: [pets]\n      operationId:", StringComparison.Ordinal);

        Assert.That(
            Refreshing.Run(document).Schemas.Select(s => s.Key),
            Is.EqualTo(new[] { "Pet", "PetCodec2", "PetsClient2" })
        );
    }

    [TestCase("Video", "VideoCodec", "Video2")]
    [TestCase("Json", "Other", "Json2")]
    public void A_schema_whose_codec_would_be_called_like_another_class_is_numbered(
        string name,
        string other,
        string expected
    )
    {
        var components =
            $"{{{name}: {{properties: {{a: {{type: string}}}}}}, {other}: {{properties: {{a: {{type: string}}}}}}}}";
        var document = Refreshing.Document(
            $"{{$ref: '#/components/schemas/{name}'}}",
            $"{{$ref: '#/components/schemas/{other}'}}",
            components
        );

        Assert.That(Refreshing.Run(document).Schemas.Select(s => s.Key), Is.EquivalentTo(new[] { expected, other }));
    }

    [Test]
    public void An_operation_that_ends_in_Async_is_named_without_it_as_NSwag_does() =>
        Assert.That(
            Refreshing
                .Run(Refreshing.Operation("").Replace("CallPet", "callAsync", StringComparison.Ordinal))
                .Operation["operationId"]!.ToString(),
            Is.EqualTo("Call")
        );

    [Test]
    public void A_tag_whose_client_would_be_called_like_a_type_of_dotnet_has_another_name() =>
        Assert.That(
            Refreshing.Run(Refreshing.Operation("tags: [http]")).Operation["tags"]!.ToJsonString(),
            Is.EqualTo("""["HttpApi"]""")
        );

    [Test]
    public void An_operation_without_a_tag_is_in_the_client_of_the_tag_default()
    {
        var refreshed = Refreshing.Run(
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
    public void An_operation_whose_method_would_meet_that_of_another_is_refused()
    {
        var refreshed = Refreshing.Run(
            $"openapi: 3.1.0\n{Refreshing.Servers}"
                + "paths: {/a: {get: {operationId: x, responses: {'204': {description: x}}}, "
                + "put: {operationId: xWithResponse, responses: {'204': {description: x}}}}}\n"
        );

        Assert.That(refreshed.Operation["operationId"]!.ToString(), Is.EqualTo("XWithResponse"));
        Assert.That(
            refreshed.Errors,
            Is.EqualTo(
                new[]
                {
                    "GET /a X is left out: a method of it would be called like one of PUT /a "
                        + "(refresh.yaml can rename one by its route)",
                }
            )
        );
    }
}
