// Creates a contact at the server whose address and key are the arguments, and says what came of it; then once more with
// a wrong key. Published trimmed, as small command-line tools are.
using System.Globalization;
using OrqGenerated;

var server = new Uri(args[0]);
using var client = new ContactsClient(
    new OrqClientOptions { ApiKey = args[1], ServerUrl = server }
);
var response = await client.CreateContactWithResponseAsync(
    new CreateContactRequestBody
    {
        ExternalId = "user_12345",
        DisplayName = "Jane Smith",
        Email = null,
        Tags = ["premium", "beta-user"],
        Metadata = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["department"] = "Engineering",
            ["logins"] = 42,
            ["share"] = 0.1m,
            ["teams"] = new List<object?> { "a", null, true },
        },
    }
);
var contact = response.Value;
Console.WriteLine($"{response.StatusCode} {contact.ExternalId} {contact.DisplayName}");
Console.WriteLine(string.Join(',', contact.Tags ?? []));
foreach (var (name, value) in contact.Metadata ?? new Dictionary<string, object?>())
{
    var text = value is IReadOnlyList<object?> list
        ? string.Join('|', list.Select(item => item ?? "null"))
        : Convert.ToString(value, CultureInfo.InvariantCulture);
    Console.WriteLine($"{name}: {text} ({value?.GetType().Name})");
}

Console.WriteLine(contact.Created is not null);
using var stranger = new ContactsClient(
    new OrqClientOptions { ApiKey = "wrong", ServerUrl = server }
);
try
{
    await stranger.CreateContactAsync(new CreateContactRequestBody { ExternalId = "user_12345" });
}
catch (OrqAuthenticationException e)
{
    Console.WriteLine($"{e.StatusCode} {e.ErrorCode}");
}
