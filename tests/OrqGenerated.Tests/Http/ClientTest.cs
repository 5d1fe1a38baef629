using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Base of tests that call a client, with a server in memory and a clock that the test moves.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class ClientTest : IDisposable
{
    protected const string Key = "sk-orq-7f3d9a2b51c84e60";

    /// <summary>The API's response to <see cref="Contact"/>.</summary>
    protected static string Stored { get; } =
        StoredContact.With(
            """
            "display_name":"Jane Smith","email":"jane.smith@example.com"
            """
        );

    // Created on first use, after the test has set its options, and once even if it calls from many threads.
    private readonly Lazy<HttpClient> _http;
    private readonly Lazy<ContactsClient> _client;
    private readonly Lazy<IdentitiesClient> _identities;
    private readonly Lazy<OrqTransport> _transport;

    protected ClientTest()
    {
        Clock = new FakeTimeProvider { AutoAdvance = due => PassesAtOnce(due) };
        Options = new OrqClientOptions
        {
            ApiKey = Key,
            TimeProvider = Clock,
            NextRandom = () => Random,
        };
        _http = new(() => new HttpClient(Server) { Timeout = Timeout.InfiniteTimeSpan });
        _client = new(() => new ContactsClient(Http, Options));
        _identities = new(() => new IdentitiesClient(Http, Options));
        _transport = new(() => new OrqTransport(typeof(ContactsClient), Http, Options, (_, ref _) => { }));
    }

    /// <summary>The contact of the API's documentation, shortened.</summary>
    protected static CreateContactRequestBody Contact =>
        new()
        {
            ExternalId = "user_12345",
            DisplayName = "Jane Smith",
            Email = "jane.smith@example.com",
        };

    protected FakeTimeProvider Clock { get; }

    protected StubHandler Server { get; } = new();

    /// <summary>The Authorization header of each request.</summary>
    protected IEnumerable<string> KeysSent => Server.Requests.Select(request => request.Headers["Authorization"]);

    /// <summary>The client's options; a test sets them before it uses <see cref="Client"/>.</summary>
    protected OrqClientOptions Options { get; }

    /// <summary>The result of every random draw; 0.5 means a backoff without jitter.</summary>
    protected double Random { get; set; } = 0.5;

    /// <summary>Selects, by due time, the timers that fire as soon as they start; none by default.</summary>
    protected Func<TimeSpan, bool> PassesAtOnce { get; set; } = static _ => false;

    /// <summary>The HTTP client under <see cref="Client"/>; a timeout of its own would use the real clock.</summary>
    protected HttpClient Http => _http.Value;

    protected ContactsClient Client => _client.Value;

    /// <summary>A client with operations that have parameters, have no body or are not idempotent.</summary>
    protected IdentitiesClient Identities => _identities.Value;

    /// <summary>The transport under a client, for operations that neither document has.</summary>
    protected OrqTransport Transport => _transport.Value;

    /// <summary>The exception with which an HttpClient reports its timeout.</summary>
    protected static Exception HttpTimeout =>
        new TaskCanceledException("timeout", new TimeoutException("timeout", new TaskCanceledException()));

    /// <summary>Whether a timer is a wait before a retry, not the timeout of an attempt.</summary>
    protected static bool IsWait(TimeSpan due) => due < TimeSpan.FromSeconds(30);

    /// <summary>Makes the example call.</summary>
    protected Task<OrqResponse<CreateContactResponseBody>> CreateAsync(
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Client.CreateContactWithResponseAsync(Contact, options, cancellationToken);

    /// <summary>Makes the example call, which must fail.</summary>
    protected Task<TException> FailAsync<TException>(
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TException : Exception =>
        Expect.ExceptionAsync<TException>(() => CreateAsync(options, cancellationToken));

    /// <summary>Sends a request and ignores the body of the response.</summary>
    protected async Task<OrqResponse> SendAsync(OrqRequest request) =>
        await Transport.SendAsync(request, JsonCodec.Nothing, null, CancellationToken.None);

    /// <summary>Sets a provider that hangs when it is asked for a key.</summary>
    /// <param name="first">A first key that it still returns; null if it hangs at once.</param>
    /// <param name="onAsked">Called when the provider begins to hang, which may happen only once.</param>
    /// <returns>Completes when the provider begins to hang.</returns>
    protected Task HangProvider(string? first = null, Action? onAsked = null)
    {
        var hangs = new TaskCompletionSource();
        Options.ApiKey = null;
        Options.ApiKeyProvider = async (request, token) =>
        {
            if (first is not null && request.RejectedKey is null)
                return first;

            hangs.SetResult();
            onAsked?.Invoke();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        };
        return hangs.Task;
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
            Client.Dispose();

        if (_identities.IsValueCreated)
            Identities.Dispose();

        if (_transport.IsValueCreated)
            Transport.Dispose();

        if (_http.IsValueCreated)
            Http.Dispose();

        Server.Dispose();
        GC.SuppressFinalize(this);
    }
}
