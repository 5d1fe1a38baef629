namespace OrqGenerated.Tests.Refresh;

/// <summary>
/// Shapes on which generators of clients have gone wrong: each comes out right, or is refused by name.
/// </summary>
public sealed class FieldCaseTests
{
    [Test]
    public void A_schema_for_both_directions_has_no_read_only_property_in_requests_and_no_write_only_one_in_answers()
    {
        const string User = """
            {User: {type: object, required: [id, name, password], properties: {
              id: {allOf: [{type: string}, {readOnly: true}]}, name: {type: string},
              password: {type: string, writeOnly: true}}}}
            """;
        var schemas = Refreshing
            .Run(
                Refreshing.Document("{$ref: '#/components/schemas/User'}", "{$ref: '#/components/schemas/User'}", User)
            )
            .Schemas;

        Assert.That(schemas["UserRequest"]!["x-orq-direction"]!.ToString(), Is.EqualTo("request"));
        Assert.That(schemas["UserRequest"]!["required"]!.ToJsonString(), Is.EqualTo("""["name","password"]"""));
        Assert.That(schemas["UserRequest"]!["properties"]!.AsObject().ContainsKey("id"), Is.False);
        Assert.That(schemas["User"]!["x-orq-direction"]!.ToString(), Is.EqualTo("response"));
        Assert.That(schemas["User"]!["required"]!.ToJsonString(), Is.EqualTo("""["id","name"]"""));
        Assert.That(schemas["User"]!["properties"]!.AsObject().ContainsKey("password"), Is.False);
    }

    [Test]
    public void Media_types_stay_those_of_the_document()
    {
        var operation = Refreshing
            .Run(
                Refreshing.Operation(
                    "requestBody: {content: {application/merge-patch+json: {schema: {type: object}}}}",
                    "/pets: {patch",
                    "{application/vnd.acme.v2+json;charset=utf-8: {schema: {type: string}}}"
                )
            )
            .Operation;

        Assert.That(operation["requestBody"]!["content"]!["application/merge-patch+json"], Is.Not.Null);
        Assert.That(operation["responses"]!["200"]!["content"]!["application/vnd.acme.v2+json"], Is.Not.Null);
    }

    [Test]
    public void A_path_with_a_query_is_refused() =>
        Refused(
            Refreshing.Operation(
                "parameters: [{in: query, name: limit, schema: {type: integer}}]",
                "/v1/messages?beta=true: {get"
            ),
            "GET /v1/messages?beta=true CallPet is left out: its path has a query, a fragment or a line break"
        );

    [Test]
    public void A_path_with_a_line_break_is_refused() =>
        Refused(
            Refreshing.Operation("", "\"/a\\nb\": {get"),
            "GET /a b CallPet is left out: its path has a query, a fragment or a line break"
        );

    [Test]
    public void What_would_not_be_valid_OpenAPI_is_refused() =>
        Refused(
            Refreshing.Operation("", "pets: {get"),
            "the refreshed document would not be valid OpenAPI: pets is not a valid property at #/paths"
        );

    [Test]
    public void An_answer_can_be_null_or_have_no_body_beside_one_with_a_body()
    {
        var refreshed = Refreshing
            .Run(
                """
                openapi: 3.1.0
                paths:
                  /jobs: {post: {operationId: Start,
                    responses: {"200": {description: x,
                    content: {application/json: {schema: {properties: {id: {type: string}}}}}},
                    "202": {description: x}}}}
                  /jobs/{id}: {get: {operationId: Get,
                    responses: {"200": {description: x,
                    content: {application/json: {schema: {type: [object, "null"],
                    properties: {id: {type: string}}}}}}}}}

                """
            )
            .Document["paths"]!;

        Assert.That(refreshed["/jobs"]!["post"]!["responses"]!["202"]!.AsObject().ContainsKey("content"), Is.False);
        Assert.That(
            refreshed["/jobs/{id}"]!["get"]!["responses"]!["200"]!["content"]!["application/json"]![
                "schema"
            ]!.ToJsonString(),
            Is.EqualTo("""{"oneOf":[{"$ref":"#/components/schemas/GetResponseBody"},{"type":"null"}]}""")
        );
    }

