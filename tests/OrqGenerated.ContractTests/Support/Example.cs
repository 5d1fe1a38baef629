namespace OrqGenerated.ContractTests.Support;

/// <summary>The example contact of the API's documentation.</summary>
internal static class Example
{
    /// <summary>The properties that the document requires in a response besides both ids, each after a comma.</summary>
    private const string MoreRequired = "";

    private static readonly string Fields = """
        "external_id":"user_12345","display_name":"Jane Smith","email":"jane.smith@example.com",
        "avatar_url":"https://example.com/avatars/jane-smith.jpg","tags":["premium","beta-user","enterprise"],
        "metadata":{"department":"Engineering","role":"Senior Developer","subscription_tier":"premium",
        "last_login":"2024-01-15T10:30:00Z"}
        """.ReplaceLineEndings("");

    /// <summary><see cref="Contact"/> on the wire: in the document's order, without whitespace.</summary>
    public static string Json { get; } = $"{{{Fields}}}";

    /// <summary>The API's response to it.</summary>
    public static string Stored { get; } =
        $$"""{"_id":"01JZ3K6PS4B9D9FXTW4HD5R3QM"{{MoreRequired}},{{Fields}},"""
        + """
            "created":"2026-05-01T08:15:30.250Z","updated":"2026-06-02T10:00:00Z"}
            """;

    /// <summary>A response with only the required properties; both ids are this one.</summary>
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
