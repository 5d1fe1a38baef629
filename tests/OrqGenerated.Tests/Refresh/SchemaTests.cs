using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>How a published schema becomes one with a C# type, or any value and a line that says why.</summary>
public sealed class SchemaTests
{
    [TestCase("{type: string, nullable: true}")]
    [TestCase("{type: [string, 'null']}")]
    [TestCase("{anyOf: [{type: string}, {type: 'null'}]}")]
    [TestCase("{oneOf: [{type: 'null'}, {type: string}]}")]
    [TestCase("{anyOf: [{type: [string, 'null']}, {type: string}]}")]
    [TestCase("{allOf: [{type: string, nullable: true}]}")]
    public void Normalizes_every_spelling_of_null(string schema) =>
        Assert.That(Response(schema), Is.EqualTo("""{"type":["string","null"]}"""));

    [TestCase("{anyOf: [{type: string, format: date-time}, {type: string, format: date-time}]}")]
    [TestCase("{anyOf: [{type: string, format: date-time}, {type: string, format: date}]}")]
    [TestCase(
        "{anyOf: [{type: string, format: date-time}, {type: string}], format: date-time, "
            + "default: '2026-06-02T06:47:23.997Z'}"
    )]
    [TestCase("{type: string, format: date-time, default: '2026-06-02T06:47:23.997Z'}")]
    public void Normalizes_dates_in_several_formats_to_date_time(string schema) =>
        Assert.That(Response(schema), Is.EqualTo("""{"type":"string","format":"date-time"}"""));

    [TestCase(
        "{type: string, title: T, description: D, example: e, examples: [e], default: d, x-more: 1, $comment: c}"
    )]
    [TestCase("{allOf: [{type: string}], description: D}")]
    [TestCase("{anyOf: [{type: string, format: email}, {type: string, format: uri}]}")]
    [TestCase("{anyOf: [{type: string, format: date-time}, {type: string}]}")]
    [TestCase("{anyOf: [{type: string, enum: [a]}, {type: string}]}")]
    [TestCase("{type: string, enum: []}")]
    [TestCase("{type: string, minLength: 0, maxLength: 99999999999, pattern: x}")]
    [TestCase("{type: string, minLength: -1, maxLength: x}")]
    [TestCase("{type: string, format: duration}")]
    public void Drops_keywords_that_do_not_affect_a_string(string schema) =>
        Assert.That(Request(schema), Is.EqualTo("""{"type":"string"}"""));

    [TestCase("{type: integer}", """{"type":"integer","format":"int64"}""")]
    [TestCase("{type: integer, format: int32, minimum: 1}", """{"type":"integer","format":"int32"}""")]
    [TestCase("{type: number, format: double}", """{"type":"number"}""")]
    [TestCase("{type: number, format: decimal}", """{"type":"number","format":"decimal"}""")]
    [TestCase("{type: string, format: base64}", """{"type":"string","format":"byte"}""")]
    [TestCase(
        "{type: string, format: email, maxLength: 120}",
        """{"type":"string","format":"email","maxLength":120}"""
    )]
    [TestCase("{type: boolean, default: false}", """{"type":"boolean"}""")]
    [TestCase("{type: object}", """{"type":"object","additionalProperties":{}}""")]
    [TestCase(
        "{additionalProperties: {type: string}}",
        """{"type":"object","additionalProperties":{"type":"string"}}"""
    )]
    [TestCase("{items: {type: string}, minItems: 1}", """{"type":"array","items":{"type":"string"}}""")]
    [TestCase("{type: array}", """{"type":"array","items":{}}""")]
    [TestCase("{type: integer, enum: [1, 2]}", """{"type":"integer","format":"int64"}""")]
    [TestCase("true", "{}")]
    [TestCase("{}", "{}")]
    [TestCase("{description: anything}", "{}")]
    [TestCase("{allOf: [{description: anything}]}", "{}")]
    [TestCase(
        "{anyOf: [{type: string, format: ulid, deprecated: true}, {type: string, format: uuid, deprecated: true}]}",
        """{"type":"string","deprecated":true}"""
    )]
    [TestCase(
        "{anyOf: [{type: string, format: ulid, deprecated: true}, {type: string, format: uuid}]}",
        """{"type":"string"}"""
    )]
    public void Keeps_plain_schemas(string schema, string expected) =>
        Assert.That(Request(schema), Is.EqualTo(expected));

