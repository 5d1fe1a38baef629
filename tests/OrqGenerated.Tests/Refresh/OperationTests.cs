using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Which operations our document includes, and what it keeps of them.</summary>
public sealed class OperationTests
{
    [TestCase("contacts.yaml", "refresh.yaml")]
    [TestCase("identities.yaml", "identities.refresh.yaml")]
    public void A_checked_in_document_reproduces_itself(string document, string config)
    {
        var checkedIn = File.ReadAllText(Repository.PathTo("openapi", document));

        var refreshed = Run(checkedIn, File.ReadAllText(Repository.PathTo("openapi", config)));

        Assert.That((refreshed.Text, refreshed.Errors), Is.EqualTo((checkedIn, Array.Empty<string>())));
    }

    [Test]
    public void A_star_includes_every_operation_and_the_result_reproduces_itself()
    {
        var text = Run(Contacts.Latest()).Text!;

        Assert.That(
            text,
            Does.Contain("operationId: CreateContact\n")
                .And.Contain("operationId: CreateIdentity\n")
                .And.Contain("operationId: CreateContract\n")
        );
        Assert.That(Run(text).Text, Is.EqualTo(text));
    }

    [Test]
    public void Renames_an_operation_and_finds_it_again()
    {
        const string Ours = "{info: {title: Shop, version: V}, operations: {CreateIdentity: {name: addPerson}}}";
        var text = Run(Contacts.Latest(), Ours).Text!;

        Assert.That(text, Does.Contain("operationId: AddPerson\n").And.Contain("AddPersonRequestBody:\n"));
        Assert.That(Run(text, Ours).Text, Is.EqualTo(text));
    }

    [Test]
    public void Names_an_operation_without_an_id_after_its_route() =>
        Assert.That(
            Run("openapi: 3.1.0\npaths: {'/pets/{id}': {get: {responses: {'200': {description: OK}}}}}\n").Operation[
                "operationId"
            ]!.ToString(),
            Is.EqualTo("GetPetsId")
        );

    [TestCase("multipart/form-data", "application/json", "its request body is multipart/form-data, not JSON")]
    [TestCase("application/json", "text/event-stream", "its success response is text/event-stream, not JSON")]
    [TestCase("application/*+json", "application/json", "its request body is application/*+json, not plain JSON")]
    [TestCase(
        "application/json",
        "application/json; v=2",
        "its success response is application/json; v=2, not plain JSON"
    )]
    public void Leaves_out_an_operation_that_does_not_use_JSON(string request, string response, string reason)
    {
        var upstream = Operation(
            $"requestBody: {{content: {{{request}: {{schema: {{type: string}}}}}}}}",
            content: $"{{{response}: {{schema: {{type: string}}}}}}"
        );
        var beside = upstream + "  /other: {get: {operationId: Other, responses: {'204': {description: x}}}}\n";
        var line = "POST /pets/{id} CallPet is left out: " + reason;

        foreach (var (document, code) in ((string, int)[])[(upstream, 2), (beside, 0)])
        {
            var refreshed = Run(document);
            Assert.That((refreshed.Code, refreshed.Errors), Is.EqualTo((code, new[] { line })));
        }
    }

    [TestCase("requestBody: {$ref: '#/A'}", "the request body of POST /pets/{id} CallPet")]
    [TestCase("parameters: [{$ref: '#/A'}]", "a parameter of POST /pets/{id} CallPet")]
    public void Leaves_out_an_operation_with_a_reference_to_anything_but_a_schema(string keys, string what) =>
        Assert.That(
            Run(Operation(keys)).Errors,
            Is.EqualTo([
                $"POST /pets/{{id}} CallPet is left out: {what} is a reference to #/A, "
                    + "and only references to schemas are supported",
            ])
        );

    [Test]
    public void Leaves_out_a_path_that_is_a_reference() =>
        Assert.That(
            Run(Operation("") + "  /z: {$ref: other.yaml}\n").Errors,
            Is.EqualTo(["$ref /z is left out: the client has no such method"])
        );

