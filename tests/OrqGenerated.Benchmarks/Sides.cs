namespace OrqGenerated.Benchmarks;

/// <summary>
/// The compared clients, each ready to make the same call. Like any service, all pay for a timeout and a cancellable
/// token.
/// </summary>
internal sealed class Sides : IDisposable
{
    public const string ApiKey = "benchmark-key";

    private readonly CancellationTokenSource _cancellation = new();
    private readonly HttpClient _http;
    private readonly ContactsClient _client;

    private Sides(Workload workload, ContactsClient client, HttpMessageHandler handler, Uri server)
    {
        _http = Limited(handler, server);
        _client = client;
        var token = _cancellation.Token;
        var ours = workload.Ours();
        var raw = workload.Raw();
        var nswag = workload.NSwag();
        var kiota = workload.Kiota();
        var rawClient = new RawStj(_http, server);
        var nswagClient = new NSwagDefault.ContactsClient(_http);
        var refitClient = OtherClients.Refit(Limited(handler, server));
        var kiotaClient = OtherClients.Kiota(handler, server);
        Ours = () => client.CreateContactAsync(ours, null, token);
        Raw = () => rawClient.CreateAsync(raw, token);
        NSwag = () => nswagClient.CreateContactAsync(nswag, token);
        Refit = () => refitClient.CreateAsync(raw, token);
        Kiota = () => kiotaClient.V2.Contacts.PostAsync(kiota, null, token);
    }

    /// <summary>This client.</summary>
    public Func<Task> Ours { get; }

    /// <summary>The handwritten client without features.</summary>
    public Func<Task> Raw { get; }

    /// <summary>The client from NSwag's own templates.</summary>
    public Func<Task> NSwag { get; }

    /// <summary>The client of Refit, with the same source-generated JSON as <see cref="Raw"/>.</summary>
    public Func<Task> Refit { get; }

    /// <summary>The client that Kiota generates from the document, with its default middleware.</summary>
    public Func<Task> Kiota { get; }

    /// <summary>All sides on handlers that respond from memory.</summary>
    public static Sides InMemory(Workload workload)
    {
        var server = new Uri("https://my.orq.ai/");
        var http = Limited(new MemoryHandler(workload.ResponseJson), server);
        var client = new ContactsClient(http, new OrqClientOptions { ApiKey = ApiKey });
        return new(workload, client, new MemoryHandler(workload.ResponseJson), server);
    }

    /// <summary>All sides on sockets, this client with its own connections.</summary>
    public static Sides Over(Uri server, Workload workload) =>
        new(
            workload,
            new ContactsClient(new OrqClientOptions { ApiKey = ApiKey, ServerUrl = server }),
            new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) },
            server
        );

    public void Dispose()
    {
        _client.Dispose();
        _http.Dispose();
        _cancellation.Dispose();
    }

    private static HttpClient Limited(HttpMessageHandler handler, Uri server) =>
        new(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(30) };
}
