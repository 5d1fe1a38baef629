using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>Which operations come into our document, and what of them.</summary>
public sealed class OperationTests
{
    [TestCase("contacts.yaml", "refresh.yaml")]
    [TestCase("identities.yaml", "identities.refresh.yaml")]
    public void A_checked_in_document_gives_itself(string document, string config)
    {
        var checkedIn = File.ReadAllText(Repository.PathTo("openapi", document));

        var refreshed = Refreshing.Run(checkedIn, File.ReadAllText(Repository.PathTo("openapi", config)));

        Assert.That((refreshed.Text, refreshed.Errors), Is.EqualTo((checkedIn, Array.Empty<string>())));
    }

    [Test]
    public void A_star_takes_every_operation_and_what_it_makes_gives_itself()
    {
        var text = Refreshing.Run(Contacts.Latest()).Text!;

        Assert.That(
            text,
            Does.Contain("operationId: CreateContact\n")
                .And.Contain("operationId: CreateIdentity\n")
                .And.Contain("operationId: CreateContract\n")
        );
        Assert.That(Refreshing.Run(text).Text, Is.EqualTo(text));
    }

    [Test]
    public void An_operation_can_have_a_name_of_ours_and_is_found_again()
    {
        const string Ours = "{info: {title: Shop, version: V}, operations: {CreateIdentity: {name: addPerson}}}";
        var text = Refreshing.Run(Contacts.Latest(), Ours).Text!;

        Assert.That(text, Does.Contain("operationId: AddPerson\n").And.Contain("AddPersonRequestBody:\n"));
        Assert.That(Refreshing.Run(text, Ours).Text, Is.EqualTo(text));
    }

    [Test]
    public void An_operation_without_an_id_is_named_by_its_route() =>
        Assert.That(
            Refreshing
                .Run("openapi: 3.1.0\npaths: {'/pets/{id}': {get: {responses: {'200': {description: OK}}}}}\n")
                .Operation["operationId"]!.ToString(),
            Is.EqualTo("GetPetsId")
        );

    [TestCase("multipart/form-data", "application/json", "its request body is multipart/form-data, not JSON")]
    [TestCase("application/json", "text/event-stream", "its success response is text/event-stream, not JSON")]
    [TestCase("application/json", "text/plain", "its success response is text/plain, not JSON")]
    [TestCase("application/*+json", "application/json", "its request body is application/*+json, not plain JSON")]
    [TestCase(
        "application/json",
        "application/json; v=2",
        "its success response is application/json; v=2, not plain JSON"
    )]
    public void An_operation_that_does_not_speak_JSON_is_left_out(string request, string response, string reason)
    {
        var upstream = Refreshing.Operation(
            $"requestBody: {{content: {{{request}: {{schema: {{type: string}}}}}}}}",
            content: $"{{{response}: {{schema: {{type: string}}}}}}"
        );
        var beside = upstream + "  /other: {get: {operationId: Other, responses: {'204': {description: x}}}}\n";
        var line = "POST /pets/{id} CallPet is left out: " + reason;

        Assert.That((Refreshing.Run(upstream).Code, Refreshing.Run(upstream).Errors), Is.EqualTo((2, new[] { line })));
        Assert.That((Refreshing.Run(beside).Code, Refreshing.Run(beside).Errors), Is.EqualTo((0, new[] { line })));
    }

    [TestCase("requestBody: {$ref: '#/A'}", "the request body of POST /pets/{id} CallPet")]
    [TestCase("parameters: [{$ref: '#/A'}]", "a parameter of POST /pets/{id} CallPet")]
    public void An_operation_that_refers_to_anything_but_a_schema_is_left_out(string keys, string what) =>
        Assert.That(
            Refreshing.Run(Refreshing.Operation(keys)).Errors,
            Is.EqualTo(
                new[] { $"POST /pets/{{id}} CallPet is left out: {what} is #/A, and only schemas are referred to" }
            )
        );

    [Test]
    public void A_path_that_is_a_reference_is_left_out() =>
        Assert.That(
            Refreshing.Run(Refreshing.Operation("") + "  /z: {$ref: other.yaml}\n").Errors,
            Is.EqualTo(new[] { "$ref /z is left out: the client has no such method" })
        );

    [Test]
    public void Parameters_that_are_no_list_are_bad_input() =>
        Assert.That(
            Refreshing.Run(Refreshing.Operation("parameters: {name: a, in: query}")).Errors,
            Is.EqualTo(new[] { "standard input: the parameters of POST /pets/{id} CallPet have to be a list" })
        );

    [TestCase("trace")]
    [TestCase("POST")]
    public void A_method_that_the_client_does_not_have_is_left_out(string method) =>
        Assert.That(
            Refreshing
                .Run(
                    Refreshing.Operation("")
                        + $"  /z: {{summary: s, x-more: 1, {method}: {{responses: {{'204': {{description: x}}}}}}}}\n"
                )
                .Errors,
            Is.EqualTo(new[] { $"{method} /z is left out: the client has no such method" })
        );

    [Test]
    public void A_listed_operation_that_cannot_be_called_is_bad_input() =>
        Assert.That(
            Refreshing
                .Run(
                    Refreshing.Operation("", content: "{text/plain: {}}")
                        + "  /other: {get: {operationId: Other, responses: {'204': {description: x}}}}\n",
                    "{info: {title: T, version: V}, operations: {CallPet: , Other: }}"
                )
                .Code,
            Is.EqualTo(2)
        );

