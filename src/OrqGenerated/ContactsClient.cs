namespace OrqGenerated;

public partial class ContactsClient
{
    /// <summary>Newer versions of the API have no contacts, which a bare 404 does not say.</summary>
    static partial void OnApiError(int statusCode, ref string? hint)
    {
        if (statusCode is 404 or 405 or 410)
            hint = "Newer versions of the API replace contacts by identities (/v2/identities): use IdentitiesClient.";
    }
}
