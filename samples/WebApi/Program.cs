// A service in front of the API: PUT /contacts takes a contact as the API's JSON and returns the stored one.
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OrqGenerated;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddContactsClient(builder.Configuration.GetSection("Orq"));
builder.Services.AddHealthChecks().AddCheck<ContactsHealth>("contacts");
builder.Services.AddSingleton<ContactsHealth>();
builder
    .Services.AddOpenTelemetry()
    .WithTracing(tracing => tracing.AddSource("OrqGenerated").AddConsoleExporter())
    .WithMetrics(metrics => metrics.AddMeter("OrqGenerated").AddConsoleExporter());

var app = builder.Build();
app.MapHealthChecks("/health");
app.MapPut(
    "/contacts",
    async (CreateContactRequestBody body, IContactsClient contacts, ContactsHealth health, CancellationToken token) =>
    {
        try
        {
            var contact = await contacts.CreateContactAsync(body, cancellationToken: token);
            health.LastError = null;
            return Results.Ok(contact);
        }
        catch (Exception e) when (e is ArgumentException or OrqBadRequestException)
        {
            return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (OrqException e)
        {
            health.LastError = e.Message;
            return Results.Problem(e.Message, statusCode: StatusCodes.Status502BadGateway);
        }
    }
);
await app.RunAsync();

/// <summary>Degraded from a failed call until the next successful one.</summary>
internal sealed class ContactsHealth : IHealthCheck
{
    public string? LastError { get; set; }

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(LastError is { } error ? HealthCheckResult.Degraded(error) : HealthCheckResult.Healthy());
}