    [TestCase(
        "{in: path, name: id, required: true, schema: {type: array, items: {type: integer}}}",
        "its path parameter id is a list in the path"
    )]
    [TestCase(
        "{in: path, name: id, required: true, style: label, schema: {type: integer}}",
        "its path parameter id has the style label"
    )]
    [TestCase(
        "{in: path, name: id, required: true, style: matrix, schema: {type: integer}}",
        "its path parameter id has the style matrix"
    )]
    [TestCase(
        "{in: query, name: a, required: true, style: spaceDelimited, schema: {type: array, items: {type: string}}}",
        "its query parameter a has the style spaceDelimited"
    )]
    [TestCase(
        "{in: query, name: a, required: true, style: pipeDelimited, schema: {type: array, items: {type: string}}}",
        "its query parameter a has the style pipeDelimited"
    )]
    [TestCase(
        "{in: query, name: a, required: true, style: deepObject, schema: {type: object}}",
        "its query parameter a is an object, which the client does not write into a URL"
    )]
    [TestCase(
        "{in: query, name: a, required: true, content: {application/json: {schema: {type: object}}}}",
        "its query parameter a has no schema"
    )]
    [TestCase(
        "{in: header, name: X-A, required: true, schema: {type: array, items: {type: string}}}",
        "its header parameter X-A is a list in the header"
    )]
    [TestCase(
        "{in: cookie, name: a, required: true, schema: {type: string}}",
        "its cookie parameter a is in a place that the client does not write to"
    )]
    [TestCase(
        "{in: query, name: a, required: true, schema: {type: array, items: {type: object}}}",
        "its query parameter a is a list of lists or objects"
    )]
    [TestCase(
        "{in: header, name: Content-Length, required: true, schema: {type: integer}}",
        "its header parameter Content-Length is a header that every call sets by itself"
    )]
    [TestCase(
        "{in: header, name: 'X Größe', required: true, schema: {type: string}}",
        "its header parameter X Größe has a name that no header can have"
    )]
    [TestCase(
        "{in: query, name: \"a\\u2028b\", required: true, schema: {type: string}}",
        "its query parameter a b has a line break or the like in its name"
    )]
    [TestCase(
        "{in: header, name: X-A, schema: {type: string}}, "
            + "{in: header, name: x-a, required: true, schema: {type: string}}",
        "its header parameter x-a is the same header as another one"
    )]
    public void A_required_parameter_in_a_form_that_is_not_supported_is_refused(string parameter, string reason) =>
        Refused(Refreshing.Operation($"parameters: [{parameter}]"), "POST /pets/{id} CallPet is left out: " + reason);

    [TestCase(
        "paths:\n  /pets: {servers: [{url: 'https://b.test'}], "
            + "get: {operationId: A, responses: {'200': {description: x}}}}"
    )]
    [TestCase(
        "paths:\n  /pets: {get: {operationId: A, servers: [{url: 'https://b.test'}], "
            + "responses: {'200': {description: x}}}}"
    )]
    public void Servers_of_one_path_are_refused(string paths) =>
        Refused(
            "openapi: 3.1.0\nservers: [{url: 'https://a.test'}]\n" + paths + "\n",
            "GET /pets A is left out: it has servers of its own, and the key is for the document's"
        );

    [Test]
    public void Open_requests_optional_bodies_and_nullable_items_come_through()
    {
        var refreshed = Refreshing.Run(
            Refreshing
                .Document(
                    "{required: [event], properties: {event: {type: string}}, additionalProperties: {type: string}}",
                    "{type: array, items: {type: [array, 'null'], items: {type: integer}}}"
                )
                .Replace("required: true, ", "", StringComparison.Ordinal)
        );
        var schema = refreshed.Schemas["CreatePetRequestBody"]!;

        Assert.That(schema["additionalProperties"]!.ToJsonString(), Is.EqualTo("""{"type":"string"}"""));
        Assert.That(schema["x-additional-properties"]!.GetValue<bool>(), Is.True);
        Assert.That(refreshed.Operation["requestBody"]!.AsObject().ContainsKey("required"), Is.False);
        Assert.That(refreshed.Text, Does.Contain("type: [array, \"null\"]"));
    }

