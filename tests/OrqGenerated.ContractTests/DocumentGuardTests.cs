using System.Net;
using System.Net.Http.Headers;
using NSwag;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>The guard itself, with a document that has a bit of everything and with the contacts document.</summary>
internal sealed class DocumentGuardTests : ContractTest, IDisposable
{
    private const string Things = """
        openapi: 3.1.0
        info: {title: Things, version: "1"}
        security: [{Bearer: []}]
        paths:
          /v1/things:
            get:
              parameters:
                - {name: limit, in: query, required: true, schema: {type: integer, maximum: 200}}
                - {name: only.tags, in: query, schema: {type: array, items: {type: string, minLength: 1}}}
                - {name: ids, in: query, explode: false, schema: {type: array, items: {type: integer}}}
                - {name: deep, in: query, schema: {type: boolean}}
                - {name: X-Version, in: header, schema: {type: string, enum: [one, two]}}
              responses: {"200": {$ref: "#/components/responses/Things"}}
            post:
              requestBody: {required: true, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
              responses: {"2XX": {$ref: "#/components/responses/Thing"}}
          /v1/things/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: string, maxLength: 3}}]
            patch:
              requestBody: {content: {application/merge-patch+json: {schema: {properties: {name: {type: string}}}}}}
              responses: {"200": {$ref: "#/components/responses/Anything"}}
            delete:
              responses: {"204": {description: Gone.}, "404": {$ref: "#/components/responses/Error"}}
          /v1/things/new:
            get:
              security: []
              responses:
                "200": {description: A form., content: {text/html: {}}}
                default: {$ref: "#/components/responses/Error"}
        components:
          securitySchemes: {Bearer: {type: http, scheme: bearer}}
          responses:
            Thing: {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
            Things: {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Things"}}}}
            Anything: {description: x, content: {application/json: {schema: {type: [object, "null"]}}}}
            Error: {description: x, content: {application/json: {schema: {$ref: "#/components/schemas/Error"}}}}
          schemas:
            Things: {type: array, items: {$ref: "#/components/schemas/Thing"}}
            Error: {type: object, required: [message], properties: {message: {type: string}}}
            Thing:
              type: object
              required: [id, name, secret]
              properties:
                id: {type: string, readOnly: true}
                secret: {type: string, writeOnly: true}
                name: {type: string, minLength: 2, maxLength: 4}
                email: {type: [string, "null"], format: email}
                link: {type: string, format: uri}
                at: {type: string, format: date-time}
                facts: {type: object, additionalProperties: {}}
                counts: {type: object, additionalProperties: {type: integer}}
                parts: {type: array, items: {type: object, properties: {size: {type: number}}}}
                owner:
                  oneOf:
                    - {type: object, required: [name], properties: {name: {type: string}}}
                    - {type: object, required: [team], properties: {team: {type: string}}}
        """;

    // Each line is a request, its body, the status of the response and its body. A header follows the request's path.
    private const string Allowed = """
        GET /v1/things?limit=200&only.tags=a&only.tags=b&deep=true&ids=1,2 | | 200 | [{"id":"1","name":"ab"}]
        GET /v1/things?limit=1 X-Version: two | | 200 | []
        POST /v1/things | {"name":"\ud83d\ude00\ud83d\ude00\ud83d\ude00","secret":"s"} | 201 | {"id":"1","name":"ab"}
        POST /v1/things | {"name":"ab","secret":"s","facts":{"any":{"thing":[1]}},"counts":{"a":1}} | 500 | no JSON
        POST /v1/things | {"name":"ab","secret":"s","parts":[{"size":1.5}],"owner":{"team":"x"}} | 500 |
        POST /v1/things | {"name":"ab","secret":"s","email":null,"at":"2026-01-02T03:04:05.678+01:00"} | 500 |
        POST /v1/things | {"name":"ab","secret":"s","email":"a@example.com","link":"https://example.com/ä"} | 500 |
        PATCH /v1/things/%C3%A4bc | {"name":"x"} | 200 | null
        PATCH /v1/things/abc | | 200 | {"any":"thing"}
        DELETE /v1/things/abc | | 204 |
        DELETE /v1/things/abc | | 404 | {"message":"Unknown."}
        GET /v1/things/new | | 200 | <form>
        """;

