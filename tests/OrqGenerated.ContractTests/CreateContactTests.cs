using System.Text;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Sandbox;

namespace OrqGenerated.ContractTests;

/// <summary>Requests and responses of CreateContact, with the document enforced on the wire.</summary>
internal sealed class CreateContactTests : ContractTest
{
    private static readonly string Minimal = Example.Minimal("user_12345");

    private static IEnumerable<TestCaseData> Allowed =>
        [
            Case("only the required field", new() { ExternalId = "a" }),
            Case(
                "everything set to null",
                new()
                {
                    ExternalId = "a",
                    DisplayName = null,
                    Email = null,
                    AvatarUrl = null,
                }
            ),
            Case(
                "empty lists and maps",
                new()
                {
                    ExternalId = "a",
                    Tags = [],
                    Metadata = Map(),
                }
            ),
            Case(
                "the longest id, of characters beyond the BMP",
                new() { ExternalId = string.Concat(Enumerable.Repeat("😀", 120)) }
            ),
            Case(
                "metadata of every kind",
                new()
                {
                    ExternalId = "a",
                    Metadata = Map(("n", null), ("l", new object?[] { 1, 2.5m, true, Map(("d", DateTime.UnixEpoch)) })),
                }
            ),
        ];

    [Test]
    public async Task Sends_the_example_contact_byte_for_byte()
    {
        Replies(await StoredAsync());

        await (await GuardedClientAsync()).CreateContactAsync(Example.Contact);

        var request = Received.Single();
        Assert.That((request.Method, request.Path), Is.EqualTo(("POST", "/v2/contacts")));
        Assert.That(Encoding.UTF8.GetString(request.BodyAsBytes!), Is.EqualTo(Example.Json));
        Assert.That(Header("Authorization"), Is.EqualTo($"Bearer {Key}"));
        Assert.That(Header("Content-Type"), Does.StartWith("application/json"));
        Assert.That(Header("Accept"), Does.StartWith("application/json"));
        Assert.That(Header("User-Agent"), Does.Match(@"^orq-generated-dotnet/\d+\.\d+\.\d+$"));

        string Header(string name) => request.Headers![name].Single();
    }

    [Test]
    public async Task Reads_the_example_contact()
    {
        Replies(await StoredAsync());

        var contact = await (await GuardedClientAsync()).CreateContactAsync(Example.Contact);

        Assert.That(contact.Id, Is.EqualTo("01JZ3K6PS4B9D9FXTW4HD5R3QM"));
        Assert.That(contact.ExternalId, Is.EqualTo("user_12345"));
        Assert.That(contact.DisplayName, Is.EqualTo("Jane Smith"));
        Assert.That(contact.Email, Is.EqualTo("jane.smith@example.com"));
        Assert.That(contact.AvatarUrl, Is.EqualTo("https://example.com/avatars/jane-smith.jpg"));
        Assert.That(contact.Tags, Is.EqualTo(Example.Contact.Tags));
        Assert.That(contact.Metadata, Is.EquivalentTo(Example.Contact.Metadata!));
        Assert.That(contact.Created, Is.EqualTo(new DateTimeOffset(2026, 5, 1, 8, 15, 30, 250, TimeSpan.Zero)));
        Assert.That(contact.Updated, Is.EqualTo(new DateTimeOffset(2026, 6, 2, 10, 0, 0, TimeSpan.Zero)));
    }

    [TestCaseSource(nameof(Allowed))]
    public async Task Sends_only_what_the_document_allows(CreateContactRequestBody contact)
    {
        Replies(await StoredAsync(Minimal));

        await (await GuardedClientAsync()).CreateContactAsync(contact);

        Assert.That(Received, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task The_sandbox_obeys_the_document()
    {
        await using var sandbox = await OrqSandbox.StartAsync(new OrqSandboxOptions { ApiKey = Key });
        var http = Guarded(await DocumentAsync("contacts.yaml"));
        using var client = new ContactsClient(http, OptionsFor(sandbox.ServerUrl));

        await client.CreateContactAsync(new CreateContactRequestBody { ExternalId = "new" });
        await client.CreateContactAsync(Example.Contact);
        var updated = await client.CreateContactAsync(
            new CreateContactRequestBody
            {
                ExternalId = "user_12345",
                DisplayName = null,
                Email = null,
                AvatarUrl = null,
            }
        );

        Assert.That(updated.ExternalId, Is.EqualTo("user_12345"));
    }

    private static TestCaseData Case(string name, CreateContactRequestBody contact) =>
        new TestCaseData(contact).SetArgDisplayNames(name);

    private static Dictionary<string, object?> Map(params (string Name, object? Value)[] entries) =>
        entries.ToDictionary(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal);
}
