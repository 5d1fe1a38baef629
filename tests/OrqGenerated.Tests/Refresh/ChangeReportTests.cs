using static OrqGenerated.Tests.Refresh.Refreshing;

namespace OrqGenerated.Tests.Refresh;

/// <summary>How changes of the document are reported; <see cref="MovedNameTests"/> has those that move names.</summary>
public sealed class ChangeReportTests
{
    private const string Id = "operationId: CreatePet";
    private const string String = "{schema: {type: string}}";

    [Test]
    public void Reports_in_Markdown_by_class_and_method()
    {
        const string Builders = "; code that builds this response, as tests do, no longer compiles";
        var refreshed = Change(Contacts.Latest(), Contacts.In2025, Contacts.Config);

        Assert.That(
            refreshed.Report,
            Is.EqualTo(
                $$"""
                # Changes for users of the client

                Suggested version bump: **major**, because something breaks callers (while the version is 0.x: minor).

                ## `ContactsClient.CreateContactAsync`

                - Not breaking: success (the client accepts any 2xx) is 201, was 200.

                ## `CreateContactResponseBody`

                - **Breaking:** `WorkspaceId` added, `required string`, `workspace_id` in JSON{{Builders}}.
                - Not breaking: format of `Id` removed, was ulid.

                ## To do in refresh.yaml

                - `CreateContact 201` is new and has no text
                - `CreateContactResponseBody.workspace_id` is new and has no text
                - `info.version` is still 2026-06-02; do it and the other texts of `info` describe this document?

                """
            )
        );
        Assert.That(refreshed.Errors, Is.EqualTo(["refresh.yaml: CreateContact has no response 200"]));
    }

    [Test]
    public void Reports_the_changes_since_the_first_published_version()
    {
        var report = Change(Contacts.First, Contacts.Latest(), Contacts.Config).Report;

        Assert.That(report, Does.Contain("- **Breaking:** maxLength of `ExternalId` added, 120.\n"));
        Assert.That(report, Does.Contain("- Not breaking: format of `Tags` items removed, was uuid.\n"));
        Assert.That(
            report,
            Does.Contain(
                "- **Breaking:** `Id` is `required string`, `_id` in JSON, was `required string`, `id` in JSON.\n"
            )
        );
    }

    [Test]
    public void Changed_descriptions_are_a_patch_and_the_old_ones_are_listed()
    {
        var before = Contacts.Made;
        var ours = Contacts.Config.Replace("email: The e-mail address.", "email: Their e-mail.");
        var refreshed = Run(Contacts.Latest(), ours, before);

        Assert.That(refreshed.Code, Is.Zero);
        Assert.That(
            refreshed.Report,
            Does.Contain("Nothing in the C# API changed. Suggested version bump: **patch**.")
        );
        Assert.That(refreshed.Report, Does.Contain("description was \"The e-mail address.\""));
    }