    // Each line is a request, its body and the violation.
    private const string WrongRequests = """
        PUT /v1/things | | PUT /v1/things: the document has no such operation
        GET /v1/thing | | GET /v1/thing: the document has no such operation
        GET /v1/things | | query parameter 'limit' is missing
        GET /v1/things?limit=many | | query parameter 'limit' #/ integer expected
        GET /v1/things?limit=201 | | query parameter 'limit' #/ number too big
        GET /v1/things?limit=1&only.tags=a&only.tags= | | query parameter 'only.tags' #/[1] string too short
        GET /v1/things?limit=1&ids=1,x | | query parameter 'ids' #/[1] integer expected
        GET /v1/things?limit=1&page=2 | | query parameter 'page' is not in the document
        GET /v1/things?limit=1 X-Version: three | | header parameter 'X-Version' #/ not in enumeration
        GET /v1/things?limit=1 Authorization: Basic YTpi | | no credentials of a kind that the document asks for
        GET /v1/things?limit=1 | {} | the document has no request body here
        DELETE /v1/things/abcd | | path parameter 'id' #/ string too long
        POST /v1/things | | the body is missing
        POST /v1/things | { | the body is not JSON
        POST /v1/things Content-Type: text/plain | {} | the content type is 'text/plain', not application/json
        POST /v1/things | [] | #/ object expected
        POST /v1/things | {"secret":"s"} | #/name property required
        POST /v1/things | {"name":"ab","secret":"s","id":"1"} | #/id is read-only
        POST /v1/things | {"name":"ab","secret":"s","nam":"x"} | #/nam is not named by the document
        POST /v1/things | {"name":"ab","secret":"s","parts":[{"sise":1}]} | #/parts[0].sise is not named by the document
        POST /v1/things | {"name":"ab","secret":"s","owner":{"team":"x","tame":1}} | #/owner.tame is not named
        POST /v1/things | {"name":"ab","secret":"s","owner":{}} | #/owner.name property required
        POST /v1/things | {"name":"\ud83d\ude00","secret":"s"} | #/name string too short
        POST /v1/things | {"name":"abcde","secret":"s"} | #/name string too long
        POST /v1/things | {"name":null,"secret":"s"} | #/name string expected
        POST /v1/things | {"name":"ab","secret":"s","email":"nobody"} | #/email email expected
        POST /v1/things | {"name":"ab","secret":"s","link":"nowhere"} | #/link uri expected
        POST /v1/things | {"name":"ab","secret":"s","at":"2026-01-02"} | #/at date time expected
        POST /v1/things | {"name":"ab","secret":"s","counts":{"a":"1"}} | #/counts.a integer expected
        """;

    // Each line is a request, its body, the status of the response, its body and the violation.
    private const string WrongResponses = """
        PATCH /v1/things/abc | | 302 | | 302 to PATCH /v1/things/abc: the document declares no such status
        DELETE /v1/things/abc | | 200 | | 200 to DELETE /v1/things/abc: the document declares no such status
        DELETE /v1/things/abc | | 204 | {} | the document has no body here
        DELETE /v1/things/abc | | 404 | {} | #/message property required
        GET /v1/things?limit=1 | | 200 | | the body is missing
        GET /v1/things?limit=1 | | 200 | [] [] | the body is not JSON
        GET /v1/things?limit=1 | | 200 | [{"id":1,"name":"ab"}] | #/[0].id string expected
        GET /v1/things?limit=1 | | 200 | [{"name":"ab"}] | #/[0].id property required
        GET /v1/things?limit=1 | | 200 | [{"id":"1","name":"ab","secret":"s"}] | #/[0].secret is write-only
        GET /v1/things?limit=1 | | 200 | [{"id":"1","name":"ab","more":1}] | #/[0].more is not named by the document
        GET /v1/things/new | | 500 | {} | #/message property required
        GET /v1/things/new | | 200 | {} | the content type is 'application/json', not text/html
        """;

    private readonly StubHandler _server = new();

    public void Dispose() => _server.Dispose();

    [TestCaseSource(nameof(Lines), new object[] { Allowed })]
    public async Task Accepts_what_the_document_allows(string request, string body, string status, string responseBody)
    {
        var (violations, error) = await SendAsync(request, body, status, responseBody);

        Assert.That((error, violations.Count), Is.EqualTo((default(Exception), 0)));
        Assert.That(_server.Requests.Single().Body, Is.EqualTo(body));
    }

