using OrqGenerated.Refresh;

namespace OrqGenerated.Tests.Refresh;

/// <summary>refresh.yaml says only what is understood.</summary>
public sealed class RefreshConfigTests
{
    [TestCase("operations: {A: }", "refresh.yaml lacks 'info'")]
    [TestCase("info: {title: T}\noperations: {A: }", "refresh.yaml lacks 'info.version'")]
    [TestCase(
        "info: {title: T, version: V}",
        "refresh.yaml lists no operation; '*' stands for all of them"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperation: {A: }",
        "refresh.yaml: unknown key 'operation'; known are info, servers, replaceServers, securitySchemes, tags, operations, schemas"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: {sumary: x}}",
        "refresh.yaml: unknown key 'sumary' in 'operations.A'; known are name, summary, description, x-idempotent, requestBody, parameters, responses"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: {x-idempotent: }}",
        "refresh.yaml: 'operations.A.x-idempotent' has to say why the operation may be repeated"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: {x-idempotent: true}}",
        "refresh.yaml: 'operations.A.x-idempotent' has to say why the operation may be repeated"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: [A]",
        "refresh.yaml: 'operations' has to be a mapping"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: }\nschemas: {S: {properties: {p: {examples: x}}}}",
        "refresh.yaml: 'properties.p.examples' has to be a list"
    )]
    public void What_is_wrong_is_named(string yaml, string message) =>
        Assert.That(
            () => RefreshConfig.Read(yaml, "refresh.yaml"),
            Throws.Exception.With.Message.EqualTo(message)
        );

    [Test]
    public void Texts_that_match_nothing_are_reported() =>
        Assert.That(
            Refreshing
                .Refresh(
                    Refreshing.Document("{properties: {a: {type: string}}}"),
                    """
                    info: {title: T, version: V}
                    servers: {https://nowhere.test: x}
                    securitySchemes: {Key: x}
                    tags: {Zoo: x}
                    operations: {CreatePet: {parameters: {limit: x}, responses: {"404": x}}}
                    schemas: {Zoo: {}, CreatePetRequestBody: {properties: {b: x}}}
                    """
                )
                .Notes,
            Is.EquivalentTo(
                new[]
                {
                    "refresh.yaml: CreatePet has no parameter limit",
                    "refresh.yaml: CreatePet has no response 404",
                    "refresh.yaml: no server https://nowhere.test in the document",
                    "refresh.yaml: no operation has the tag Zoo",
                    "refresh.yaml: no operation uses the security scheme Key",
                    "refresh.yaml: no schema is named Zoo",
                    "refresh.yaml: CreatePetRequestBody has no property b",
                }
            )
        );

    [Test]
    public void Properties_come_in_its_order_and_then_by_name() =>
        Assert.That(
            Refreshing
                .Refresh(
                    Refreshing.Document(
                        "{required: [a, z], properties: {a: {type: string}, c: {type: string}, b: {type: string}, z: {type: string}}}"
                    ),
                    """
                    info: {title: T, version: V}
                    operations: {"*": }
                    schemas: {CreatePetRequestBody: {properties: {z: last, c: second}}}
                    """
                )
                .Document["components"]!["schemas"]!["CreatePetRequestBody"]!.ToJsonString(),
            Is.EqualTo(
                """{"type":"object","required":["z","a"],"properties":{"z":{"type":"string","description":"last"},"c":{"type":"string","description":"second"},"a":{"type":"string"},"b":{"type":"string"}}}"""
            )
        );

    [Test]
    public void Servers_can_take_the_place_of_those_of_the_document() =>
        Assert.That(
            Refreshing
                .Refresh(
                    Refreshing.Document("{}"),
                    """
                    info: {title: T, version: V}
                    replaceServers: true
                    servers: {https://ours.test: Ours.}
                    operations: {"*": }
                    """
                )
                .Document["servers"]!.ToJsonString(),
            Is.EqualTo("""[{"url":"https://ours.test","description":"Ours."}]""")
        );
}
