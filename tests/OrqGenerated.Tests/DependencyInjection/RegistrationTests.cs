using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.DependencyInjection;

/// <summary>Which client a service gets, how long it lives, and when a host refuses to start.</summary>
internal sealed class RegistrationTests
{
    private static readonly CreateContactRequestBody Contact = new() { ExternalId = "user_1" };

    [Test]
    public async Task A_client_is_a_singleton()
    {
        await using var provider = Provider(services => services.AddContactsClient(options => options.ApiKey = "key"));

        await using var scope = provider.CreateAsyncScope();
        object[] clients =
        [
            provider.GetRequiredService<IContactsClient>(),
            scope.ServiceProvider.GetRequiredService<IContactsClient>(),
            scope.ServiceProvider.GetRequiredService<ContactsClient>(),
        ];

        Assert.That(clients, Is.All.SameAs(provider.GetRequiredService<ContactsClient>()));
    }

    [Test]
    public async Task Each_name_has_a_client_with_its_own_options()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        await using var provider = Provider(services =>
        {
            services.AddContactsClient(Use(sandbox, "plain"));
            services.AddContactsClient("eu", Use(sandbox, "eu"));
            services.AddContactsClient("us", Use(sandbox, "us"));
        });
        IContactsClient[] clients =
        [
            provider.GetRequiredService<IContactsClient>(),
            provider.GetRequiredKeyedService<IContactsClient>("eu"),
            provider.GetRequiredKeyedService<ContactsClient>("us"),
        ];

        foreach (var client in clients)
            await client.CreateContactAsync(Contact);

        Assert.That(
            sandbox.Requests.Select(request => request.Headers["X-Client"]),
            Is.EqualTo(new[] { "plain", "eu", "us" })
        );
        Assert.That(provider.GetRequiredKeyedService<IContactsClient>("us"), Is.SameAs(clients[2]));
    }

    [Test]
    public async Task Identities_clients_are_separate_from_contacts_clients()
    {
        var section = new ConfigurationBuilder().AddInMemoryCollection([new("ApiKey", "configuration")]).Build();
        await using var provider = Provider(services =>
        {
            services.AddContactsClient(options => options.ApiKey = "contacts");
            services.AddIdentitiesClient(options => options.ApiKey = "identities");
            services.AddIdentitiesClient("eu", options => options.ApiKey = "eu");
            services.AddIdentitiesClient(section);
            services.AddIdentitiesClient("us", section);
        });

        Assert.That(
            provider.GetRequiredService<IIdentitiesClient>(),
            Is.SameAs(provider.GetRequiredService<IdentitiesClient>())
        );
        Assert.That(provider.GetRequiredKeyedService<IIdentitiesClient>("eu"), Is.Not.Null);
        Assert.That(
            new[] { "ContactsClient", "IdentitiesClient", "IdentitiesClient:eu", "IdentitiesClient:us" }.Select(name =>
                provider.GetRequiredService<IOptionsMonitor<OrqClientOptions>>().Get($"OrqGenerated.{name}").ApiKey
            ),
            Is.EqualTo(new[] { "contacts", "configuration", "eu", "configuration" })
        );
    }

    [Test]
    public async Task A_named_client_does_not_register_the_unnamed_one()
    {
        await using var provider = Provider(services =>
            services.AddContactsClient("eu", options => options.ApiKey = "key")
        );

        Assert.That(provider.GetService<IContactsClient>(), Is.Null);
        Assert.That(provider.GetKeyedService<IContactsClient>("us"), Is.Null);
    }

    [Test]
    public async Task Adding_a_client_twice_merges_its_options_and_leaves_one_client()
    {
        await using var provider = Provider(services =>
        {
            services.AddContactsClient(options => options.ApiKey = "key");
            services.AddContactsClient(options => options.TotalTimeout = TimeSpan.FromMinutes(1));
        });

        var options = provider.ContactsOptions();

        Assert.That(provider.GetServices<IContactsClient>().Count(), Is.EqualTo(1));
        Assert.That(provider.GetServices<ContactsClient>().Count(), Is.EqualTo(1));
        Assert.That(options.ApiKey, Is.EqualTo("key"));
        Assert.That(options.TotalTimeout, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task Disposing_the_container_disposes_the_client()
    {
        var provider = Provider(services =>
        {
            services.AddContactsClient(options => options.ApiKey = "key");
            services.AddContactsClient("eu", options => options.ApiKey = "key");
        });
        var clients = new[]
        {
            provider.GetRequiredService<IContactsClient>(),
            provider.GetRequiredKeyedService<IContactsClient>("eu"),
        };

        await provider.DisposeAsync();

        foreach (var client in clients)
            Assert.ThrowsAsync<ObjectDisposedException>(() => client.CreateContactAsync(Contact));
    }

    [Test]
    public void A_host_does_not_start_with_both_a_key_and_a_provider()
    {
        using var host = Host(services =>
            services.AddContactsClient(
                "eu",
                options =>
                {
                    options.ApiKey = "key";
                    options.ApiKeyProvider = (_, _) => new("key");
                }
            )
        );

        var failure = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(failure!.Message, Does.Contain("ContactsClient:eu").And.Contain("ApiKeyProvider"));
    }

    [Test]
    [NonParallelizable]
    public void A_host_does_not_start_without_a_key_and_says_what_to_set()
    {
        using var host = Host(services =>
        {
            services.AddContactsClient();
            services.AddContactsClient();
        });
        using var _ = new InEnvironment("ORQ_API_KEY", null);

        var failure = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(failure!.Failures, Has.One.Contains("ORQ_API_KEY"));
    }

    [Test]
    public async Task Does_not_validate_options_that_no_client_uses()
    {
        await using var provider = Provider(services => services.AddContactsClient(options => options.ApiKey = "key"));
        var monitor = provider.GetRequiredService<IOptionsMonitor<OrqClientOptions>>();

        Assert.That(() => monitor.Get("another"), Throws.Nothing);
    }

    [Test]
    public void A_host_does_not_start_when_a_base_address_contradicts_the_server_URL()
    {
        using var host = Host(services =>
            services
                .AddContactsClient(options =>
                {
                    options.ApiKey = "key";
                    options.ServerUrl = new Uri("https://one.example.com");
                })
                .ConfigureHttpClient(http => http.BaseAddress = new Uri("https://two.example.com"))
        );

        var failure = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(failure!.Message, Does.Contain("BaseAddress").And.Contain("ServerUrl"));
    }

    private static Action<OrqClientOptions> Use(OrqSandbox sandbox, string name) =>
        options =>
        {
            options.ServerUrl = sandbox.ServerUrl;
            options.ApiKey = sandbox.ApiKey;
            options.Headers["X-Client"] = name;
        };

    private static ServiceProvider Provider(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        return services.BuildServiceProvider(
            new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }
        );
    }

    private static IHost Host(Action<IServiceCollection> add)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        add(builder.Services);
        return builder.Build();
    }
}
