namespace OrqGenerated.Tests.Refresh;

/// <summary>Each rule by which a published schema becomes one that a C# type can stand for.</summary>
public sealed class SchemaRulesTests
{
    [TestCase("{type: string, nullable: true}", """{"type":["string","null"]}""")]
    [TestCase("{type: [string, 'null']}", """{"type":["string","null"]}""")]
    [TestCase("{anyOf: [{type: string}, {type: 'null'}]}", """{"type":["string","null"]}""")]
    [TestCase("{oneOf: [{type: 'null'}, {type: string}]}", """{"type":["string","null"]}""")]
    [TestCase(
        "{anyOf: [{type: [string, 'null']}, {type: string}]}",
        """{"type":["string","null"]}"""
    )]
    public void Null_is_written_in_one_way_however_it_was_written(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase("{anyOf: [{type: string, format: date-time}, {type: string, format: date-time}]}")]
    [TestCase("{anyOf: [{type: string, format: date-time}, {type: string, format: date}]}")]
    [TestCase("{anyOf: [{type: string, format: date-time}, {type: string}]}")]
    [TestCase(
        "{anyOf: [{type: string, format: date-time}, {type: string}], format: date-time, default: '2026-06-02T06:47:23.997Z'}"
    )]
    [TestCase(
        "{oneOf: [{type: string, format: date}, {type: string, format: date-time, default: '2026-01-01T00:00:00Z'}]}"
    )]
    public void Dates_in_several_spellings_are_one_date_time(string schema) =>
        Assert.That(
            Refreshing.Response(schema),
            Is.EqualTo("""{"type":"string","format":"date-time"}""")
        );

    [TestCase(
        "{type: string, format: date-time, default: '2026-06-02T06:47:23.997Z'}",
        """{"type":"string","format":"date-time"}"""
    )]
    [TestCase("{type: boolean, default: false}", """{"type":"boolean"}""")]
    [TestCase(
        "{type: array, items: {type: string, default: x}, default: []}",
        """{"type":"array","items":{"type":"string"}}"""
    )]
    public void Defaults_are_dropped(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [Test]
    public void Texts_and_examples_of_others_are_dropped() =>
        Assert.That(
            Refreshing.Request(
                "{type: string, title: T, description: D, example: e, examples: [e], x-more: 1, $comment: c}"
            ),
            Is.EqualTo("""{"type":"string"}""")
        );

    [Test]
    public void Properties_that_are_named_like_a_text_stay() =>
        Assert.That(
            Refreshing.Schemas(
                "{properties: {title: {type: string}, default: {type: string}, example: {type: string}}}"
            )["CreatePetRequestBody"]!["properties"]!
                .AsObject()
                .Count,
            Is.EqualTo(3)
        );

    [TestCase(
        "{anyOf: [{type: string}, {type: string, description: again}]}",
        """{"type":"string"}"""
    )]
    [TestCase("{oneOf: [{type: integer}]}", """{"type":"integer","format":"int64"}""")]
    [TestCase("{allOf: [{type: string, maxLength: 5}]}", """{"type":"string","maxLength":5}""")]
    [TestCase(
        "{anyOf: [{anyOf: [{type: string}, {type: 'null'}]}, {type: string}]}",
        """{"type":["string","null"]}"""
    )]
    public void Members_that_are_the_same_or_alone_are_no_union(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase("{anyOf: [{type: string}, {type: integer}]}")]
    [TestCase("{oneOf: [{type: string}, {type: array, items: {type: string}}]}")]
    [TestCase("{type: [string, integer]}")]
    [TestCase("{enum: [a, 1]}")]
    [TestCase("{anyOf: [{}, {type: string}]}")]
    [TestCase("{allOf: [{type: string}, {type: object}]}")]
    [TestCase("true")]
    public void A_value_of_unlike_kinds_is_any_value(string schema) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo("{}"));

    [TestCase(
        "{anyOf: [{type: string, format: email}, {type: string, format: uri}]}",
        """{"type":"string"}"""
    )]
    [TestCase(
        "{anyOf: [{type: string, minLength: 2, maxLength: 5}, {type: string, minLength: 1, maxLength: 9}]}",
        """{"type":"string","minLength":1,"maxLength":9}"""
    )]
    [TestCase("{anyOf: [{type: string, enum: [a]}, {type: string}]}", """{"type":"string"}""")]
    [TestCase("{anyOf: [{type: integer}, {type: number}]}", """{"type":"number"}""")]
    [TestCase(
        "{anyOf: [{type: array, items: {type: string}}, {type: array, items: {type: string, format: uuid}}]}",
        """{"type":"array","items":{"type":"string"}}"""
    )]
    public void Members_of_one_kind_are_what_they_have_in_common(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase("{const: a}", "[\"a\"]")]
    [TestCase("{enum: [b, a, b]}", "[\"a\",\"b\"]")]
    [TestCase("{anyOf: [{const: b}, {enum: [a, c]}]}", "[\"a\",\"b\",\"c\"]")]
    [TestCase("{type: [string, 'null'], enum: [b, null, a]}", "[\"a\",\"b\"]")]
    public void Enums_of_strings_are_one_sorted_set(string schema, string expected) =>
        Assert.That(
            Refreshing.Schemas(schema)["CreatePetRequestBody"]!["enum"]!.ToJsonString(),
            Is.EqualTo(expected)
        );

