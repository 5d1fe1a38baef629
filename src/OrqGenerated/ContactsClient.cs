namespace OrqGenerated;

public partial class ContactsClient
{
    /// <summary>The API's newer versions have no contacts, and a 404 alone would not say so.</summary>
    static partial void OnApiError(int statusCode, ref string? hint)
    {
        if (statusCode is 404 or 405 or 410)
        {
            hint = "Newer versions of the API replace contacts by identities (/v2/identities): use IdentitiesClient.";
        }
    }
}
