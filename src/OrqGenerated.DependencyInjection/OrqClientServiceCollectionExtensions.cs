using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrqGenerated;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers generated clients.</summary>
/// <remarks>
/// A client is a singleton: it is thread-safe, and a refreshed key serves everyone. Its <see cref="HttpClient"/> comes
/// from <see cref="IHttpClientFactory"/>; handlers added to the returned builder run once per attempt. The builder's
/// name is also the name of the client's <see cref="OrqClientOptions"/>. Invalid settings fail the start of the host
/// with an <see cref="OptionsValidationException"/>, or with the exception of the code that sets them. Registering a
/// client again adds to its options; there is still one client. The factory's own log lines contain URLs, and so ids:
/// they are off until <c>AddDefaultLogger</c> is called on the builder.
/// </remarks>
public static class OrqClientServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IContactsClient"/> and <see cref="ContactsClient"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; without a key in them, <c>ORQ_API_KEY</c> is read.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        Action<OrqClientOptions>? configure = null
    ) => services.AddContactsClient(Options.Options.DefaultName, configure);

    /// <summary>Registers a client under a name, to be resolved with <c>[FromKeyedServices(name)]</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the client; empty for the unnamed one, which is resolved without a key.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        string name,
        Action<OrqClientOptions>? configure = null
    )
    {
        var http = services.AddOrqClient(name, static (http, options) => new ContactsClient(http, options), configure);
        services.TryAddKeyedSingleton<IContactsClient>(
            KeyOf(name),
            static (provider, key) => provider.GetRequiredKeyedService<ContactsClient>(key)
        );
        return http;
    }

    /// <summary>Registers <see cref="IContactsClient"/> with options from a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">
    /// A section with any of <c>ApiKey</c>, <c>ServerUrl</c>, <c>AllowedHosts</c>, <c>AllowInsecureHosts</c>,
    /// <c>Headers</c>, <c>AttemptTimeout</c>, <c>TotalTimeout</c> and <c>Retry</c> (<c>Strategy</c>,
    /// <c>StatusCodes</c>, <c>MaxAttempts</c>, <c>RetryConnectionErrors</c>, <c>Backoff</c> with
    /// <c>InitialInterval</c>, <c>MaxInterval</c>, <c>Exponent</c>, <c>MaxElapsedTime</c>). Times are written
    /// <c>[d.]hh:mm:ss[.f]</c>; <c>-00:00:00.001</c> means no limit. A list replaces the default. An unknown key or an
    /// invalid value is rejected by name.
    /// </param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        IConfiguration configuration
    ) => services.AddContactsClient(Options.Options.DefaultName, configuration);

    /// <summary>Registers a client under a name, with options from a configuration section.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The name of the client; empty for the unnamed one.</param>
    /// <param name="configuration">A section as for the overload without a name.</param>
    /// <returns>The builder of the client's <see cref="HttpClient"/>.</returns>
    public static IHttpClientBuilder AddContactsClient(
        this IServiceCollection services,
        string name,
        IConfiguration configuration
    ) => services.AddContactsClient(name, OrqConfiguration.Of(configuration));

    /// <summary>Registers <see cref="IIdentitiesClient"/> and <see cref="IdentitiesClient"/>.</summary>
    /// <inheritdoc cref="AddContactsClient(IServiceCollection, Action{OrqClientOptions}?)"/>
    public static IHttpClientBuilder AddIdentitiesClient(
        this IServiceCollection services,
        Action<OrqClientOptions>? configure = null
    ) => services.AddIdentitiesClient(Options.Options.DefaultName, configure);

    /// <inheritdoc cref="AddContactsClient(IServiceCollection, string, Action{OrqClientOptions}?)"/>
    public static IHttpClientBuilder AddIdentitiesClient(
        this IServiceCollection services,
        string name,
        Action<OrqClientOptions>? configure = null
    )
    {
        var http = services.AddOrqClient(
            name,
            static (http, options) => new IdentitiesClient(http, options),
            configure
        );
        services.TryAddKeyedSingleton<IIdentitiesClient>(
            KeyOf(name),
            static (provider, key) => provider.GetRequiredKeyedService<IdentitiesClient>(key)
        );
        return http;
    }

    /// <summary>Registers <see cref="IIdentitiesClient"/> with options from a configuration section.</summary>
    /// <inheritdoc cref="AddContactsClient(IServiceCollection, IConfiguration)"/>
    public static IHttpClientBuilder AddIdentitiesClient(
        this IServiceCollection services,
        IConfiguration configuration
    ) => services.AddIdentitiesClient(Options.Options.DefaultName, configuration);

    /// <inheritdoc cref="AddContactsClient(IServiceCollection, string, IConfiguration)"/>
    public static IHttpClientBuilder AddIdentitiesClient(
        this IServiceCollection services,
        string name,
        IConfiguration configuration
    ) => services.AddIdentitiesClient(name, OrqConfiguration.Of(configuration));

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

        var type = typeof(TClient).FullName!;
        var optionsName = name.Length == 0 ? type : $"{type}:{name}";
        var key = KeyOf(name);
        var settings = services
            .AddOptions<OrqClientOptions>(optionsName)
            .Configure<IServiceProvider>(
                static (options, provider) => options.LoggerFactory ??= provider.GetService<ILoggerFactory>()
            )
            .Configure(options => configure?.Invoke(options))
            .ValidateOnStart();
        var http = services.AddHttpClient(optionsName);
        if (!services.Any(service => service.ServiceType == typeof(TClient) && Equals(service.ServiceKey, key)))
        {
            settings.Validate<IServiceProvider>((options, provider) => CanCreate(provider, options));
            services.AddKeyedSingleton(
                key,
                (provider, _) =>
                    Create(provider, provider.GetRequiredService<IOptionsMonitor<OrqClientOptions>>().Get(optionsName))
            );
            http.ConfigureHttpClient(static http => http.Timeout = Timeout.InfiniteTimeSpan)
                .ConfigurePrimaryHttpMessageHandler(PrimaryHandler.Create)
                .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
                .RemoveAllLoggers()
                // Regardless of the settings for all clients: one of the headers is the key.
                .RedactLoggedHeaders(static _ => true);
        }

        return http;

        TClient Create(IServiceProvider provider, OrqClientOptions options) =>
            create(provider.GetRequiredService<IHttpClientFactory>().CreateClient(optionsName), options);

        // Detects what only the client checks: a missing key, a contradicting base address.
        bool CanCreate(IServiceProvider provider, OrqClientOptions options)
        {
            try
            {
                (Create(provider, options) as IDisposable)?.Dispose();
                return true;
            }
            catch (ArgumentException exception)
            {
                var failure = $"Client '{optionsName}': {exception.Message}";
                throw new OptionsValidationException(optionsName, typeof(OrqClientOptions), [failure]);
            }
        }
    }

    private static string? KeyOf(string name) => name.Length == 0 ? null : name;
}