    [TestCase("{enum: [1, 2]}", """{"type":"integer","format":"int64"}""")]
    [TestCase("{enum: [1.5, 2]}", """{"type":"number"}""")]
    [TestCase("{const: true}", """{"type":"boolean"}""")]
    [TestCase("{type: string, enum: []}", """{"type":"string"}""")]
    public void Enums_of_anything_else_are_their_plain_type(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase(
        "{properties: {a: {type: string}}}",
        """{"$ref":"#/components/schemas/CreatePetRequestBody"}"""
    )]
    [TestCase("{items: {type: string}}", """{"type":"array","items":{"type":"string"}}""")]
    [TestCase("{maxLength: 3}", """{"type":"string","maxLength":3}""")]
    [TestCase("{additionalProperties: true}", """{"type":"object","additionalProperties":{}}""")]
    [TestCase("{type: object}", """{"type":"object","additionalProperties":{}}""")]
    [TestCase(
        "{type: object, additionalProperties: {type: string}}",
        """{"type":"object","additionalProperties":{"type":"string"}}"""
    )]
    [TestCase("{type: array}", """{"type":"array","items":{}}""")]
    public void A_type_that_is_not_said_follows_from_the_keywords(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase("{type: integer}", """{"type":"integer","format":"int64"}""")]
    [TestCase("{type: integer, format: int32}", """{"type":"integer","format":"int32"}""")]
    [TestCase("{type: number, format: double}", """{"type":"number"}""")]
    [TestCase("{type: number, format: float}", """{"type":"number","format":"float"}""")]
    [TestCase("{type: string, format: duration}", """{"type":"string"}""")]
    [TestCase("{type: string, format: binary}", """{"type":"string"}""")]
    [TestCase("{type: string, contentEncoding: base64}", """{"type":"string","format":"byte"}""")]
    [TestCase("{type: string, format: email}", """{"type":"string","format":"email"}""")]
    public void Formats_are_those_that_mean_something_to_the_type(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase(
        "{type: number, minimum: 1, exclusiveMinimum: true}",
        """{"type":"number","exclusiveMinimum":1}"""
    )]
    [TestCase(
        "{type: number, maximum: 9, exclusiveMaximum: false}",
        """{"type":"number","maximum":9}"""
    )]
    [TestCase("{type: number, exclusiveMinimum: 1}", """{"type":"number","exclusiveMinimum":1}""")]
    public void Bounds_of_OpenAPI_3_0_are_written_as_in_3_1(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase("{type: string, minLength: 0, maxLength: 99999999999}", """{"type":"string"}""")]
    [TestCase(
        "{type: array, items: {}, uniqueItems: false, minItems: 0}",
        """{"type":"array","items":{}}"""
    )]
    [TestCase("{type: number, maximum: 1.7976931348623157e+308}", """{"type":"number"}""")]
    [TestCase("{type: string, minLength: -1, maxLength: x, pattern: 5}", """{"type":"string"}""")]
    [TestCase("{type: string, maxLength: '120'}", """{"type":"string","maxLength":120}""")]
    public void Limits_that_allow_everything_or_are_no_numbers_are_dropped(
        string schema,
        string expected
    ) => Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));

    [TestCase("{type: string, minLength: 1, maxLength: 9, pattern: '^a'}", """{"type":"string"}""")]
    [TestCase("{type: string, format: ulid}", """{"type":"string","format":"ulid"}""")]
    [TestCase("{type: string, format: date}", """{"type":"string","format":"date"}""")]
    [TestCase(
        "{type: array, items: {type: number, minimum: 1}, minItems: 1}",
        """{"type":"array","items":{"type":"number"}}"""
    )]
    public void A_response_keeps_its_formats_but_no_limits_because_it_is_read_and_not_checked(
        string schema,
        string expected
    ) => Assert.That(Refreshing.Response(schema), Is.EqualTo(expected));

    [Test]
    public void Properties_that_are_forbidden_or_only_said_to_be_required_are_left_out() =>
        Assert.That(
            Refreshing.Schemas(
                "{type: object, required: [a, ghost], properties: {a: {type: string}, b: false}}"
            )["CreatePetRequestBody"]!.ToJsonString(),
            Is.EqualTo(
                """{"type":"object","required":["a"],"properties":{"a":{"type":"string"}}}"""
            )
        );

    [Test]
    public void A_type_that_JSON_Schema_does_not_know_is_an_error() =>
        Assert.That(
            () => Refreshing.Request("{type: strin}"),
            Throws.Exception.With.Message.EqualTo(
                "'strin' is not a type of JSON Schema; is the document cut off?"
            )
        );
}