    [TestCase("{oneOf: [{type: string}, {type: array}]}", "its oneOf has 2 forms (array, string)")]
    [TestCase(
        "{anyOf: [{properties: {a: {type: string}}}, {properties: {b: {type: string}}}]}",
        "its anyOf has 2 forms (object)"
    )]
    [TestCase("{allOf: [{properties: {b: {}}}, {required: [b]}]}", "its allOf has several members")]
    [TestCase("{anyOf: []}", "its anyOf lists nothing")]
    [TestCase("{type: object, properties: [a, b]}", "its properties are not a mapping")]
    [TestCase("{type: [string, integer]}", "its type is integer or string")]
    [TestCase("{enum: [a, 1]}", "its enum has values other than strings")]
    [TestCase("{format: date-time}", "it has a format, but no type")]
    [TestCase(
        "{properties: {\"a\\nb\": {type: string}}}",
        "the name of a property contains a line break or a control character"
    )]
    [TestCase("{type: string, not: {enum: [a]}}", "it has not")]
    [TestCase("{type: string, contentEncoding: base64}", "it has contentEncoding")]
    [TestCase("{allOf: [{type: string}], format: date}", "it has other keywords beside allOf")]
    [TestCase("{enum: ['2024-01-01T00:00:00Z']}", "its enum contains a time, which NSwag would write differently")]
    [TestCase("{type: number, format: int64}", "it is a number with the format int64")]
    [TestCase("{type: integer, format: uint64}", "its format is uint64")]
    [TestCase(
        "{properties: {\"a\\uFFFE\": {type: string}}}",
        "the name of a property contains a line break or a control character"
    )]
    [TestCase("false", "the document allows no value")]
    [TestCase(
        "{type: object, properties: {a: {type: string}}, oneOf: [{required: [a]}]}",
        "it has other keywords beside oneOf"
    )]
    public void Reads_an_unsupported_schema_as_any_value_and_says_why(string schema, string reason)
    {
        var refreshed = Run(Document($"{{properties: {{a: {schema}}}}}"));

        Assert.That(refreshed.Schemas["CreatePetRequestBody"]!["properties"]!["a"]!.ToJsonString(), Is.EqualTo("{}"));
        Assert.That(refreshed.Errors, Is.EqualTo([$"CreatePetRequestBody.a can be any value: {reason}"]));
    }

    [Test]
    public void Reports_an_unsupported_shared_schema_once()
    {
        const string Components = "{Pet: {not: {}}}";
        var refreshed = Run(
            Document(
                "{properties: {a: {$ref: '#/components/schemas/Pet'}, "
                    + "b: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}",
                components: Components
            )
        );

        Assert.That(refreshed.Errors, Is.EqualTo(["the schema Pet can be any value: it has not"]));
    }

    [Test]
    public void Does_not_report_a_reference_to_an_empty_schema() =>
        Assert.That(
            Run(
                Document(
                    "{properties: {a: {allOf: [{$ref: '#/components/schemas/Any'}]}}}",
                    components: "{Any: {description: anything}}"
                )
            ).Errors,
            Is.Empty
        );

    [Test]
    public void Reports_keywords_beside_a_reference_where_they_are_used() =>
        Assert.That(
            Run(
                Document(
                    "{properties: {a: {$ref: '#/components/schemas/Pet', nullable: true}}}",
                    components: "{Pet: {properties: {a: {type: string}}}}"
                )
            ).Errors,
            Is.EqualTo(["CreatePetRequestBody.a can be any value: it has other keywords beside $ref"])
        );

    [Test]
    public void Reports_a_required_property_that_the_document_does_not_describe() =>
        Assert.That(
            Run(Document("{required: [a, ghost], properties: {a: {type: string}}}")).Errors,
            Is.EqualTo([
                "CreatePetRequestBody cannot hold ghost, which it requires: the document does not say what it is",
            ])
        );

    [TestCase("{const: a}", "[\"a\"]")]
    [TestCase("{enum: [b, a, b]}", "[\"a\",\"b\"]")]
    [TestCase("{anyOf: [{const: b}, {enum: [a, c]}]}", "[\"a\",\"b\",\"c\"]")]
    [TestCase("{type: [string, 'null'], enum: [b, null, a]}", "[\"a\",\"b\"]")]
    public void Merges_and_sorts_string_enums(string schema, string expected) =>
        Assert.That(
            Run(Document(schema)).Schemas["CreatePetRequestBody"]!["enum"]!.ToJsonString(),
            Is.EqualTo(expected)
        );

    [Test]
    public void A_response_keeps_formats_but_not_lengths() =>
        Assert.That(
            Response("{type: string, format: ulid, minLength: 1, maxLength: 9}"),
            Is.EqualTo("""{"type":"string","format":"ulid"}""")
        );

    [Test]
    public void Keeps_properties_named_like_a_keyword() =>
        Assert.That(
            Run(
                Document("{required: [title, ghost], properties: {title: {type: string}, default: {type: string}}}")
            ).Schemas["CreatePetRequestBody"]!.ToJsonString(),
            Is.EqualTo(
                """{"type":"object","x-orq-direction":"request","required":["title"],"properties":"""
                    + """{"default":{"type":"string"},"title":{"type":"string"}}}"""
            )
        );

    [TestCase("{$ref: '#/components/schemas/Owner', description: mine}")]
    [TestCase("{allOf: [{$ref: '#/components/schemas/Owner'}, {description: mine}], title: T}")]
    [TestCase("{anyOf: [{$ref: '#/components/schemas/Owner'}, {$ref: '#/components/schemas/Owner'}]}")]
    [TestCase("{$ref: '#/components/schemas/Alias'}")]
    public void Follows_references(string schema)
    {
        const string Components =
            "{Owner: {properties: {name: {type: string}}}, Alias: {$ref: '#/components/schemas/Owner'}}";

        Assert.That(Request(schema, Components), Is.EqualTo("""{"$ref":"#/components/schemas/Owner"}"""));
    }

