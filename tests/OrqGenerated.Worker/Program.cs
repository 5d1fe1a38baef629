using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrqGenerated.Worker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddContactsClient(builder.Configuration.GetSection("Orq"));
builder.Services.AddHostedService<ContactSender>();
await builder.Build().RunAsync();
