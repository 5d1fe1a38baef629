using OrqGenerated.Refresh;
using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Documents that client generators get wrong: each is handled correctly, or refused by name.</summary>
public sealed class FieldCaseTests
{
    [Test]
    public void Requests_have_no_read_only_properties_and_responses_no_write_only_ones()
    {
        const string User = """
            {User: {type: object, required: [id, name, password], properties: {
              id: {allOf: [{type: string}, {readOnly: true}]}, name: {type: string},
              password: {type: string, writeOnly: true}}}}
            """;
        var schemas = Run(
            Document("{$ref: '#/components/schemas/User'}", "{$ref: '#/components/schemas/User'}", User)
        ).Schemas;

        Assert.That(schemas["UserRequest"]!["x-orq-direction"]!.ToString(), Is.EqualTo("request"));
        Assert.That(schemas["UserRequest"]!["required"]!.ToJsonString(), Is.EqualTo("""["name","password"]"""));
        Assert.That(schemas["UserRequest"]!["properties"]!.AsObject().ContainsKey("id"), Is.False);
        Assert.That(schemas["User"]!["x-orq-direction"]!.ToString(), Is.EqualTo("response"));
        Assert.That(schemas["User"]!["required"]!.ToJsonString(), Is.EqualTo("""["id","name"]"""));
        Assert.That(schemas["User"]!["properties"]!.AsObject().ContainsKey("password"), Is.False);
    }

    [Test]
    public void Keeps_the_media_types_of_the_document()
    {
        var operation = Run(
            Operation(
                "requestBody: {content: {application/merge-patch+json: {schema: {type: object}}}}",
                "/pets: {patch",
                "{application/vnd.acme.v2+json;charset=utf-8: {schema: {type: string}}}"
            )
        ).Operation;

        Assert.That(operation["requestBody"]!["content"]!["application/merge-patch+json"], Is.Not.Null);
        Assert.That(operation["responses"]!["200"]!["content"]!["application/vnd.acme.v2+json"], Is.Not.Null);
    }

    [TestCase("/v1/messages?beta=true", "/v1/messages?beta=true")]
    [TestCase("\"/a\\nb\"", "/a b")]
    public void Refuses_a_path_with_a_query_or_a_line_break(string path, string printed) =>
        AssertRefused(
            Operation("parameters: [{in: query, name: limit, schema: {type: integer}}]", $"{path}: {{get"),
            $"GET {printed} CallPet is left out: its path has a query, a fragment or a line break"
        );

    [Test]
    public void Refuses_to_write_an_invalid_document() =>
        AssertRefused(
            Operation("", "pets: {get"),
            "the refreshed document would not be valid OpenAPI: pets is not a valid property at #/paths"
        );

    [Test]
    public void Keeps_nullable_responses_and_responses_without_a_body()
    {
        var refreshed = Run(
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
        ).Document["paths"]!;

        Assert.That(refreshed["/jobs"]!["post"]!["responses"]!["202"]!.AsObject().ContainsKey("content"), Is.False);
        Assert.That(
            refreshed["/jobs/{id}"]!["get"]!["responses"]!["200"].ContentSchema()!.ToJsonString(),
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
        "{in: query, name: a, required: true, style: spaceDelimited, schema: {type: array, items: {type: string}}}",
        "its query parameter a has the style spaceDelimited"
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
        "its cookie parameter a is in a place that the client does not support"
    )]
    [TestCase(
        "{in: query, name: a, required: true, schema: {type: array, items: {type: object}}}",
        "its query parameter a is a list of lists or objects"
    )]
    [TestCase(
        "{in: header, name: Content-Length, required: true, schema: {type: integer}}",
        "its header parameter Content-Length is a header that every call sets"
    )]
    [TestCase(
        "{in: header, name: 'X Größe', required: true, schema: {type: string}}",
        "its header parameter X Größe has a name that no header can have"
    )]
    [TestCase(
        "{in: query, name: \"a\\u2028b\", required: true, schema: {type: string}}",
        "its query parameter a b has a line break or a control character in its name"
    )]
    [TestCase(
        "{in: header, name: X-A, schema: {type: string}}, "
            + "{in: header, name: x-a, required: true, schema: {type: string}}",
        "its header parameter x-a is the same header as another one"
    )]
    public void Refuses_a_required_parameter_that_is_not_supported(string parameter, string reason) =>
        AssertRefused(Operation($"parameters: [{parameter}]"), "POST /pets/{id} CallPet is left out: " + reason);

