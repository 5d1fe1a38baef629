using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests.Support;

/// <summary>What the fixtures share: a WireMock that knows nothing yet, and clients that wait in no time.</summary>
internal abstract class ContractTest
{
    protected const string Key = "test-key";

    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(60);

    private readonly List<ContactsClient> _clients = [];

    protected static WireMock WireMock => Servers.WireMock;

    [SetUp]
    public Task ForgetEverythingAsync() => WireMock.ResetAsync();

    [TearDown]
    public void DisposeClients()
    {
        _clients.ForEach(client => client.Dispose());
        _clients.Clear();
    }

    /// <summary>The call, or a failure in its place when it has no end: a test that hangs says nothing.</summary>
    protected static Task<T> Ends<T>(Task<T> call) => call.WaitAsync(Guard, TimeProvider.System);

    /// <summary>A client whose waits between attempts are over at once; its time limits never come.</summary>
    protected ContactsClient ClientOf(Uri server, Action<OrqClientOptions>? configure = null)
    {
        var options = new OrqClientOptions
        {
            ApiKey = Key,
            ServerUrl = server,
            TimeProvider = new FakeTimeProvider
            {
                AutoAdvance = due => due < TimeSpan.FromSeconds(30),
            },
        };
        configure?.Invoke(options);
        var client = new ContactsClient(options);
        _clients.Add(client);
        return client;
    }
}

/// <summary>The contact of the API's documentation.</summary>
internal static class Example
{
    /// <summary>What goes over the wire for <see cref="Contact"/>: the document's order of properties, no blanks.</summary>
    public const string Json =
        """{"external_id":"user_12345","display_name":"Jane Smith","email":"jane.smith@example.com","avatar_url":"https://example.com/avatars/jane-smith.jpg","tags":["premium","beta-user","enterprise"],"metadata":{"department":"Engineering","role":"Senior Developer","subscription_tier":"premium","last_login":"2024-01-15T10:30:00Z"}}""";

    /// <summary>The API's answer to it.</summary>
    public const string Stored =
        """{"_id":"01JZ3K6PS4B9D9FXTW4HD5R3QM","external_id":"user_12345","display_name":"Jane Smith","email":"jane.smith@example.com","avatar_url":"https://example.com/avatars/jane-smith.jpg","tags":["premium","beta-user","enterprise"],"metadata":{"department":"Engineering","role":"Senior Developer","subscription_tier":"premium","last_login":"2024-01-15T10:30:00Z"},"created":"2026-05-01T08:15:30.250Z","updated":"2026-06-02T10:00:00Z"}""";

    public static CreateContactRequestBody Contact =>
        new()
        {
            ExternalId = "user_12345",
            DisplayName = "Jane Smith",
            Email = "jane.smith@example.com",
            AvatarUrl = "https://example.com/avatars/jane-smith.jpg",
            Tags = ["premium", "beta-user", "enterprise"],
            Metadata = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["department"] = "Engineering",
                ["role"] = "Senior Developer",
                ["subscription_tier"] = "premium",
                ["last_login"] = "2024-01-15T10:30:00Z",
            },
        };
}