    [Test]
    public void A_required_header_stays_whatever_it_is_called() =>
        Assert.That(
            Refreshing
                .Run(
                    Refreshing.Operation(
                        "parameters: [{in: header, name: Content-Language, required: true, schema: {type: string}}]"
                    )
                )
                .Operation["parameters"]![1]!.ToJsonString(),
            Is.EqualTo("""{"name":"Content-Language","in":"header","required":true,"schema":{"type":"string"}}""")
        );

    [Test]
    public void A_text_typed_into_the_document_is_listed_as_lost()
    {
        var upstream = Refreshing.Document("{properties: {tags: {type: string}, description: {type: string}}}");
        var typed = Refreshing
            .Run(upstream)
            .Text!.Replace(
                "        tags:\n          type: string\n",
                "        tags:\n          type: string\n          description: Success\n          examples: [a]\n"
                    + "          example: b\n",
                StringComparison.Ordinal
            )
            .Replace("x-orq-direction: request", "x-orq-direction: response", StringComparison.Ordinal);
        var refreshed = Refreshing.Run(upstream, before: typed);

        Assert.That(
            refreshed.Report,
            Does.EndWith(
                "## Lost, because only refresh.yaml holds texts\n\n"
                    + "- `components.schemas.CreatePetRequestBody.properties.tags`: description was \"Success\"\n"
                    + "- `components.schemas.CreatePetRequestBody.properties.tags`: examples was [\"a\"]\n"
                    + "- `components.schemas.CreatePetRequestBody.properties.tags`: example was \"b\"\n"
            )
        );
    }

    [Test]
    public void Variables_of_servers_have_their_defaults() =>
        Assert.That(
            Refreshing
                .Run(
                    Served(
                        "servers: [{url: 'https://api.{region}.example.com/v{n}', "
                            + "variables: {region: {default: eu}, n: {default: 3}}}]\n"
                    )
                )
                .Document["servers"]!.ToJsonString(),
            Is.EqualTo("""[{"url":"https://api.eu.example.com/v3"}]""")
        );

    [TestCase("https://{region}.test")]
    [TestCase("https://a.test/{stage}/v3", "{stage: {enum: [prod, test]}}")]
    [TestCase("https://a.test/v3?tenant=1")]
    [TestCase("https://a.test/v3#top")]
    [TestCase("https://me@a.test")]
    [TestCase("ftp://a.test")]
    [TestCase("/v1")]
    public void A_server_that_is_no_address_is_refused(string url, string variables = "{}") =>
        Refused(
            Served($"servers: [{{url: 'https://a.test'}}, {{url: '{url}', variables: {variables}}}]\n"),
            $"standard input: servers[1].url is {url}, which is no http(s) address without user info, "
                + "query and fragment; a variable of it may lack its default"
        );

    [TestCase("{url: 'https://a.test'}", "standard input: the servers have to be a list")]
    [TestCase(
        "['https://a.test']",
        "standard input: servers[0].url is missing, which is no http(s) address without user info, "
            + "query and fragment; a variable of it may lack its default"
    )]
    public void Servers_in_another_form_are_refused(string servers, string line) =>
        Refused(Served($"servers: {servers}\n"), line);

    [Test]
    public void A_document_without_servers_is_told_where_its_clients_call()
    {
        var refreshed = Refreshing.Run(Served(""));

        Assert.That(
            refreshed.Errors,
            Is.EqualTo(
                new[] { "standard input has no servers: clients call https://my.orq.ai unless ServerUrl is set" }
            )
        );
        Assert.That(refreshed.Code, Is.Zero);
    }

    [Test]
    public void What_is_neither_true_nor_false_is_refused() =>
        Refused(
            Refreshing.Operation("parameters: [{in: query, name: a, required: yes, schema: {type: string}}]"),
            "standard input cannot be used: required is yes, and not true or false"
        );

    /// <summary>A document that says this of its servers.</summary>
    private static string Served(string servers) =>
        Refreshing.Operation("").Replace(Refreshing.Servers, servers, StringComparison.Ordinal);

    private static void Refused(string document, string line)
    {
        var refreshed = Refreshing.Run(document);

        Assert.That(refreshed.Errors, Is.EqualTo(new[] { line }));
        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Text, Is.Null, "nothing is written");
    }
}
