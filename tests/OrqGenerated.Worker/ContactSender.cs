using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrqGenerated.Worker;

/// <summary>
/// A service as a user of the library writes it: creates the contacts that its configuration lists under
/// <c>ExternalIds</c>, one after the other, and ends.
/// </summary>
internal sealed partial class ContactSender(
    IContactsClient contacts,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime,
    ILogger<ContactSender> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var id in configuration.GetSection("ExternalIds").Get<string[]>() ?? [])
        {
            try
            {
                var contact = await contacts
                    .CreateContactAsync(
                        new CreateContactRequestBody { ExternalId = id },
                        cancellationToken: stoppingToken
                    )
                    .ConfigureAwait(false);
                Created(logger, contact.Id);
            }
            catch (OrqException exception)
            {
                NotCreated(logger, exception);
                Environment.ExitCode = 1;
            }
        }

        lifetime.StopApplication();
    }

    [LoggerMessage(1, LogLevel.Information, "Created contact {Id}.")]
    private static partial void Created(ILogger logger, string id);

    [LoggerMessage(2, LogLevel.Error, "A contact could not be created.")]
    private static partial void NotCreated(ILogger logger, Exception exception);
}
