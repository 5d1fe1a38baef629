using OrqGenerated.ContractTests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>A contact's way out and back, with the document enforced on the wire unless a test says otherwise.</summary>
internal sealed class CreateContactTests : ContractTest
{
    private const string Minimal = """{"_id":"1","external_id":"user_12345"}""";

    [Test]
    public async Task Sends_the_example_contact_to_the_byte()
    {
        await WireMock.ReplyAsync(new Reply(200, Example.Stored));

        // Straight to WireMock: Prism writes the body anew.
        await ClientOf(WireMock.Address).CreateContactAsync(Example.Contact);

        var request = (await WireMock.ReceivedAsync()).Single();
        Assert.That(request.Body, Is.EqualTo(Example.Json));
        Assert.That(request.Method, Is.EqualTo("POST"));
        Assert.That(request.Url, Is.EqualTo("/v2/contacts"));
        Assert.That(request.Header("Authorization"), Is.EqualTo($"Bearer {Key}"));
        Assert.That(request.Header("Content-Type"), Does.StartWith("application/json"));
        Assert.That(request.Header("Accept"), Does.StartWith("application/json"));
        Assert.That(
            request.Header("User-Agent"),
            Does.Match(@"^orq-generated-dotnet/\d+\.\d+\.\d+$")
        );
    }

    [Test]
    public async Task The_example_contact_is_one_that_the_document_allows()
    {
        await WireMock.ReplyAsync(new Reply(200, Example.Stored));

        var contact = await ClientOf(Servers.Prism).CreateContactAsync(Example.Contact);

        Assert.That(contact.Id, Is.EqualTo("01JZ3K6PS4B9D9FXTW4HD5R3QM"));
        Assert.That(contact.ExternalId, Is.EqualTo("user_12345"));
        Assert.That(contact.DisplayName, Is.EqualTo("Jane Smith"));
        Assert.That(contact.Email, Is.EqualTo("jane.smith@example.com"));
        Assert.That(contact.AvatarUrl, Is.EqualTo("https://example.com/avatars/jane-smith.jpg"));
        Assert.That(contact.Tags, Is.EqualTo(Example.Contact.Tags));
        Assert.That(contact.Metadata, Is.EquivalentTo(Example.Contact.Metadata!));
        Assert.That(
            contact.Created,
            Is.EqualTo(new DateTimeOffset(2026, 5, 1, 8, 15, 30, 250, TimeSpan.Zero))
        );
        Assert.That(
            contact.Updated,
            Is.EqualTo(new DateTimeOffset(2026, 6, 2, 10, 0, 0, TimeSpan.Zero))
        );
    }

    [Test]
    public async Task Says_nothing_of_a_field_that_was_not_set()
    {
        var sent = await SentAsync(new CreateContactRequestBody { ExternalId = "user_12345" });

        Assert.That(sent, Is.EqualTo("""{"external_id":"user_12345"}"""));
    }

    [Test]
    public async Task Sends_null_for_a_field_that_was_set_to_null()
    {
        var sent = await SentAsync(
            new CreateContactRequestBody
            {
                ExternalId = "user_12345",
                DisplayName = null,
                Email = null,
                AvatarUrl = null,
            }
        );

        Assert.That(
            sent,
            Is.EqualTo(
                """{"external_id":"user_12345","display_name":null,"email":null,"avatar_url":null}"""
            )
        );
    }

    [Test]
    public async Task Keeps_absent_null_and_a_value_apart_in_one_contact()
    {
        var sent = await SentAsync(
            new CreateContactRequestBody
            {
                ExternalId = "user_12345",
                Email = null,
                AvatarUrl = "https://example.com/a.jpg",
            }
        );

        Assert.That(
            sent,
            Is.EqualTo(
                """{"external_id":"user_12345","email":null,"avatar_url":"https://example.com/a.jpg"}"""
            )
        );
    }

    [Test]
    public async Task Leaves_out_tags_and_metadata_that_are_null_and_sends_empty_ones()
    {
        var left = await SentAsync(
            new CreateContactRequestBody
            {
                ExternalId = "user_12345",
                Tags = null,
                Metadata = null,
            }
        );
        var empty = await SentAsync(
            new CreateContactRequestBody
            {
                ExternalId = "user_12345",
                Tags = [],
                Metadata = new Dictionary<string, object?>(StringComparer.Ordinal),
            }
        );

        Assert.That(left, Is.EqualTo("""{"external_id":"user_12345"}"""));
        Assert.That(empty, Is.EqualTo("""{"external_id":"user_12345","tags":[],"metadata":{}}"""));
    }

