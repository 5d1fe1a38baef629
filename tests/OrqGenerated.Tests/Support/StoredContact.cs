namespace OrqGenerated.Tests.Support;

/// <summary>
/// The response to a contact as the document requires it. If a document changes the status of success or requires more
/// of a response, this is the only file of these tests to change.
/// </summary>
internal static class StoredContact
{
    /// <summary>The status of success.</summary>
    public const int Status = 200;

    /// <summary>A response with only the required fields.</summary>
    public const string Json = "{" + Required + "}";

    /// <summary>The required fields, without braces.</summary>
    private const string Required = "\"_id\":\"c1\",\"external_id\":\"user_12345\"";

    /// <summary>A response like <see cref="Json"/> with more fields, which may replace the required ones.</summary>
    public static string With(string fields) => $"{{{Required},{fields}}}";

    /// <summary>A response as an object.</summary>
    public static CreateContactResponseBody Of(string externalId) => new() { Id = "c1", ExternalId = externalId };
}