    [Test]
    public void Refuses_parameters_that_are_not_a_list() =>
        Assert.That(
            Run(Operation("parameters: {name: a, in: query}")).Errors,
            Is.EqualTo(["standard input: the parameters of POST /pets/{id} CallPet have to be a list"])
        );

    [TestCase("trace")]
    [TestCase("POST")]
    public void Leaves_out_unsupported_methods(string method) =>
        Assert.That(
            Run(
                Operation("")
                    + $"  /z: {{summary: s, x-more: 1, {method}: {{responses: {{'204': {{description: x}}}}}}}}\n"
            ).Errors,
            Is.EqualTo([$"{method} /z is left out: the client has no such method"])
        );

    [Test]
    public void Refuses_a_document_that_has_a_listed_operation_in_an_unsupported_form()
    {
        var refused = Run(
            Operation("", content: "{text/plain: {}}")
                + "  /other: {get: {operationId: Other, responses: {'204': {description: x}}}}\n",
            "{info: {title: T, version: V}, operations: {CallPet: , Other: }}"
        );

        Assert.That(refused.Code, Is.EqualTo(2));
        Assert.That(
            refused.Errors,
            Is.EqualTo(["POST /pets/{id} CallPet is left out: its success response is text/plain, not JSON"])
        );
    }

    [Test]
    public void Prefers_plain_JSON_among_several_media_types() =>
        Assert.That(
            Run(
                Operation(
                    "",
                    content: "{text/event-stream: {}, application/a+json: {}, "
                        + "'Application/JSON ;charset=UTF-8': {schema: {type: boolean}}}"
                )
            ).Operation["responses"]!["200"]!["content"]!.ToJsonString(),
            Is.EqualTo("""{"application/json":{"schema":{"type":"boolean"}}}""")
        );

    [Test]
    public void Orders_parameters_and_reports_those_that_are_left_out()
    {
        const string LeftOut = "POST /pets/{id} CallPet: its ";
        var refreshed = Run(
            Operation(
                """
                parameters: [{in: header, name: X-Env, schema: {type: string}},
                  {in: header, name: Authorization, schema: {type: string}},
                  {in: query, name: limit, schema: {type: [integer, 'null'], default: 10}},
                  {in: cookie, name: session, schema: {type: string}},
                  {in: query, name: filter, schema: {type: object, properties: {tags: {type: array}}}},
                  {in: query, name: after, required: true, schema: {anyOf: [{type: string}, {type: integer}]}},
                  {in: query, name: all, schema: {type: array, items: {type: string}}},
                  {in: query, name: tags, explode: false, schema: {type: array, items: {}}}]
                """
            )
        );

        Assert.That(
            refreshed.Operation["parameters"]!
                .AsArray()
                .Select(p => $"{p!["in"]} {p["name"]} {p["schema"]!["type"]} {p["required"]}".TrimEnd()),
            Is.EqualTo([
                "path id string true",
                "query after string true",
                "query all array",
                "query limit integer",
                "header X-Env string",
            ])
        );
        Assert.That(
            refreshed.Errors,
            Is.EquivalentTo([
                LeftOut
                    + "query parameter filter is left out: "
                    + "it is an object, which the client does not write into a URL",
                LeftOut + "query parameter tags is left out: it is a list with explode false",
                LeftOut + "cookie parameter session is left out: it is in a place that the client does not support",
                LeftOut + "header parameter Authorization is left out: it is a header that every call sets",
                "the parameter after of CallPet is sent as a string: its anyOf has 2 forms (integer, string)",
            ])
        );
    }

    [Test]
    public void Keeps_every_declared_success_and_no_error()
    {
        const string Responses =
            "'201': {description: x}, '204': {description: x}, '404': {description: x}, default: {}";
        var refreshed = Run($"openapi: 3.1.0\npaths: {{/pets: {{post: {{responses: {{{Responses}}}}}}}}}\n");

        Assert.That(refreshed.Operation["responses"]!.AsObject().Select(r => r.Key), Is.EqualTo(["201", "204"]));
    }

