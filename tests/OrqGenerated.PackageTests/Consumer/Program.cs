// A program with only the packages. It starts a host with each overload of AddContactsClient, creates contacts, and
// prints the results: the same lines on .NET 8, on .NET 10, trimmed, and compiled ahead of time.
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrqGenerated;

var configuration = new ConfigurationBuilder().AddCommandLine(args).Build().GetSection("Orq");
void Configure(OrqClientOptions options)
{
    options.ApiKey = configuration["ApiKey"];
    options.ServerUrl = new Uri(configuration["ServerUrl"]!);
}

foreach (
    var (name, register) in new (string, Action<IServiceCollection>)[]
    {
        ("code", services => services.AddContactsClient(Configure)),
        ("configuration", services => services.AddContactsClient(configuration)),
        ("named code", services => services.AddContactsClient("eu", Configure)),
        ("named configuration", services => services.AddContactsClient("eu", configuration)),
    }
)
{
    var builder = Host.CreateEmptyApplicationBuilder(null);
    register(builder.Services);
    using var host = builder.Build();
    await host.StartAsync();
    var injected =
        host.Services.GetService<IContactsClient>() ?? host.Services.GetRequiredKeyedService<IContactsClient>("eu");
    var created = await injected.CreateContactAsync(new CreateContactRequestBody { ExternalId = name });
    Console.WriteLine($"host with {name}: {created.ExternalId}");
    await host.StopAsync();
}

var options = new OrqClientOptions();
Configure(options);
using var client = new ContactsClient(options);
var body = new CreateContactRequestBody
{
    ExternalId = "user_12345",
    DisplayName = "Jane Smith",
    Email = null,
    Tags = ["premium", "beta-user"],
    Metadata = new Dictionary<string, object?>
    {
        ["department"] = "Engineering",
        ["logins"] = 42,
        ["share"] = 0.1m,
        ["teams"] = new List<object?> { "a", null, true },
        ["plan"] = JsonSerializer.SerializeToElement(new Plan("gold", 3), ConsumerContext.Default.Plan),
    },
};
var response = await client.CreateContactWithResponseAsync(body);
var contact = response.Value;
Console.WriteLine($"{response.StatusCode} {contact.DisplayName}, {string.Join(',', contact.Tags ?? [])}");
foreach (var (name, value) in contact.Metadata!)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value?.GetType().Name}"));

var read = JsonSerializer.Deserialize(
    """{"external_id":"user_1","email":null}""",
    ConsumerContext.Default.CreateContactRequestBody
)!;
var written = JsonSerializer.Serialize(read, ConsumerContext.Default.CreateContactRequestBody);
Console.WriteLine($"{read.ExternalId} {read.DisplayName} {read.Email} {written}");

body.Metadata = new Dictionary<string, object?> { ["plan"] = new Plan("gold", 3) };
try
{
    contact = await client.CreateContactAsync(body);
    var plan = (IReadOnlyDictionary<string, object?>)contact.Metadata!["plan"]!;
    Console.WriteLine($"a custom type: {string.Join(',', plan)}");
}
catch (ArgumentException e)
{
    var isHelpful =
        e.Message.Contains("plan") && e.Message.Contains("Plan") && e.Message.Contains("SerializeToElement");
    Console.WriteLine($"a custom type: {(isHelpful ? "refused with advice" : e.Message)}");
}

options.ApiKey = "wrong";
using var unauthorized = new ContactsClient(options);
try
{
    await unauthorized.CreateContactAsync(new CreateContactRequestBody { ExternalId = "user_12345" });
}
catch (OrqAuthenticationException e)
{
    Console.WriteLine($"{e.StatusCode} {e.ErrorCode}");
}

internal sealed record Plan(string Name, int Seats);

[JsonSerializable(typeof(Plan))]
[JsonSerializable(typeof(CreateContactRequestBody))]
[JsonSerializable(typeof(CreateContactResponseBody))]
internal sealed partial class ConsumerContext : JsonSerializerContext;
