// Sends the users of two regions to a workspace each, then exits. The configuration has sections for each region:
// Orq:Eu and Orq:Us hold the ApiKey and other options, Users:Eu and Users:Us the external ids.
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrqGenerated;

var builder = Host.CreateApplicationBuilder(args);
foreach (var region in ContactSender.Regions)
    builder.Services.AddContactsClient(region, builder.Configuration.GetSection($"Orq:{region}"));
builder.Services.AddHostedService<ContactSender>();
await builder.Build().RunAsync();

/// <summary>Sends all users once.</summary>
internal sealed class ContactSender(
    [FromKeyedServices("Eu")] IContactsClient eu,
    [FromKeyedServices("Us")] IContactsClient us,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<ContactSender> logger
) : BackgroundService
{
    public static readonly string[] Regions = ["Eu", "Us"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.WhenAll(SendAsync("Eu", eu, stoppingToken), SendAsync("Us", us, stoppingToken));
        lifetime.StopApplication();
    }

    private async Task SendAsync(string region, IContactsClient client, CancellationToken stoppingToken)
    {
        var users = configuration.GetSection($"Users:{region}").Get<string[]>() ?? [];
        var contacts = users.Select(id => new CreateContactRequestBody { ExternalId = id });
        await foreach (var result in client.CreateManyAsync(contacts, cancellationToken: stoppingToken))
        {
            if (result.IsSuccess)
                logger.LogInformation("{Region}: created {Id}", region, result.Contact.Id);
            else
                logger.LogError(
                    "{Region}: contact {Index} failed: {Error}",
                    region,
                    result.Index,
                    result.Exception.Message
                );
        }
    }
}
