namespace OrqGenerated.Tests.Support;

/// <summary>
/// The response that the document requires. If a document changes the success status or requires more fields, no other
/// file of these tests has to change.
/// </summary>
internal static class StoredContact
{
    /// <summary>The success status.</summary>
    public const int Status = 200;

    /// <summary>A response with only the required fields.</summary>
    public const string Json = "{" + Required + "}";

    /// <summary>The required fields, without braces.</summary>
    private const string Required = "\"_id\":\"c1\",\"external_id\":\"user_12345\"";

    /// <summary><see cref="Json"/> with more fields, which may override the required ones.</summary>
    public static string With(string fields) => $"{{{Required},{fields}}}";

    /// <summary>A response as an object.</summary>
    public static CreateContactResponseBody Of(string externalId) => new() { Id = "c1", ExternalId = externalId };
}
