using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Entries of refresh.yaml are applied; invalid ones are refused, and unused ones reported.</summary>
public sealed class ConfigTests
{
    [TestCase("operations: {'*': }", "refresh.yaml: $: ", "'info'")]
    [TestCase(
        "info: {version: V}\noperations: {'*': }",
        "the refreshed document would not be valid OpenAPI: ",
        "title"
    )]
    [TestCase("info: {title: T, version: V}", "refresh.yaml: $: ", "'operations'")]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: {sumary: x}}",
        "refresh.yaml: $.operations.A.sumary: ",
        "'sumary'"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: {x-idempotent: }}",
        "refresh.yaml: $.operations.A.x-idempotent: ",
        "null"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: {x-idempotent: true}}",
        "refresh.yaml: $.operations.A.x-idempotent: ",
        "String"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {CreatePet: , POST /pets: }",
        "refresh.yaml: CreatePet and POST /pets are one operation",
        ""
    )]
    public void Names_an_invalid_entry(string config, string place, string what)
    {
        var refreshed = Run(Document("{}"), config);

        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Errors.Single(), Does.StartWith(place).And.Contain(what));
    }

    [Test]
    public void Reports_each_entry_that_matches_nothing() =>
        Assert.That(
            Run(
                Document("{properties: {a: {type: string}}}"),
                """
                info: {title: T, version: V}
                servers: {https://nowhere.test: x}
                securitySchemes: {Key: x}
                tags: {Zoo: x}
                operations: {CreatePet: {parameters: {limit: x}, responses: {"404": x}}}
                schemas: {Zoo: {}, CreatePetRequestBody: {properties: {b: x}}}
                """
            ).Errors,
            Is.EquivalentTo([
                "refresh.yaml: CreatePet has no parameter limit",
                "refresh.yaml: CreatePet has no response 404",
                "refresh.yaml: the document's servers lack https://nowhere.test",
                "refresh.yaml: the document's tags lack Zoo",
                "refresh.yaml: no operation uses the security scheme Key",
                "refresh.yaml: no schema is named Zoo",
                "refresh.yaml: CreatePetRequestBody has no property b",
            ])
        );

    [Test]
    public void Orders_properties_as_configured_and_then_by_name() =>
        Assert.That(
            Run(
                Document(
                    "{required: [a, z], properties: "
                        + "{a: {type: string}, c: {type: string}, b: {type: string}, z: {type: string}}}"
                ),
                """
                info: {title: T, version: V}
                operations: {"*": }
                schemas: {CreatePetRequestBody: {properties: {z: last, c: second}}}
                """
            ).Schemas["CreatePetRequestBody"]!.ToJsonString(),
            Is.EqualTo(
                """{"type":"object","x-orq-direction":"request","required":["z","a"],"properties":"""
                    + """{"z":{"type":"string","description":"last"},"c":{"type":"string","description":"second"}"""
                    + ""","a":{"type":"string"},"b":{"type":"string"}}}"""
            )
        );

    [Test]
    public void Adds_lengths_to_strings_in_requests_only()
    {
        var refreshed = Run(
            Document(
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
            Is.EquivalentTo([
                "refresh.yaml: CreatePetRequestBody.age is not a string in a request, so it has no lengths",
                "refresh.yaml: CreatePetResponseBody.name is not a string in a request, so it has no lengths",
            ])
        );
    }
}