    [TestCaseSource(nameof(Lines), new object[] { WrongRequests })]
    public async Task Rejects_a_request_before_it_is_sent(string request, string body, string violation)
    {
        var (violations, error) = await SendAsync(request, body, "500", "");

        Assert.That(error?.Message, Does.Contain(violation));
        Assert.That(violations, Is.EqualTo([error!.Message]));
        Assert.That(_server.Requests, Is.Empty);
    }

    [TestCaseSource(nameof(Lines), new object[] { WrongResponses })]
    public async Task Rejects_a_response(
        string request,
        string body,
        string status,
        string responseBody,
        string violation
    )
    {
        var (violations, error) = await SendAsync(request, body, status, responseBody);

        Assert.That(error?.Message, Does.Contain(violation));
        Assert.That(violations, Is.EqualTo([error!.Message]));
    }

    [TestCase(
        "        - _id\n",
        "        - _id\n        - region\n",
        1,
        " to POST /v2/contacts: #/region property required"
    )]
    [TestCase("maxLength: 120", "maxLength: 5", 0, "POST /v2/contacts: #/external_id string too long")]
    public async Task Violating_a_changed_document_fails_the_test_without_a_retry(
        string old,
        string replacement,
        int requests,
        string violation
    )
    {
        var text = await File.ReadAllTextAsync(Repository.PathTo("openapi", "contacts.yaml"));
        var changed = text.ReplaceLineEndings("\n").Replace(old, replacement, StringComparison.Ordinal);
        var test = new TestThatExpectsAnError(await OpenApiYamlDocument.FromYamlAsync(changed));

        await test.RunAsync();

        Assert.That(test.Requests, Is.EqualTo(requests));
        Assert.That(test.EndServersAndClients, Throws.TypeOf<AssertionException>().With.Message.Contains(violation));
    }

    private static IEnumerable<TestCaseData> Lines(string lines) =>
        lines
            .ReplaceLineEndings("\n")
            .Split('\n')
            .Select(line => new TestCaseData([.. line.Split('|').Select(part => part.Trim())]));

    private async Task<(IReadOnlyCollection<string> Violations, DocumentViolationException? Error)> SendAsync(
        string line,
        string body,
        string status,
        string responseBody
    )
    {
        var responseType = responseBody.StartsWith('<') ? "text/html" : "application/json";
        _server.Responds(() =>
            new HttpResponseMessage(Enum.Parse<HttpStatusCode>(status))
            {
                Content = new StringContent(responseBody, new MediaTypeHeaderValue(responseType)),
            }
        );
        var guard = new DocumentGuard(await OpenApiYamlDocument.FromYamlAsync(Things)) { InnerHandler = _server };
        using var http = new HttpClient(guard) { BaseAddress = new Uri("http://localhost") };
        using var request = RequestOf(line, body);
        try
        {
            using var response = await http.SendAsync(request);
            Assert.That(
                await response.Content.ReadAsStringAsync(),
                Is.EqualTo(responseBody),
                "the response must be unchanged"
            );
            return (guard.Violations, null);
        }
        catch (DocumentViolationException e)
        {
            return (guard.Violations, e);
        }
    }

    private static HttpRequestMessage RequestOf(string line, string body)
    {
        var words = line.Split(' ', 4);
        var request = new HttpRequestMessage(new HttpMethod(words[0]), words[1]);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "key");
        if (body.Length > 0)
        {
            var type = words[0] == "PATCH" ? "application/merge-patch+json" : "application/json";
            request.Content = new StringContent(body, new MediaTypeHeaderValue(type));
        }

        if (words.Length > 2)
        {
            var name = words[2].TrimEnd(':');
            HttpHeaders headers = name == "Content-Type" ? request.Content!.Headers : request.Headers;
            headers.Remove(name);
            headers.Add(name, words[3]);
        }

        return request;
    }

    /// <summary>A contract test whose expected failure would hide a violation of the document.</summary>
    private sealed class TestThatExpectsAnError(OpenApiDocument document) : ContractTest
    {
        public int Requests => Received.Count;

        public async Task RunAsync()
        {
            Replies(await StoredAsync());
            using var client = new ContactsClient(Guarded(document), OptionsFor(WireMockUrl));
            await FailAsync<OrqException>(client);
        }
    }
}