    [TestCase("200: {description: x}, 2XX", "its success response 2XX is not a status code")]
    [TestCase("default", "it declares no success response")]
    public void Leaves_out_an_operation_without_a_success_status(string code, string reason) =>
        Assert.That(
            Run(Operation("").Replace("\"200\"", code)).Errors,
            Is.EqualTo(["POST /pets/{id} CallPet is left out: " + reason])
        );

    [Test]
    public void Leaves_out_an_operation_with_different_success_responses()
    {
        var refreshed = Run(
            """
            openapi: 3.1.0
            servers: [{url: 'https://a.test'}]
            paths:
              /pets:
                post:
                  operationId: CreatePet
                  responses:
                    "200": {description: x, content: {application/json: {schema: {properties: {id: {type: string}}}}}}
                    "202": {description: x, content: {application/json: {schema: {properties: {job: {type: string}}}}}}

            """
        );

        Assert.That(
            refreshed.Errors,
            Is.EqualTo(["POST /pets CreatePet is left out: its success responses have different bodies"])
        );
    }

    [TestCase("{type: object, properties: {}}", false)]
    [TestCase("{type: object}", true)]
    [TestCase("{type: object, properties: {}, additionalProperties: true}", true)]
    public void A_response_object_without_properties_is_no_body(string schema, bool hasBody) =>
        Assert.That(
            Run(Document("{}", schema)).Operation["responses"]!["200"]!.AsObject(),
            Has.Count.EqualTo(hasBody ? 2 : 1)
        );

    [TestCase("{type: oauth2, flows: {}}")]
    [TestCase("{type: http, scheme: basic}")]
    public void Leaves_out_operations_that_do_not_accept_a_bearer_token(string scheme) =>
        Assert.That(
            Run(Secured("[{Other: []}]", scheme)).Errors,
            Is.EqualTo(["POST /pets/{id} CallPet is left out: it needs Other, and the client sends only bearer tokens"])
        );

    [TestCase("[{Key: []}]")]
    [TestCase("[{Other: []}, {Key: []}]")]
    public void Keeps_an_operation_that_accepts_a_bearer_token(string security)
    {
        var refreshed = Run(Secured(security, "{type: apiKey, in: header, name: X-Key}"));

        Assert.That(refreshed.Errors, Is.Empty);
        Assert.That(refreshed.Document["security"]!.ToJsonString(), Is.EqualTo("""[{"Key":[]}]"""));
        Assert.That(
            refreshed.Document["components"]!["securitySchemes"]!.ToJsonString(),
            Is.EqualTo("""{"Key":{"type":"http","scheme":"bearer"}}""")
        );
    }

    [Test]
    public void Suggests_the_most_similar_operation_for_a_missing_one()
    {
        var refreshed = Run(Contacts.Gone, Contacts.Config, Contacts.Made);

        Assert.That(
            refreshed.Errors,
            Is.EqualTo(["CreateContact is not in this document; the nearest one is POST /v2/identities CreateIdentity"])
        );
        Assert.That(refreshed.Text, Is.EqualTo(Contacts.Made), "nothing is written");
    }

    [TestCase("{type: [array, 'null'], items: {type: string}}", """{"type":"array","items":{"type":"string"}}""")]
    [TestCase(
        "{type: [object, 'null'], properties: {a: {type: string}}}",
        """{"$ref":"#/components/schemas/CreatePetRequestBody"}"""
    )]
    public void Writes_a_nullable_body_without_null(string schema, string expected) =>
        Assert.That(Request(schema), Is.EqualTo(expected));

    private static string Secured(string security, string other) =>
        $"security: {security}\n"
        + $"components: {{securitySchemes: {{Key: {{type: http, scheme: bearer}}, Other: {other}}}}}\n"
        + Operation("");
}