    [Test]
    public void Writes_a_nullable_reference_as_NSwag_reads_it() =>
        Assert.That(
            Response(
                "{anyOf: [{$ref: '#/components/schemas/Owner'}, {type: 'null'}]}",
                "{Owner: {properties: {name: {type: string}}}}"
            ),
            Is.EqualTo("""{"oneOf":[{"$ref":"#/components/schemas/Owner"},{"type":"null"}]}""")
        );

    [TestCase("{Pet: {properties: {parent: {$ref: '#/components/schemas/Pet'}}}}")]
    [TestCase(
        "{Pet: {items: {properties: {a: {$ref: '#/components/schemas/Pet'}, b: {$ref: '#/components/schemas/Pet'}}}}}"
    )]
    public void A_class_may_contain_itself(string components) =>
        Assert.That(
            Run(Document("{}", "{$ref: '#/components/schemas/Pet'}", components)).Schemas,
            Has.Count.EqualTo(1)
        );

    [TestCase("{Pet: {type: array, items: {$ref: '#/components/schemas/Pet'}}}")]
    [TestCase("{Pet: {additionalProperties: {$ref: '#/components/schemas/Pet'}}}")]
    public void A_list_or_map_that_contains_itself_is_any_value(string components) =>
        Assert.That(
            Run(Document("{}", "{$ref: '#/components/schemas/Pet'}", components)).Errors,
            Is.EqualTo(["the schema Pet can be any value: it contains itself"])
        );

    [Test]
    public void A_union_whose_members_extend_it_is_any_value() =>
        Assert.That(
            Run(
                Document(
                    "{}",
                    "{$ref: '#/components/schemas/Pet'}",
                    "{Pet: {oneOf: [{$ref: '#/components/schemas/Cat'}, {type: object}]}, "
                        + "Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object}]}}"
                )
            ).Errors,
            Is.EqualTo(["the schema Pet can be any value: its oneOf has 2 forms (any, object)"])
        );

    [Test]
    public void Decodes_escapes_in_a_reference() =>
        Assert.That(
            Request("{$ref: '#/components/schemas/Page%3Ca~1b%3E'}", "{'Page<a/b>': {type: string, maxLength: 3}}"),
            Is.EqualTo("""{"type":"string","maxLength":3}""")
        );

    [TestCase("#/components/schemas/Ghost", "leads to no named schema of the document")]
    [TestCase("other.yaml#/Pet", "leads to no named schema of the document")]
    [TestCase("#/components/schemas/Loop", "leads back to itself")]
    public void Refuses_a_reference_that_leads_nowhere(string reference, string reason)
    {
        var refreshed = Run(
            Document($"{{$ref: '{reference}'}}", components: "{Loop: {$ref: '#/components/schemas/Loop'}}")
        );

        Assert.That(refreshed.Errors, Is.EqualTo([$"standard input: the reference {reference} {reason}"]));
        Assert.That(refreshed.Code, Is.EqualTo(2));
    }

    [Test]
    public void Names_a_property_without_a_schema() =>
        Assert.That(
            Run(Document("{properties: {name: }}")).Errors,
            Is.EqualTo(["standard input: CreatePetRequestBody.name has to be a mapping; is the document cut off?"])
        );

    [Test]
    public void Refuses_an_unknown_JSON_Schema_type() =>
        Assert.That(
            Run(Document("{type: strin}")).Errors,
            Is.EqualTo(["standard input: 'strin' is not a type of JSON Schema; is the document cut off?"])
        );

    [Test]
    public void Names_inline_schemas_after_the_operation_and_the_properties() =>
        Assert.That(
            Run(
                Document(
                    "{properties: {home_address: {properties: {city: {type: string}}}, size: {enum: [s]}}}",
                    "{properties: {data: {items: {properties: {id: {type: string}}}}, "
                        + "by_id: {additionalProperties: {properties: {n: {type: string}}}}}}"
                )
            )
                .Schemas.Select(s => s.Key),
            Is.EqualTo([
                "CreatePetRequestBody",
                "CreatePetRequestBodyHomeAddress",
                "CreatePetRequestBodySize",
                "CreatePetResponseBody",
                "CreatePetResponseBodyByIdValue",
                "CreatePetResponseBodyDataItem",
            ])
        );

    [Test]
    public void Numbers_names_that_would_collide_in_CSharp() =>
        Assert.That(
            Run(
                Document(
                    "{properties: {foo_bar: {properties: {a: {type: string}}}, "
                        + "fooBar: {properties: {b: {type: string}}}, "
                        + "FOO_BAR: {properties: {c: {type: string}}}}}"
                )
            )
                .Schemas.Select(s => s.Key)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Count(),
            Is.EqualTo(4),
            "four classes have four names, ignoring case"
        );
}
