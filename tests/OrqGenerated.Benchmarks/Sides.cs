namespace OrqGenerated.Benchmarks;

/// <summary>
/// The clients that are compared, each ready to make one and the same call. All of them pay for a time limit and for a
/// token that can be cancelled, as any service does.
/// </summary>
internal sealed class Sides : IDisposable
{
    public const string ApiKey = "benchmark-key";

    private readonly CancellationTokenSource _cancellation = new();
    private readonly HttpClient _http;
    private readonly ContactsClient _client;

    private Sides(Workload workload, HttpClient http, ContactsClient client)
    {
        _http = http;
        _client = client;
        var token = _cancellation.Token;
        var ours = workload.Ours();
        var raw = workload.Raw();
        var nswag = workload.NSwag();
        var rawClient = new RawStj(http, http.BaseAddress!);
        var nswagClient = new NSwagDefault.ContactsClient(http);
        Ours = () => client.CreateContactAsync(ours, null, token);
        Raw = () => rawClient.CreateAsync(raw, token);
        NSwag = () => nswagClient.CreateContactAsync(nswag, token);
    }

    public Func<Task> Ours { get; }

    public Func<Task> Raw { get; }

    public Func<Task> NSwag { get; }

    /// <summary>All sides over handlers that answer from memory.</summary>
    public static Sides InMemory(Workload workload) =>
        new(
            workload,
            Limited(new MemoryHandler(workload.ResponseJson), new Uri("https://my.orq.ai/")),
            new ContactsClient(
                Limited(new MemoryHandler(workload.ResponseJson), new Uri("https://my.orq.ai/")),
                new OrqClientOptions { ApiKey = ApiKey }
            )
        );

    /// <summary>All sides over sockets, each with connections of its own.</summary>
    public static Sides Over(Uri server, Workload workload) =>
        new(
            workload,
            Limited(
                new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5) },
                server
            ),
            new ContactsClient(new OrqClientOptions { ApiKey = ApiKey, ServerUrl = server })
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
