using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.DependencyInjection;

/// <summary>The handlers, connections and loggers of a registered client.</summary>
internal sealed class HttpTests
{
    private static readonly CreateContactRequestBody Contact = new()
    {
        ExternalId = "user_1",
        DisplayName = "Jane Smith",
    };

    private OrqSandbox _sandbox = null!;

    [SetUp]
    public async Task SetUp() => _sandbox = await OrqSandbox.StartAsync();

    [TearDown]
    public async Task TearDown() => await _sandbox.DisposeAsync();

    [Test]
    public async Task A_user_handler_runs_once_per_attempt()
    {
        var handler = new CountingHandler();
        var services = new ServiceCollection();
        services.AddContactsClient(UseSandbox).AddHttpMessageHandler(() => handler);
        await using var provider = services.BuildServiceProvider();
        _sandbox.FailNext(2, 503);

        await provider.GetRequiredService<IContactsClient>().CreateContactAsync(Contact);

        Assert.That(handler.Requests, Is.EqualTo(3));
        Assert.That(_sandbox.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task ConfigureHttpClientDefaults_does_not_change_its_connections()
    {
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http =>
            http.ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(1))
                .ConfigurePrimaryHttpMessageHandler(() => new HttpClientHandler())
                .SetHandlerLifetime(TimeSpan.FromSeconds(1))
        );
        var name = services.AddContactsClient(options => options.ApiKey = "key").Name;
        await using var provider = services.BuildServiceProvider();

        var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
        var lifetime = provider
            .GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>()
            .Get(name)
            .HandlerLifetime;
        var handler = provider.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler(name);
        while (handler is DelegatingHandler { InnerHandler: { } inner })
            handler = inner;

        var primary = (SocketsHttpHandler)handler;
        Assert.Multiple(() =>
        {
            Assert.That(http.Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
            Assert.That(lifetime, Is.EqualTo(Timeout.InfiniteTimeSpan));
            Assert.That(primary.PooledConnectionLifetime, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(primary.ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(primary.MaxConnectionsPerServer, Is.EqualTo(256));
            Assert.That(primary.AllowAutoRedirect, Is.False);
            Assert.That(primary.UseCookies, Is.False);
            Assert.That(primary.Proxy?.IsBypassed(new Uri("http://localhost")), Is.True, "for plain http");
            Assert.That(primary.AutomaticDecompression, Is.EqualTo(DecompressionMethods.GZip));
        });
    }

    [Test]
    public async Task Logs_to_the_container_without_the_key_or_the_contact()
    {
        using var log = new LogRecorder();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(log);
        // All other headers are shown; only the client's own rule redacts the key.
        services.ConfigureHttpClientDefaults(http => http.RedactLoggedHeaders(["X-Other"]));
        services.AddContactsClient(UseSandbox).AddDefaultLogger();
        await using var provider = services.BuildServiceProvider();
        _sandbox.FailNext(1, 503);

        await provider.GetRequiredService<IContactsClient>().CreateContactAsync(Contact);

        var own = log.Entries.Where(entry => entry.Category == "OrqGenerated");
        var all = string.Join('\n', log.Entries.Select(entry => entry.Text));
        Assert.That(own.Select(entry => entry.Text), Has.Some.StartsWith("CreateContact attempt 1"));
        Assert.That(all, Does.Contain("Authorization"), "the headers should be logged");
        Assert.That(all, Does.Not.Contain(_sandbox.ApiKey).And.Not.Contain("Jane"));
    }

    [Test]
    public async Task Does_not_log_an_id_in_the_path()
    {
        using var log = new LogRecorder();
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(log);
        services
            .AddIdentitiesClient(options => options.ApiKey = "key")
            .ConfigurePrimaryHttpMessageHandler(() => new StubHandler().Responds(204));
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IIdentitiesClient>().DeleteIdentityAsync("jane@example.com");

        Assert.That(
            log.Entries.Select(entry => entry.Text),
            Has.Some.Contains("DeleteIdentity").And.None.Contains("jane")
        );
    }

    [Test]
    public async Task Registering_a_client_again_keeps_its_handler_and_its_timeout()
    {
        var services = new ServiceCollection();
        services
            .AddIdentitiesClient(options => options.ApiKey = "key")
            .ConfigureHttpClient(http => http.Timeout = TimeSpan.FromSeconds(9))
            .ConfigurePrimaryHttpMessageHandler(() => new StubHandler().Responds(204));
        var name = services.AddIdentitiesClient().Name;
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<IIdentitiesClient>().DeleteIdentityAsync("1");

        using var http = provider.GetRequiredService<IHttpClientFactory>().CreateClient(name);
        Assert.That(http.Timeout, Is.EqualTo(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public async Task A_logger_set_in_code_is_kept()
    {
        using var own = new LoggerFactory();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddContactsClient(options =>
        {
            options.ApiKey = "key";
            options.LoggerFactory = own;
        });
        await using var provider = services.BuildServiceProvider();

        Assert.That(provider.ContactsOptions().LoggerFactory, Is.SameAs(own));
    }

    [Test]
    public async Task Disposing_a_client_closes_its_own_connections()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.RespondAsync(200, StoredContact.Json);
        });
        var client = new ContactsClient(new OrqClientOptions { ApiKey = "key", ServerUrl = server.Address });
        await client.CreateContactAsync(Contact);
        Assert.That(server.Open, Is.EqualTo(1), "the connection should be kept for the next call");

        client.Dispose();

        await server.WaitUntilNoneIsOpenAsync();
    }

    private void UseSandbox(OrqClientOptions options)
    {
        options.ServerUrl = _sandbox.ServerUrl;
        options.ApiKey = _sandbox.ApiKey;
        options.Retry.Backoff.InitialInterval = TimeSpan.FromTicks(1);
    }

    private sealed class CountingHandler : DelegatingHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Requests++;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
