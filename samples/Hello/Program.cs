// Creates one contact: ORQ_API_KEY=... dotnet run --project samples/Hello -- user_12345 "Jane Smith"
using OrqGenerated;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: Hello EXTERNAL_ID [DISPLAY_NAME]");
    return 2;
}

// ORQ_SERVER_URL selects another server, such as one started with orq-contacts sandbox.
var options = new OrqClientOptions();
if (Environment.GetEnvironmentVariable("ORQ_SERVER_URL") is { } server)
    options.ServerUrl = new Uri(server);

using var client = new ContactsClient(options);
try
{
    var contact = await client.CreateContactAsync(
        new CreateContactRequestBody
        {
            ExternalId = args[0],
            DisplayName = Optional.IfNotNull(args.ElementAtOrDefault(1)),
        }
    );
    Console.WriteLine($"{contact.ExternalId} is {contact.Id}, display name {contact.DisplayName ?? "not set"}.");
    return 0;
}
catch (OrqException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
