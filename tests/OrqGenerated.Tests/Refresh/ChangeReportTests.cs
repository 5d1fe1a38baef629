using OrqGenerated.Refresh;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Refresh;

/// <summary>What a change of the document means for C# users.</summary>
public sealed class ChangeReportTests
{
    private static readonly string Config = File.ReadAllText(
        Repository.PathTo("openapi/refresh.yaml")
    );

    [Test]
    public void Nothing_is_reported_when_nothing_changed() =>
        Assert.That(
            Refreshing.Report(
                Contacts.Latest(),
                Contacts.Latest("2027-01-01T00:00:00Z", "Other words"),
                Config
            ),
            Is.Empty
        );

    [Test]
    public void A_report_is_Markdown_by_class_and_method() =>
        Assert.That(
            Refreshing.Report(Contacts.Latest(), Contacts.In2025, Config),
            Is.EqualTo(
                """
                # Changes for users of the client

                Suggested version bump: **minor** (while the version is 0.x: patch). Nothing breaks callers.

                ## `ContactsClient.CreateContactAsync`

                - Not breaking: success is 201, was 200; the client takes any 2xx.

                ## `CreateContactResponseBody`

                - Not breaking: `Id`: format is gone, was ulid.
                - Not breaking: `WorkspaceId` added, `string`; code that builds this response itself, as a test may, has to set it.

                ## New, and without a text in refresh.yaml

                - `CreateContactResponseBody.workspace_id`

                """
            )
        );

    [Test]
    public void The_way_from_the_first_published_form_is_told()
    {
        var report = Refreshing.Report(Contacts.First, Contacts.Latest(), Config);

        Assert.That(
            report,
            Does.Contain("- **Breaking:** `ExternalId`: maxLength is 120, was none.\n")
        );
        Assert.That(
            report,
            Does.Contain("- Not breaking: `Tags` items: format is gone, was uuid.\n")
        );
        Assert.That(report, Does.Contain("- Not breaking: `Id` is `_id` in JSON, was `id`.\n"));
    }

    [Test]
    public void Texts_alone_are_a_patch()
    {
        var before = Refreshing.Refresh(Contacts.Latest(), Config);
        var after = Refreshing.Refresh(
            Contacts.Latest(),
            Config.Replace("The e-mail address.", "Their e-mail.", StringComparison.Ordinal)
        );

        Assert.That(
            new ChangeReport(before.Document, after).ToMarkdown(),
            Does.Contain("Only texts").And.Contain("**patch**")
        );
    }