    [Test]
    public async Task Reads_a_contact_of_which_the_server_knows_next_to_nothing()
    {
        await WireMock.ReplyAsync(new Reply(200, Minimal));

        var contact = await ClientOf(Servers.Prism).CreateContactAsync(Example.Contact);

        Assert.That(contact.Id, Is.EqualTo("1"));
        Assert.That(contact.DisplayName, Is.Null);
        Assert.That(contact.Tags, Is.Null);
        Assert.That(contact.Metadata, Is.Null);
        Assert.That(contact.Created, Is.Null, "a time that the server did not send");
        Assert.That(contact.Updated, Is.Null, "a time that the server did not send");
    }

    [TestCase(200)]
    [TestCase(201)]
    [TestCase(202)]
    [TestCase(299)]
    public async Task Takes_every_2xx_for_a_success_declared_or_not(int status)
    {
        await WireMock.ReplyAsync(
            new Reply(status, Example.Stored) { Headers = { ["x-orq-trace-id"] = "trace-1" } }
        );

        var response = await ClientOf(WireMock.Address)
            .CreateContactWithResponseAsync(Example.Contact);

        Assert.That(response.StatusCode, Is.EqualTo(status));
        Assert.That(response.Value.ExternalId, Is.EqualTo("user_12345"));
        Assert.That(response.RequestId, Is.EqualTo("trace-1"));
        Assert.That(response.Headers["X-ORQ-TRACE-ID"], Is.EqualTo("trace-1"));
        Assert.That(response.Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Keeps_fields_of_the_answer_that_the_document_does_not_know()
    {
        await WireMock.ReplyAsync(
            new Reply(200, """{"_id":"1","external_id":"a","workspace_id":"w-1"}""")
        );

        var contact = await ClientOf(WireMock.Address).CreateContactAsync(Example.Contact);

        Assert.That(contact.AdditionalProperties["workspace_id"], Is.EqualTo("w-1"));
    }

    [Test]
    public async Task Sends_the_headers_of_the_client_and_of_the_call_and_the_call_wins()
    {
        await WireMock.ReplyAsync(new Reply(200, Minimal));
        var client = ClientOf(
            WireMock.Address,
            options =>
            {
                options.Headers["X-One"] = "client";
                options.Headers["X-Two"] = "client";
            }
        );

        await client.CreateContactAsync(
            Example.Contact,
            new OrqRequestOptions { ApiKey = "key-of-the-call", Headers = { ["x-two"] = "call" } }
        );

        var request = (await WireMock.ReceivedAsync()).Single();
        Assert.That(request.Header("X-One"), Is.EqualTo("client"));
        Assert.That(request.Header("X-Two"), Is.EqualTo("call"));
        Assert.That(request.Header("Authorization"), Is.EqualTo("Bearer key-of-the-call"));
    }

    [TestCase("prefix")]
    [TestCase("prefix/")]
    public async Task Keeps_the_path_of_the_server_url_before_the_path_of_the_operation(
        string prefix
    )
    {
        await WireMock.StubAsync(
            new() { ["urlPath"] = "/prefix/v2/contacts" },
            new Reply(200, Minimal)
        );

        await ClientOf(new Uri(WireMock.Address, prefix)).CreateContactAsync(Example.Contact);

        Assert.That(
            (await WireMock.ReceivedAsync()).Single().Url,
            Is.EqualTo("/prefix/v2/contacts")
        );
    }

    /// <summary>What arrives for a contact; Prism, before, has held it to the document.</summary>
    private async Task<string> SentAsync(CreateContactRequestBody contact)
    {
        await WireMock.ReplyAsync(new Reply(200, Minimal));
        await ClientOf(Servers.Prism).CreateContactAsync(contact);

        await WireMock.ResetAsync();
        await WireMock.ReplyAsync(new Reply(200, Minimal));
        await ClientOf(WireMock.Address).CreateContactAsync(contact);
        return (await WireMock.ReceivedAsync()).Single().Body;
    }
}
