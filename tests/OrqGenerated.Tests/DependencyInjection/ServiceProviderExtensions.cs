using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrqGenerated.Tests.DependencyInjection;

internal static class ServiceProviderExtensions
{
    /// <summary>The options of the unnamed <see cref="ContactsClient"/>.</summary>
    public static OrqClientOptions ContactsOptions(this IServiceProvider provider) =>
        provider.GetRequiredService<IOptionsMonitor<OrqClientOptions>>().Get(typeof(ContactsClient).FullName);
}