    [Test]
    public void JSON_is_taken_where_it_stands_beside_something_else() =>
        Assert.That(
            Refreshing
                .Run(
                    Refreshing.Operation(
                        "",
                        content: "{text/event-stream: {}, application/a+json: {}, "
                            + "'Application/JSON ;charset=UTF-8': {schema: {type: boolean}}}"
                    )
                )
                .Operation["responses"]!["200"]!["content"]!.ToJsonString(),
            Is.EqualTo("""{"application/json":{"schema":{"type":"boolean"}}}""")
        );

    [Test]
    public void Parameters_are_in_one_order_and_what_a_URL_cannot_carry_is_left_out_with_a_line()
    {
        const string LeftOut = "POST /pets/{id} CallPet: its ";
        var refreshed = Refreshing.Run(
            Refreshing.Operation(
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
            Is.EqualTo(
                new[]
                {
                    "path id string true",
                    "query after string true",
                    "query all array",
                    "query limit integer",
                    "header X-Env string",
                }
            )
        );
        Assert.That(
            refreshed.Errors,
            Is.EquivalentTo(
                new[]
                {
                    LeftOut
                        + "query parameter filter is left out: "
                        + "it is an object, which the client does not write into a URL",
                    LeftOut + "query parameter tags is left out: it is a list with explode false",
                    LeftOut
                        + "cookie parameter session is left out: it is in a place that the client does not write to",
                    LeftOut
                        + "header parameter Authorization is left out: it is a header that every call sets by itself",
                    "the parameter after of CallPet is text: its anyOf has 2 forms (integer, string)",
                }
            )
        );
    }

    [TestCase(
        "'201': {description: x}, '204': {description: x}, '404': {description: x}, default: {description: x}",
        "201,204"
    )]
    public void Every_declared_success_is_kept_and_no_error(string responses, string codes) =>
        Assert.That(
            Refreshing
                .Run(
                    $"openapi: 3.1.0\npaths: {{/pets: "
                        + $"{{post: {{operationId: CreatePet, responses: {{{responses}}}}}}}}}\n"
                )
                .Operation["responses"]!
                .AsObject()
                .Select(r => r.Key),
            Is.EqualTo(codes.Split(','))
        );

    [TestCase("200: {description: x}, 2XX", "its success 2XX is no status")]
    [TestCase("2xx", "its success 2xx is no status")]
    [TestCase("default", "it declares no success response")]
    [TestCase("404", "it declares no success response")]
    public void An_operation_that_declares_no_status_of_success_is_left_out(string code, string reason) =>
        Assert.That(
            Refreshing.Run(Refreshing.Operation("").Replace("\"200\"", code, StringComparison.Ordinal)).Errors,
            Is.EqualTo(new[] { "POST /pets/{id} CallPet is left out: " + reason })
        );

    [Test]
    public void An_operation_with_several_unlike_successes_is_left_out()
    {
        var refreshed = Refreshing.Run(
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
            Is.EqualTo(new[] { "POST /pets CreatePet is left out: its successes have unlike bodies" })
        );
    }

    [TestCase("{type: http, scheme: bearer}", null)]
    [TestCase("{type: oauth2, flows: {}}", "it needs Key, and the client sends only bearer tokens")]
    [TestCase("{type: http, scheme: basic}", "it needs Key, and the client sends only bearer tokens")]
    [TestCase("{type: apiKey, in: header, name: X-Key}", "it needs Key, and the client sends only bearer tokens")]
    public void Only_operations_that_take_a_bearer_token_can_be_called(string scheme, string? reason)
    {
        var refreshed = Refreshing.Run(
            $"security: [{{Key: []}}]\ncomponents: {{securitySchemes: {{Key: {scheme}}}}}\n" + Refreshing.Operation("")
        );

        Assert.That(
            refreshed.Errors,
            Is.EqualTo(reason is null ? [] : new[] { "POST /pets/{id} CallPet is left out: " + reason })
        );
        Assert.That(
            refreshed.Text is null
                ? null
                : refreshed.Document["components"]!["securitySchemes"]!["Key"]!.ToJsonString(),
            Is.EqualTo(reason is null ? """{"type":"http","scheme":"bearer"}""" : null)
        );
    }

    [Test]
    public void A_bearer_token_is_enough_where_it_is_one_of_several_keys()
    {
        var refreshed = Refreshing.Run(
            "security: [{Other: []}, {Key: []}]\ncomponents: {securitySchemes: "
                + "{Key: {type: http, scheme: bearer}, Other: {type: apiKey, in: header, name: X-Key}}}\n"
                + Refreshing.Operation("")
        );

        Assert.That(refreshed.Errors, Is.Empty);
        Assert.That(refreshed.Document["security"]!.ToJsonString(), Is.EqualTo("""[{"Key":[]}]"""));
    }

    [Test]
    public void A_document_without_the_operation_says_which_has_most_in_common()
    {
        var refreshed = Refreshing.Run(Contacts.Gone, Contacts.Config, Contacts.Made);

        Assert.That(
            refreshed.Errors,
            Is.EqualTo(
                new[] { "CreateContact is not in this document; the nearest one is POST /v2/identities CreateIdentity" }
            )
        );
        Assert.That(refreshed.Text, Is.EqualTo(Contacts.Made), "nothing is written");
    }

    [TestCase("{type: [array, 'null'], items: {type: string}}", """{"type":"array","items":{"type":"string"}}""")]
    [TestCase(
        "{type: [object, 'null'], properties: {a: {type: string}}}",
        """{"$ref":"#/components/schemas/CreatePetRequestBody"}"""
    )]
    public void A_body_that_may_be_null_is_left_out_instead(string schema, string expected) =>
        Assert.That(Refreshing.Request(schema), Is.EqualTo(expected));
}
