namespace OrqGenerated.ContractTests.Support;

/// <summary>The contact of the API's documentation.</summary>
internal static class Example
{
    /// <summary><see cref="Contact"/> on the wire: the document's order of properties, no blanks.</summary>
    public const string Json = "{" + Fields + "}";

    /// <summary>The API's answer to it.</summary>
    public const string Stored =
        "{\"_id\":\"01JZ3K6PS4B9D9FXTW4HD5R3QM\"" + MoreRequired + "," + Fields + "," + Times + "}";

    /// <summary>What the document requires of an answer besides both ids, each with a comma before it.</summary>
    private const string MoreRequired = "";

    private const string Fields =
        """
            "external_id":"user_12345","display_name":"Jane Smith","email":"jane.smith@example.com",
            """ + Rest;

    private const string Rest =
        """
            "avatar_url":"https://example.com/avatars/jane-smith.jpg","tags":["premium","beta-user","enterprise"],
            """
        + """
            "metadata":{"department":"Engineering","role":"Senior Developer","subscription_tier":"premium",
            """
        + """
            "last_login":"2024-01-15T10:30:00Z"}
            """;

    private const string Times = """
        "created":"2026-05-01T08:15:30.250Z","updated":"2026-06-02T10:00:00Z"
        """;

    /// <summary>An answer with what the document requires and nothing else; both ids are this one.</summary>
    public static string Minimal(string id) => $$"""{"_id":"{{id}}","external_id":"{{id}}"{{MoreRequired}}}""";

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
