using System.Text.Json.Nodes;
using OrqGenerated.Refresh;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>What of an upstream document comes into ours.</summary>
public sealed class RefresherTests
{
    private static readonly string Config = File.ReadAllText(
        Repository.PathTo("openapi/refresh.yaml")
    );
    private static readonly string CheckedIn = File.ReadAllText(
        Repository.PathTo("openapi/contacts.yaml")
    );

    [Test]
    public void The_latest_published_form_gives_the_checked_in_document() =>
        Assert.That(Refreshing.Text(Contacts.Latest(), Config), Is.EqualTo(CheckedIn));

    [Test]
    public void The_checked_in_document_gives_itself() =>
        Assert.That(Refreshing.Text(CheckedIn, Config), Is.EqualTo(CheckedIn));

    [Test]
    public void Only_the_listed_operations_and_what_they_lead_to_are_taken()
    {
        var document = Refreshing.Refresh(Contacts.Latest(), Config).Document;

        Assert.That(
            document["paths"]!.AsObject().Select(p => p.Key),
            Is.EqualTo(new[] { "/v2/contacts" })
        );
        Assert.That(
            document["components"]!["securitySchemes"]!.AsObject().Select(s => s.Key),
            Is.EqualTo(new[] { "ApiKey" })
        );
        Assert.That(document["components"]!["schemas"]!.AsObject().Count, Is.EqualTo(2));
    }

    [Test]
    public void A_star_takes_every_operation_and_what_it_makes_gives_itself()
    {
        var text = Refreshing.Text(Contacts.Latest());

        Assert.That(
            Refreshing.Upstream(text).Operations.Select(o => o.Id),
            Is.EquivalentTo(new[] { "CreateContact", "CreateIdentity", "CreateContract" })
        );
        Assert.That(Refreshing.Text(text), Is.EqualTo(text));
    }

    [Test]
    public void Operations_without_an_id_or_with_one_that_is_taken_get_one()
    {
        const string Text = """
            openapi: 3.1.0
            paths:
              /pets/{id}: {get: {responses: {"200": {description: OK}}}, delete: {operationId: pets.remove, responses: {'204': {description: OK}}} }
              /zoos: {delete: {operationId: PetsRemove, responses: {'204': {description: OK}}} }
            """;

        Assert.That(
            Refreshing.Upstream(Text).Operations.Select(o => o.Id),
            Is.EqualTo(new[] { "GetPetsId", "PetsRemove", "PetsRemove2" })
        );
    }

    [TestCase(
        "multipart/form-data",
        "application/json",
        "its request body is multipart/form-data, not JSON"
    )]
    [TestCase(
        "application/json",
        "text/event-stream",
        "its success response is text/event-stream, not JSON"
    )]
    [TestCase(
        "application/json",
        "application/octet-stream",
        "its success response is application/octet-stream, not JSON"
    )]
    public void An_operation_that_does_not_speak_JSON_is_left_out_with_a_line(
        string request,
        string response,
        string reason
    )
    {
        var refreshed = Refreshing.Refresh(
            Operation(
                $"requestBody: {{content: {{{request}: {{schema: {{type: string}}}}}}}}",
                $"{{{response}: {{schema: {{type: string}}}}}}"
            )
        );

        Assert.That(refreshed.Document["paths"]!.AsObject(), Is.Empty);
        Assert.That(
            refreshed.Notes,
            Is.EqualTo(new[] { $"POST /pets/{{id}} CreatePet is left out: {reason}" })
        );
    }

    [Test]
    public void JSON_is_taken_where_it_stands_beside_something_else() =>
        Assert.That(
            Only(
                Operation(
                    "",
                    "{text/event-stream: {schema: {type: string}}, application/json; charset=utf-8: {schema: {type: integer}}}"
                )
            )["responses"]!.ToJsonString(),
            Is.EqualTo(
                """{"200":{"description":"OK","content":{"application/json":{"schema":{"type":"integer","format":"int64"}}}}}"""
            )
        );

    [Test]
    public void Parameters_keep_to_the_path_the_query_and_headers_in_one_order()
    {
        var refreshed = Refreshing.Refresh(
            Operation(
                """
                parameters:
                  - {in: header, name: X-Env, schema: {type: string}}
                  - {in: header, name: Authorization, required: true, schema: {type: string}}
                  - {in: query, name: limit, schema: {type: [integer, 'null'], default: 10}}
                  - {in: cookie, name: session, schema: {type: string}}
                  - {in: query, name: filter, schema: {type: object, properties: {tags: {type: array}}}}
                  - {in: query, name: after, required: true, schema: {anyOf: [{type: string}, {type: integer}]}}
                  - {in: query, name: tags, explode: false, schema: {type: array, items: {}}}
                """,
                "{}"
            )
        );
        var parameters = OnlyOperation(refreshed)["parameters"]!.AsArray();

        Assert.That(
            parameters.Select(p =>
                $"{p!["in"]} {p["name"]} {p["schema"]!["type"]} {p["required"]} {p["explode"]}".TrimEnd()
            ),
            Is.EqualTo(
                new[]
                {
                    "path id string true",
                    "query after string true",
                    "query limit integer",
                    "query tags array  false",
                    "header X-Env string",
                }
            )
        );
        Assert.That(
            refreshed.Notes,
            Is.EqualTo(
                new[]
                {
                    "POST /pets/{id} CreatePet: its cookie parameter session is left out: it is in a place that a client does not write to",
                    "POST /pets/{id} CreatePet: its query parameter filter is left out: it is an object, for which a URL has no form",
                }
            )
        );
    }

