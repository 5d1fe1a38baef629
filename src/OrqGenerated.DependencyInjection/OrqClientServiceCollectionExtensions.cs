using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrqGenerated;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers OrqGenerated's clients.</summary>
/// <remarks>
/// A client is a singleton: it is safe for any number of threads, and a key that it had to refresh is refreshed for all. Its
/// <see cref="HttpClient"/> comes from <see cref="IHttpClientFactory"/>; handlers added to the returned builder run once
/// per attempt. Clients of one name share their options, whatever their class. Registering a client again adds to its
/// options, and leaves one client.
/// </remarks>
public static class OrqClientServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IContactsClient"/> and <see cref="ContactsClient"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; without it, and without a key there, <c>ORQ_API_KEY</c> is read.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        Action<OrqClientOptions>? configure = null
    ) => services.AddContactsClient(Options.Options.DefaultName, configure);

    /// <summary>Registers a client under a name, to be resolved with <c>[FromKeyedServices(name)]</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the client, its options and its <see cref="HttpClient"/>.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        string name,
        Action<OrqClientOptions>? configure = null
    )
    {
        var builder = services.AddOrqClient<ContactsClient>(
            name,
            static (http, options) => new ContactsClient(http, options),
            configure
        );
        return builder.As<IContactsClient, ContactsClient>(name);
    }

    /// <summary>Registers <see cref="IContactsClient"/> with options from a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// A section with any of <c>ApiKey</c>, <c>ServerUrl</c>, <c>AllowedHosts</c>, <c>Headers</c>, <c>AttemptTimeout</c>,
    /// <c>TotalTimeout</c> and <c>Retry</c> (<c>Strategy</c>, <c>StatusCodes</c>, <c>MaxAttempts</c>,
    /// <c>RetryConnectionErrors</c>, <c>Backoff</c> with <c>InitialInterval</c>, <c>MaxInterval</c>, <c>Exponent</c>,
    /// <c>MaxElapsedTime</c>). Times are written <c>hh:mm:ss</c>, and <c>-00:00:00.001</c> is no limit. A list that is given
    /// replaces the default. An unknown key or a wrong value is an <see cref="OptionsValidationException"/> that names it,
    /// at the host's start or when the client is first resolved.
    /// </param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        IConfiguration configuration
    ) => services.AddContactsClient(Options.Options.DefaultName, configuration);

    /// <summary>Registers a client under a name, with options from a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the client, its options and its <see cref="HttpClient"/>.</param>
    /// <param name="configuration">The section, as for the overload without a name.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        string name,
        IConfiguration configuration
    )
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddContactsClient(
            name,
            options => OrqConfiguration.Apply(configuration, options)
        );
    }

    /// <summary>Registers a client of any generated class.</summary>
    /// <typeparam name="TClient">The class of the client.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the client; empty for the unnamed one, which is resolved without a key.</param>
    /// <param name="create">Creates the client from its <see cref="HttpClient"/> and its options.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddOrqClient<TClient>(
        this IServiceCollection services,
        string name,
        Func<HttpClient, OrqClientOptions, TClient> create,
        Action<OrqClientOptions>? configure = null
    )
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(create);

        var httpName = HttpClientName<TClient>(name);
        services
            .AddOptions<OrqClientOptions>(name)
            .Configure<IServiceProvider>(
                static (options, provider) =>
                    options.LoggerFactory ??= provider.GetService<ILoggerFactory>()
            )
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        if (!services.Any(service => IsValidatorOf(name, service)))
        {
            services.AddSingleton<IValidateOptions<OrqClientOptions>>(
                new OrqClientOptionsValidator(name)
            );
        }

        TClient Resolve(IServiceProvider provider) =>
            create(
                provider.GetRequiredService<IHttpClientFactory>().CreateClient(httpName),
                provider.GetRequiredService<IOptionsMonitor<OrqClientOptions>>().Get(name)
            );

        if (name.Length == 0)
        {
            services.TryAddSingleton(Resolve);
        }
        else
        {
            services.TryAddKeyedSingleton(name, (provider, _) => Resolve(provider));
        }

        return services
            .AddHttpClient(httpName)
            .ConfigureHttpClient(static http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(PrimaryHandler.Create)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // Whatever is set for all clients: the key is among the headers.
            .RedactLoggedHeaders(static _ => true);
    }

    private static bool IsValidatorOf(string name, ServiceDescriptor service) =>
        service
            is {
                IsKeyedService: false,
                ImplementationInstance: OrqClientOptionsValidator validator
            }
        && string.Equals(validator.Client, name, StringComparison.Ordinal);

    private static string HttpClientName<TClient>(string name) =>
        name.Length == 0 ? typeof(TClient).FullName! : $"{typeof(TClient).FullName}:{name}";

    private static IHttpClientBuilder As<TService, TClient>(
        this IHttpClientBuilder builder,
        string name
    )
        where TService : class
        where TClient : class, TService
    {
        if (name.Length == 0)
        {
            builder.Services.TryAddSingleton<TService>(static provider =>
                provider.GetRequiredService<TClient>()
            );
        }
        else
        {
            builder.Services.TryAddKeyedSingleton<TService>(
                name,
                static (provider, key) => provider.GetRequiredKeyedService<TClient>(key)
            );
        }

        return builder;
    }
}