    [TestCase(
        "a: {type: string}",
        "a: {type: string}, b: {type: string}",
        "Not breaking: `B` added, `string?`, `b` in JSON"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string}, b: {type: [string, 'null']}",
        "Not breaking: `B` added, `Optional<string?>`, `b` in JSON"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string}, r: {type: string}",
        "**Breaking:** `R` added, `required string`, `r` in JSON"
    )]
    [TestCase(
        "a: {type: string}, b: {type: boolean}",
        "a: {type: string}",
        "**Breaking:** `B` removed, was `bool?`, `b` in JSON"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: integer}",
        "**Breaking:** `A` is `long?`, `a` in JSON, was `string?`, `a` in JSON"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: [string, 'null']}",
        "**Breaking:** `A` is `Optional<string?>`, `a` in JSON, was `string?`, `a` in JSON"
    )]
    [TestCase(
        "r: {type: string}",
        "r: {type: [string, 'null']}",
        "**Breaking:** `R` is `required string?`, `r` in JSON, was `required string`, `r` in JSON"
    )]
    [TestCase("a: {type: string}", "a: {type: string, maxLength: 9}", "**Breaking:** maxLength of `A` added, 9")]
    [TestCase(
        "a: {type: string, maxLength: 9}",
        "a: {type: string, maxLength: 8}",
        "**Breaking:** maxLength of `A` is 8, was 9"
    )]
    [TestCase(
        "a: {type: string, maxLength: 9}",
        "a: {type: string, maxLength: 10}",
        "Not breaking: maxLength of `A` is 10, was 9"
    )]
    [TestCase(
        "a: {type: string, minLength: 1}",
        "a: {type: string, minLength: 2}",
        "**Breaking:** minLength of `A` is 2, was 1"
    )]
    [TestCase("a: {type: string, minLength: 1}", "a: {type: string}", "Not breaking: minLength of `A` removed, was 1")]
    [TestCase("a: {type: string}", "a: {type: string, format: email}", "**Breaking:** format of `A` added, email")]
    [TestCase(
        "a: {type: array, items: {type: string}}",
        "a: {type: array, items: {type: string, maxLength: 2}}",
        "**Breaking:** maxLength of `A` items added, 2"
    )]
    [TestCase(
        "a: {type: array, items: {type: string}}",
        "a: {type: [array, 'null'], items: {type: string}}",
        "**Breaking:** `A` is `Optional<List<string>?>`, `a` in JSON, was `IReadOnlyList<string>?`, `a` in JSON"
    )]
    [TestCase(
        "a: {type: string}",
        "a: {type: string, readOnly: true}",
        "**Breaking:** `A` removed, was `string?`, `a` in JSON"
    )]
    public void Reports_a_changed_request(string before, string after, string line) =>
        Assert.That(Change(Document(Object(before)), Document(Object(after))).Report, Does.Contain($"- {line}.\n"));

    [TestCase(
        "a: {type: string}, b: {type: string, format: date-time}",
        "a: {type: string}",
        "**Breaking:** `B` removed, was `DateTimeOffset?`, `b` in JSON"
    )]
    [TestCase(
        "a: {type: object}",
        "a: {type: object, additionalProperties: {type: number}}",
        "**Breaking:** `A` is `IReadOnlyDictionary<string, double>?`, `a` in JSON, "
            + "was `IReadOnlyDictionary<string, object?>?`, `a` in JSON"
    )]
    [TestCase("a: {enum: [x, y]}", "a: {enum: [x]}", "**Breaking:** `Y` removed, was `y` in JSON")]
    [TestCase("a: {enum: [x]}", "a: {enum: [x, y]}", "Not breaking: `Y` added, `y` in JSON")]
    [TestCase(
        "a: {enum: [x]}",
        "a: {enum: [print_members, x]}",
        "Not breaking: `PrintMembers2` added, `print_members` in JSON"
    )]
    [TestCase(
        "a: {enum: [x]}",
        "a: {properties: {x: {type: string}}}",
        "**Breaking:** it is a class for responses, was an enum"
    )]
    public void Reports_a_changed_response(string before, string after, string line) =>
        Assert.That(
            Change(Document("{}", Object(before)), Document("{}", Object(after))).Report,
            Does.Contain($"- {line}.\n")
        );

    [TestCase(Id, "operationId: AddPet", "**Breaking:** removed")]
    [TestCase(Id, Id + ", tags: [Zoo]", "Not breaking: new, POST /pets, Accept application/json")]
    [TestCase(Id, Id + ", deprecated: true", "Not breaking: deprecated added, `[Obsolete]`")]
    [TestCase(
        Id,
        Id + ", parameters: [{name: max_age, in: query, schema: {type: integer}}]",
        "**Breaking:** it is `Task (CreatePetParameters? parameters)`, was `Task ()`"
    )]
    [TestCase(
        Id + ", parameters: [{name: a, in: query, schema: {type: integer}}]",
        Id
            + ", parameters: [{name: a, in: query, schema: {type: integer}}, "
            + "{name: max_age, in: query, schema: {type: integer}}]",
        "Not breaking: `MaxAge` added, `long?`, query parameter max_age"
    )]
    [TestCase(
        Id,
        Id + ", parameters: [{name: max_age, in: query, required: true, schema: {type: integer}}]",
        "**Breaking:** it is `Task (long maxAge)`, was `Task ()`"
    )]
    [TestCase(
        Id + ", parameters: [{name: a, in: query, required: true, schema: {type: integer}}]",
        Id + ", parameters: [{name: a, in: header, required: true, schema: {type: integer}}]",
        "**Breaking:** its request is POST /pets, header parameter a, Accept application/json, "
            + "was POST /pets, query parameter a, Accept application/json"
    )]
    [TestCase(
        Id,
        Id + ", requestBody: {required: true, content: {application/json: " + String + "}}",
        "**Breaking:** it is `Task (string body)`, was `Task ()`"
    )]
    [TestCase(
        Id + ", requestBody: {required: true, content: {application/json: " + String + "}}",
        Id + ", requestBody: {content: {application/json: " + String + "}}",
        "Not breaking: it is `Task (string? body)`, was `Task (string body)`"
    )]
    [TestCase(
        Id + ", requestBody: {content: {application/json: " + String + "}}",
        Id + ", requestBody: {content: {application/a+json: " + String + "}}",
        "**Breaking:** its request is POST /pets, body application/a+json, Accept application/json, "
            + "was POST /pets, body application/json, Accept application/json"
    )]
    public void Reports_a_changed_operation(string before, string after, string line) =>
        Assert.That(Change(PostPets(before), PostPets(after)).Report, Does.Contain($"- {line}.\n"));

    [TestCase(
        "'200': {description: x}",
        "'200': {description: x}, '202': {description: x}",
        "Not breaking: success (the client accepts any 2xx) is 200 or 202, was 200"
    )]
    [TestCase(
        "'200': {description: x}",
        "'200': {description: x, content: {application/json: " + String + "}}",
        "**Breaking:** it is `Task<string> ()`, was `Task ()`"
    )]
    [TestCase(
        "'200': {description: x, content: {application/json: " + String + "}}",
        "'200': {description: x, content: {application/json: " + String + "}}, '204': {description: x}",
        "**Breaking:** it is `Task<string?> ()`, was `Task<string> ()`"
    )]
    [TestCase(
        "'200': {description: x, content: {application/json: " + String + "}}",
        "'200': {description: x, content: {application/a+json: " + String + "}}",
        "**Breaking:** its request is POST /pets, Accept application/a+json, was POST /pets, Accept application/json"
    )]
    public void Reports_changed_responses(string before, string after, string line) =>
        Assert.That(Change(PostPets(Id, before), PostPets(Id, after)).Report, Does.Contain($"- {line}.\n"));

    [Test]
    public void Reports_a_changed_server() =>
        Assert.That(
            Change(PostPets(Id), PostPets(Id).Replace("https://a.test", "https://b.test")).Report,
            Does.Contain("- **Breaking:** its server is https://b.test, was https://a.test.\n")
        );

    [Test]
    public void Gaining_or_losing_the_only_property_of_a_request_is_breaking()
    {
        const string Pet = "{properties: {id: {type: string, readOnly: true}}}";
        var (before, after) = (Document(Pet), Document(Pet.Replace(", readOnly: true", "")));

        foreach (var (old, now) in ((string, string)[])[(before, after), (after, before)])
        {
            var change = Change(old, now);
            Assert.That(change.Code, Is.EqualTo(3), change.Report);
        }
    }

    [TestCase("b: {type: string, maxLength: 9, format: email}")]
    [TestCase("b: {type: [array, 'null'], items: {type: string, minLength: 1}}")]
    [TestCase("b: {type: [integer, 'null']}")]
    public void A_new_optional_field_is_never_breaking_whatever_its_limits(string field)
    {
        const string Known = "a: {type: string}";
        var change = Change(Document(Object(Known)), Document(Object($"{Known}, {field}")));

        Assert.That(change.Report, Does.Contain("`B` added").And.Contain("Nothing breaks callers"));
        Assert.That(change.Code, Is.Zero);
    }

    [TestCase("{url: 'https://a.test'}", "{url: 'https://a.test/'}, {url: 'https://b.test'}")]
    [TestCase("integer, format: int32", "integer, format: int64")]
    public void Ignores_what_no_caller_can_see(string from, string to)
    {
        var before = PostPets(Id + ", parameters: [{name: a, in: query, schema: {type: integer, format: int32}}]");
        var after = before.Replace(from, to);

        Assert.That(Change(before, after).Report, Does.Contain("Nothing in the C# API changed."));
    }

    [Test]
    public void The_type_of_additional_properties_is_not_part_of_the_CSharp_API() =>
        Assert.That(
            Change(
                Document("{properties: {a: {}}, additionalProperties: {type: string}}"),
                Document("{properties: {a: {}}, additionalProperties: {type: integer}}")
            ).Report,
            Does.Contain("Nothing in the C# API changed.")
        );

    [Test]
    public void Reports_that_an_operation_is_no_longer_idempotent()
    {
        var before = Contacts.Made;
        var config = Contacts.Config.Replace("x-idempotent:", "requestBody:");

        Assert.That(
            Run(Contacts.Latest(), config, before).Report,
            Does.Contain("- Not breaking: x-idempotent removed, was")
        );
    }

    [Test]
    public void Names_Protocol_Buffers_enum_values_like_the_generated_code()
    {
        const string Request = "{$ref: '#/components/schemas/PetSize'}";
        var before = Document(Request, components: "{PetSize: {enum: [PET_SIZE_BIG, XL]}}");

        Assert.That(
            Change(before, before.Replace("PET_SIZE_BIG, ", "")).Report,
            Does.Contain("`Big` removed, was `PET_SIZE_BIG` in JSON")
        );
    }

    private static string PostPets(string keys, string responses = "'200': {description: x}") =>
        $"openapi: 3.1.0\n{Servers}paths: {{/pets: {{post: {{{keys}, responses: {{{responses}}}}}}}}}\n";

    private static string Object(string properties) => $"{{type: object, required: [r], properties: {{{properties}}}}}";
}
