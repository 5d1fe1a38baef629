namespace OrqGenerated.Tests.Support;

/// <summary>
/// What the document says of the answer to a contact. A document with another status of success, or with more that an
/// answer requires, changes this file and no other one of these tests.
/// </summary>
internal static class StoredContact
{
    /// <summary>The status of success.</summary>
    public const int Status = 200;

    /// <summary>An answer with what is required and nothing else.</summary>
    public const string Json = "{" + Required + "}";

    /// <summary>What the document requires, without the braces.</summary>
    private const string Required = "\"_id\":\"c1\",\"external_id\":\"user_12345\"";

    /// <summary>An answer as <see cref="Json"/> with more fields, which may also replace those that it has.</summary>
    public static string With(string fields) => $"{{{Required},{fields}}}";

    /// <summary>An answer as a test builds it.</summary>
    public static CreateContactResponseBody Of(string externalId) => new() { Id = "c1", ExternalId = externalId };
}