    [TestCase(
        "a: {type: string}",
        "a: {type: string}, b: {type: string}",
        "Not breaking: `B` added, `string?`"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string}, b: {type: [string, 'null']}",
        "Not breaking: `B` added, `Optional<string?>`"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string}, r: {type: string}",
        "**Breaking:** `R` added, `required string`"
    )]
    [TestCase(
        "a: {type: string}, b: {type: boolean}",
        "a: {type: string}",
        "**Breaking:** `B` removed, was `bool?`"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: integer}",
        "**Breaking:** `A` is `long?`, was `string?`"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: [string, 'null']}",
        "**Breaking:** `A` is `Optional<string?>`, was `string?` (null is allowed now)"
    )]
    [TestCase(
        "a: {type: [string, 'null']}",
        "a: {type: string}",
        "**Breaking:** `A` is `string?`, was `Optional<string?>` (null is no longer allowed)"
    )]
    [TestCase(
        "r: {type: string}",
        "r: {type: [string, 'null']}",
        "Not breaking: `R` is `required string?`, was `required string` (null is allowed now)"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string, maxLength: 9}",
        "**Breaking:** `A`: maxLength is 9, was none"
    )]
    [TestCase(
        "a: {type: string, maxLength: 9}",
        "a: {type: string, maxLength: 8}",
        "**Breaking:** `A`: maxLength is 8, was 9"
    )]
    [TestCase(
        "a: {type: string, maxLength: 9}",
        "a: {type: string, maxLength: 10}",
        "Not breaking: `A`: maxLength is 10, was 9"
    )]
    [TestCase(
        "a: {type: string, minLength: 1}",
        "a: {type: string, minLength: 2}",
        "**Breaking:** `A`: minLength is 2, was 1"
    )]
    [TestCase(
        "a: {type: string, minLength: 1}",
        "a: {type: string}",
        "Not breaking: `A`: minLength is gone, was 1"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string, format: email}",
        "**Breaking:** `A`: format is email, was none"
    )]
    [TestCase(
        "a: {type: string, pattern: x}",
        "a: {type: string}",
        "Not breaking: `A`: pattern is gone, was x"
    )]
    [TestCase(
        "a: {type: array, items: {type: string}}",
        "a: {type: array, items: {type: [string, 'null']}}",
        "**Breaking:** `A` is `IReadOnlyList<string?>?`, was `IReadOnlyList<string>?`"
    )]
    [TestCase(
        "a: {type: array, items: {type: string}}",
        "a: {type: [array, 'null'], items: {type: string}}",
        "**Breaking:** `A` is `Optional<List<string>?>`, was `IReadOnlyList<string>?` (null is allowed now)"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string, deprecated: true}",
        "Not breaking: `A` is deprecated"
    )]
    public void A_changed_request(string before, string after, string line) =>
        Assert.That(
            Refreshing.Report(
                Refreshing.Document(Object(before)),
                Refreshing.Document(Object(after))
            ),
            Does.Contain($"- {line}.\n")
        );

    [TestCase(
        "a: {type: string}",
        "a: {type: string}, b: {type: string}",
        "Not breaking: `B` added, `string?`"
    )]
    [TestCase(
        "a: {type: string}, b: {type: string, format: date-time}",
        "a: {type: string}",
        "**Breaking:** `B` removed, was `DateTimeOffset?`"
    )]
    [TestCase(
        "a: {type: object}",
        "a: {type: object, additionalProperties: {type: number}}",
        "**Breaking:** `A` is `IReadOnlyDictionary<string, double>?`, was `IReadOnlyDictionary<string, object?>?`"
    )]
    [TestCase(
        "r: {type: string}",
        "r: {type: [string, 'null']}",
        "**Breaking:** `R` is `string?`, was `string` (null is allowed now)"
    )]
    [TestCase(
        "r: {type: [string, 'null']}",
        "r: {type: string}",
        "Not breaking: `R` is `string`, was `string?` (null is no longer allowed)"
    )]
    [TestCase(
        "r: {type: [integer, 'null']}",
        "r: {type: integer}",
        "**Breaking:** `R` is `long`, was `long?` (null is no longer allowed)"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: [string, 'null']}",
        "Not breaking: `A` may be null; `string?` as before"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string, readOnly: true}",
        "Not breaking: `A` is read-only"
    )]
    [TestCase("a: {enum: [x, y]}", "a: {enum: [x]}", "**Breaking:** value `y` removed")]
    [TestCase("a: {enum: [x]}", "a: {enum: [x, y]}", "Not breaking: value `y` added")]
    [TestCase(
        "a: {enum: [x]}",
        "a: {properties: {x: {type: string}}}",
        "**Breaking:** a class now, was an enum"
    )]
    public void A_changed_response(string before, string after, string line) =>
        Assert.That(
            Refreshing.Report(
                Refreshing.Document("{}", Object(before)),
                Refreshing.Document("{}", Object(after))
            ),
            Does.Contain($"- {line}.\n")
        );

    [TestCase(
        "operationId: CreatePet",
        "operationId: AddPet",
        "**Breaking:** renamed to `DefaultClient.AddPetAsync`"
    )]
    [TestCase(
        "post: {operationId: CreatePet",
        "put: {operationId: CreatePet",
        "Not breaking: calls PUT /pets, was POST /pets"
    )]
    [TestCase(
        "operationId: CreatePet",
        "operationId: CreatePet, tags: [Zoo]",
        "**Breaking:** moved to `ZooClient.CreatePetAsync`"
    )]
    [TestCase(
        "operationId: CreatePet",
        "operationId: CreatePet, deprecated: true",
        "Not breaking: deprecated, and so `[Obsolete]`"
    )]
    [TestCase(
        "operationId: CreatePet",
        "operationId: CreatePet, parameters: [{name: max_age, in: query, schema: {type: integer}}]",
        "Not breaking: parameter `maxAge` (query, `optional long`) added"
    )]
    [TestCase(
        "operationId: CreatePet",
        "operationId: CreatePet, parameters: [{name: max_age, in: query, required: true, schema: {type: integer}}]",
        "**Breaking:** parameter `maxAge` (query, `required long`) added"
    )]
    [TestCase(
        "operationId: CreatePet, parameters: [{name: max_age, in: query, schema: {type: integer}}]",
        "operationId: CreatePet",
        "**Breaking:** parameter `maxAge` (query) removed"
    )]
    [TestCase(
        "'200': {description: x}",
        "'200': {description: x}, '202': {description: x}",
        "Not breaking: success is 200 or 202, was 200; the client takes any 2xx"
    )]
    [TestCase(
        "'200': {description: x}",
        "'200': {description: x, content: {application/json: {schema: {type: string}}}}",
        "**Breaking:** has a result, `string`"
    )]
    [TestCase(
        "operationId: CreatePet",
        "operationId: CreatePet, requestBody: {content: {application/json: {schema: {type: string}}}}",
        "**Breaking:** takes a body, `string`"
    )]
    [TestCase(
        "operationId: CreatePet",
        "operationId: CreatePet, security: []",
        "**Breaking:** its security changed to [], was none"
    )]
    [TestCase(
        "https://a.test",
        "https://b.test",
        "**Breaking:** the default server is https://b.test, was https://a.test"
    )]
    [TestCase(
        "/pets: {",
        "/zoos: {get: {operationId: ListZoos, responses: {'200': {description: x}}}}, /pets: {",
        "Not breaking: new member (GET /zoos): breaks implementers of the interface only"
    )]
    [TestCase(
        "/pets: {post: {operationId: CreatePet",
        "/zoos: {get: {operationId: ListZoos",
        "**Breaking:** removed"
    )]
    public void A_changed_operation(string from, string to, string line)
    {
        const string Document =
            "openapi: 3.1.0\nservers: [{url: 'https://a.test'}]\npaths: {/pets: {post: {operationId: CreatePet, responses: {'200': {description: x}}}}}";
        var before = Document.Contains(from, StringComparison.Ordinal)
            ? Document
            : Document.Replace(to, from, StringComparison.Ordinal);

        Assert.That(
            Refreshing.Report(before, before.Replace(from, to, StringComparison.Ordinal)),
            Does.Contain($"- {line}.\n")
        );
    }

    [Test]
    public void Idempotency_that_is_gone_is_told()
    {
        var before = Refreshing.Refresh(Contacts.Latest(), Config);
        var after = Refreshing.Refresh(
            Contacts.Latest(),
            Config.Replace("x-idempotent: >-", "requestBody: >-", StringComparison.Ordinal)
        );

        Assert.That(
            new ChangeReport(before.Document, after).ToMarkdown(),
            Does.Contain("no longer idempotent")
        );
    }

    private static string Object(string properties) =>
        $"{{type: object, required: [r], properties: {{{properties}}}}}";
}