    [TestCase(
        "paths:\n  /pets: {servers: [{url: 'https://b.test'}], "
            + "get: {operationId: A, responses: {'200': {description: x}}}}"
    )]
    [TestCase(
        "paths:\n  /pets: {get: {operationId: A, servers: [{url: 'https://b.test'}], "
            + "responses: {'200': {description: x}}}}"
    )]
    public void Refuses_servers_of_a_path_or_an_operation(string paths) =>
        AssertRefused(
            $"openapi: 3.1.0\n{Servers}{paths}\n",
            "GET /pets A is left out: it has servers of its own, but the key is for the document's"
        );

    [Test]
    public void Keeps_open_requests_optional_bodies_and_nullable_items()
    {
        var refreshed = Run(
            Document(
                    "{required: [event], properties: {event: {type: string}}, additionalProperties: {type: string}}",
                    "{type: array, items: {type: [array, 'null'], items: {type: integer}}}"
                )
                .Replace("required: true, ", "")
        );
        var schema = refreshed.Schemas["CreatePetRequestBody"]!;

        Assert.That(schema["additionalProperties"]!.ToJsonString(), Is.EqualTo("""{"type":"string"}"""));
        Assert.That(schema["x-additional-properties"]!.GetValue<bool>(), Is.True);
        Assert.That(refreshed.Operation["requestBody"]!.AsObject().ContainsKey("required"), Is.False);
        Assert.That(refreshed.Text, Does.Contain("type: [array, \"null\"]"));
    }

    [Test]
    public void Keeps_a_required_Content_Language_header() =>
        Assert.That(
            Run(
                Operation("parameters: [{in: header, name: Content-Language, required: true, schema: {type: string}}]")
            ).Operation["parameters"]![1]!.ToJsonString(),
            Is.EqualTo("""{"name":"Content-Language","in":"header","required":true,"schema":{"type":"string"}}""")
        );

    [Test]
    public void Replaces_server_variables_with_their_defaults() =>
        Assert.That(
            Run(
                Served(
                    "servers: [{url: 'https://api.{region}.example.com/v{n}', "
                        + "variables: {region: {default: eu}, n: {default: 3}}}]\n"
                )
            ).Document["servers"]!.ToJsonString(),
            Is.EqualTo("""[{"url":"https://api.eu.example.com/v3"}]""")
        );

    [TestCase("https://{region}.test")]
    [TestCase("https://a.test/{stage}/v3", "{stage: {enum: [prod, test]}}")]
    [TestCase("https://a.test/v3?tenant=1")]
    [TestCase("https://a.test/v3#top")]
    [TestCase("https://me@a.test")]
    [TestCase("ftp://a.test")]
    [TestCase("/v1")]
    public void Refuses_an_invalid_server_URL(string url, string variables = "{}") =>
        AssertRefused(
            Served($"servers: [{{url: 'https://a.test'}}, {{url: '{url}', variables: {variables}}}]\n"),
            $"standard input: servers[1].url is {url}, which is not an http(s) address without user info, "
                + "query and fragment; a variable of it may lack a default"
        );

    [TestCase("{url: 'https://a.test'}", "standard input: the servers have to be a list")]
    [TestCase(
        "['https://a.test']",
        "standard input: servers[0].url is missing, which is not an http(s) address without user info, "
            + "query and fragment; a variable of it may lack a default"
    )]
    public void Refuses_malformed_servers(string servers, string line) =>
        AssertRefused(Served($"servers: {servers}\n"), line);

    [Test]
    public void Says_where_clients_call_if_the_document_has_no_servers()
    {
        var refreshed = Run(Served(""));

        Assert.That(
            refreshed.Errors,
            Is.EqualTo(["standard input has no servers: clients call https://my.orq.ai unless ServerUrl is set"])
        );
        Assert.That(refreshed.Code, Is.Zero);
    }

    [Test]
    public void Refuses_a_flag_that_is_neither_true_nor_false() =>
        AssertRefused(
            Operation("parameters: [{in: query, name: a, required: yes, schema: {type: string}}]"),
            "standard input cannot be used: required is yes, and not true or false"
        );

    private static string Served(string servers) => Operation("").Replace(Servers, servers);

    private static void AssertRefused(string document, string line)
    {
        var refreshed = Run(document);

        Assert.That(refreshed.Errors, Is.EqualTo([line]));
        Assert.That(refreshed.Code, Is.EqualTo(2));
        Assert.That(refreshed.Text, Is.Null, "nothing is written");
    }
}