    [Test]
    public void A_body_that_must_hold_a_property_is_required() =>
        Assert.That(
            (bool)
                Only(
                    Operation(
                        "requestBody: {content: {application/json: {schema: {required: [a], properties: {a: {type: string}}}}}}",
                        "{}"
                    )
                )["requestBody"]!["required"]!,
            Is.True
        );

    [TestCase(
        "'201': {description: x}, '204': {description: x}, '404': {description: x}, default: {description: x}",
        "201,204"
    )]
    [TestCase("2XX: {description: x}", "200")]
    [TestCase("default: {description: x}", "200")]
    public void Every_declared_success_is_kept_and_no_error(string responses, string codes) =>
        Assert.That(
            Only(
                $"openapi: 3.1.0\npaths: {{/pets: {{post: {{operationId: CreatePet, responses: {{{responses}}}}}}}}}"
            )["responses"]!
                .AsObject()
                .Select(r => r.Key),
            Is.EqualTo(codes.Split(','))
        );

    [Test]
    public void Several_unlike_successes_are_one_result_that_can_be_any_of_them()
    {
        var schemas = Refreshing
            .Refresh(
                """
                openapi: 3.1.0
                paths:
                  /pets:
                    post:
                      operationId: CreatePet
                      responses:
                        "200": {description: x, content: {application/json: {schema: {required: [id], properties: {id: {type: string}}}}}}
                        "202": {description: x, content: {application/json: {schema: {required: [job], properties: {job: {type: string}}}}}}
                """
            )
            .Document["components"]!["schemas"]!.AsObject();

        Assert.That(schemas.Select(s => s.Key), Is.EqualTo(new[] { "CreatePetResponseBody" }));
        Assert.That(
            schemas["CreatePetResponseBody"]!["properties"]!.AsObject().Select(p => p.Key),
            Is.EqualTo(new[] { "id", "job" })
        );
    }

    [Test]
    public void Security_that_operations_do_not_share_stands_with_each()
    {
        var document = Refreshing
            .Refresh(
                """
                openapi: 3.1.0
                security: [{Key: []}]
                components: {securitySchemes: {Key: {type: http, scheme: bearer}}}
                paths:
                  /a: {get: {operationId: A, responses: {'200': {description: x}}}, put: {operationId: B, security: [], responses: {'200': {description: x}}}}
                """
            )
            .Document;

        Assert.That(document.ContainsKey("security"), Is.False);
        Assert.That(
            document["paths"]!["/a"]!["get"]!["security"]!.ToJsonString(),
            Is.EqualTo("""[{"Key":[]}]""")
        );
        Assert.That(
            document["paths"]!["/a"]!["put"]!["security"]!.ToJsonString(),
            Is.EqualTo("[]")
        );
    }

    [Test]
    public void A_server_with_variables_is_the_one_with_their_defaults() =>
        Assert.That(
            Refreshing
                .Refresh(
                    "openapi: 3.1.0\npaths: {}\nservers: [{url: 'https://{region}.test/v{n}', variables: {region: {default: eu}, n: {default: 2}}}]"
                )
                .Document["servers"]!.ToJsonString(),
            Is.EqualTo("""[{"url":"https://eu.test/v2"}]""")
        );

    [Test]
    public void A_field_without_a_text_gets_none_and_is_listed()
    {
        var refreshed = Refreshing.Refresh(Contacts.In2025, Config);

        Assert.That(
            refreshed.WithoutText,
            Is.EqualTo(new[] { "CreateContactResponseBody.workspace_id" })
        );
        Assert.That(
            refreshed.Document["components"]!["schemas"]!["CreateContactResponseBody"]![
                "properties"
            ]!["workspace_id"]!["description"],
            Is.Null
        );
        Assert.That(
            refreshed.Notes,
            Is.EqualTo(new[] { "refresh.yaml: CreateContact has no response 200" })
        );
    }

    [Test]
    public void A_document_with_no_such_operation_says_which_comes_nearest()
    {
        var previous = DocumentReader.Read(CheckedIn, "contacts.yaml");

        Assert.That(
            () =>
                Refresher.Refresh(
                    Refreshing.Upstream(Contacts.Gone),
                    RefreshConfig.Read(Config, "refresh.yaml"),
                    previous
                ),
            Throws.Exception.With.Message.EqualTo(
                "CreateContact is not in this document; it has POST /v2/identities CreateIdentity"
            ),
            "it takes the same fields, though CreateContract has the nearer name"
        );
    }

    [Test]
    public void An_operation_can_have_a_name_of_ours_which_is_found_again()
    {
        var config = """
            info: {title: Shop, version: "1"}
            operations: {CreateIdentity: {name: AddPerson}}
            """;
        var text = Refreshing.Text(Contacts.Latest(), config);

        Assert.That(
            text,
            Does.Contain("operationId: AddPerson\n").And.Contain("AddPersonRequestBody:\n")
        );
        Assert.That(Refreshing.Text(text, config), Is.EqualTo(text));
    }

    private static string Operation(string request, string content) =>
        """
            openapi: 3.1.0
            paths:
              /pets/{id}:
                post:
                  operationId: CreatePet
                  responses: {"200": {description: OK, content: CONTENT}}

            """.Replace("CONTENT", content, StringComparison.Ordinal)
        + string.Join('\n', request.Split('\n').Select(l => "      " + l))
        + "\n";

    private static JsonNode Only(string yaml) => OnlyOperation(Refreshing.Refresh(yaml));

    private static JsonNode OnlyOperation(Refreshed refreshed) =>
        refreshed.Document["paths"]!.AsObject().Single().Value!["post"]!;
}
