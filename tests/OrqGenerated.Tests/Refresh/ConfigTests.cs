namespace OrqGenerated.Tests.Refresh;

/// <summary>refresh.yaml says only what is understood, and every word of it is used or missed.</summary>
public sealed class ConfigTests
{
    [TestCase("operations: {'*': }", "refresh.yaml: $: ", "'info'")]
    [TestCase(
        "info: {version: V}\noperations: {'*': }",
        "the refreshed document would not be valid OpenAPI: ",
        "title"
    )]
    [TestCase("info: {title: T, version: V}", "refresh.yaml: $: ", "'operations'")]
    [TestCase("info: {title: T, version: V}\noperation: {A: }", "refresh.yaml: $.operation: ", "'operation'")]
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
    [TestCase("info: {title: T, version: V}\noperations: [A]", "refresh.yaml: $.operations: ", "Dictionary")]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: }\nschemas: {S: {properties: {p: {examples: x}}}}",
        "refresh.yaml: $.schemas.S.properties.p.examples: ",
        "Array"
    )]
    [TestCase(
        "info: {title: T, version: V}\noperations: {A: }\nschemas: {S: {properties: {p: {maxLenght: 1}}}}",
        "refresh.yaml: $.schemas.S.properties.p.maxLenght: ",
        "'maxLenght'"
    )]
    public void What_is_wrong_is_named(string config, string place, string what)
    {
        var refreshed = Refreshing.Run(Refreshing.Document("{}"), config);

        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Errors.Single(), Does.StartWith(place).And.Contain(what));
    }

    [Test]
    public void Texts_that_match_nothing_have_a_line_each() =>
        Assert.That(
            Refreshing
                .Run(
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
                .Errors,
            Is.EquivalentTo(
                new[]
                {
                    "refresh.yaml: CreatePet has no parameter limit",
                    "refresh.yaml: CreatePet has no response 404",
                    "refresh.yaml: the document's servers lack https://nowhere.test",
                    "refresh.yaml: the document's tags lack Zoo",
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
                .Run(
                    Refreshing.Document(
                        "{required: [a, z], properties: "
                            + "{a: {type: string}, c: {type: string}, b: {type: string}, z: {type: string}}}"
                    ),
                    """
                    info: {title: T, version: V}
                    operations: {"*": }
                    schemas: {CreatePetRequestBody: {properties: {z: last, c: second}}}
                    """
                )
                .Schemas["CreatePetRequestBody"]!.ToJsonString(),
            Is.EqualTo(
                """{"type":"object","x-orq-direction":"request","required":["z","a"],"properties":"""
                    + """{"z":{"type":"string","description":"last"},"c":{"type":"string","description":"second"}"""
                    + ""","a":{"type":"string"},"b":{"type":"string"}}}"""
            )
        );

    [Test]
    public void A_text_that_nobody_typed_is_not_lost()
    {
        var config = Contacts.Config.Replace("\"200\"", "\"201\"", StringComparison.Ordinal);

        var refreshed = Refreshing.Run(Contacts.In2025, config, Refreshing.Run(Contacts.In2025, Contacts.Config).Text);

        Assert.That(refreshed.Report, Is.Not.Empty.And.Not.Contain("Lost"));
    }

    [Test]
    public void The_text_of_a_parameter_is_lost_wherever_it_stands_and_not_when_the_parameter_is_gone()
    {
        const string A = "{name: a, in: query, schema: {type: string}}, ";
        const string Config =
            "{info: {title: T, version: V}, operations: {CallPet: {parameters: {a: Of a., b: Of b.}}}}";
        var both = Refreshing.Operation($"parameters: [{A}{{name: b, in: query, schema: {{type: string}}}}]");

        var report = Refreshing
            .Run(both.Replace(A, "", StringComparison.Ordinal), before: Refreshing.Run(both, Config).Text)
            .Report;

        Assert.That(
            report,
            Does.EndWith("texts\n\n- `paths./pets/{id}.post.parameters.b`: description was \"Of b.\"\n")
        );
    }
}
