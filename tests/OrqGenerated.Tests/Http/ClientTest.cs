using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Gives tests of the transport a clock that they move, a server in memory and a client.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class ClientTest : IDisposable
{
    protected const string Key = "sk-orq-7f3d9a2b51c84e60";

    /// <summary>The API's answer to <see cref="Contact"/>.</summary>
    protected static string Stored { get; } =
        StoredContact.With(
            """
            "display_name":"Jane Smith","email":"jane.smith@example.com"
            """
        );

    // Created after a test has set its options, and only once, even if it makes its calls on many threads.
    private readonly Lazy<HttpClient> _http;
    private readonly Lazy<ContactsClient> _client;
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
        _transport = new(() => new OrqTransport(typeof(ContactsClient), Http, Options, (_, ref _) => { }));
    }

    /// <summary>A short form of the contact in the API's documentation.</summary>
    protected static CreateContactRequestBody Contact =>
        new()
        {
            ExternalId = "user_12345",
            DisplayName = "Jane Smith",
            Email = "jane.smith@example.com",
        };

    protected FakeTimeProvider Clock { get; }

    protected StubHandler Server { get; } = new();

    /// <summary>The keys that the server has received, one per request.</summary>
    protected IEnumerable<string> KeysSent => Server.Requests.Select(request => request.Headers["Authorization"]);

    /// <summary>The client's options, to be set before the client is created.</summary>
    protected OrqClientOptions Options { get; }

    /// <summary>The result of every random draw; 0.5 makes the jitter factor of a wait 1.</summary>
    protected double Random { get; set; } = 0.5;

    /// <summary>Selects the timers that fire as soon as they are started; none by default.</summary>
    protected Func<TimeSpan, bool> PassesAtOnce { get; set; } = static _ => false;

    /// <summary>The HTTP client of <see cref="Client"/>; its own timeout would run on the real clock.</summary>
    protected HttpClient Http => _http.Value;

    protected ContactsClient Client => _client.Value;

    /// <summary>The transport below a client, for operations that no document has.</summary>
    protected OrqTransport Transport => _transport.Value;

    /// <summary>Makes the example call.</summary>
    protected Task<OrqResponse<CreateContactResponseBody>> CreateAsync(
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Client.CreateContactWithResponseAsync(Contact, options, cancellationToken);

    /// <summary>Makes the example call, which is to fail.</summary>
    protected Task<TException> FailAsync<TException>(
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TException : Exception =>
        Expect.ExceptionAsync<TException>(() => CreateAsync(options, cancellationToken));

    /// <summary>Sends a request whose response has no body that matters.</summary>
    protected async Task<OrqResponse> SendAsync(OrqRequest request) =>
        await Transport.SendAsync(request, JsonCodec.Nothing, null, CancellationToken.None);

    /// <summary>Lets the next attempt run into its timeout of 30 s, and the wait after it pass.</summary>
    protected async Task TimeOutAttemptAsync(TimeSpan wait)
    {
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));
        await Clock.WaitForTimerAsync(wait);
        Clock.Advance(wait);
    }

    /// <summary>Makes the client wait for a key that never arrives.</summary>
    /// <param name="first">The key that the provider returns before; null if the first one never arrives.</param>
    /// <param name="onAsked">Called when the provider is asked for that key, which may happen only once.</param>
    /// <returns>Completes when the provider is asked for that key.</returns>
    protected Task NeverGetAKey(string? first = null, Action? onAsked = null)
    {
        var asked = new TaskCompletionSource();
        Options.ApiKey = null;
        Options.ApiKeyProvider = async (request, token) =>
        {
            if (first is not null && request.RejectedKey is null)
            {
                return first;
            }

            asked.SetResult();
            onAsked?.Invoke();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        };
        return asked.Task;
    }

    /// <summary>Sets one of the two timeouts.</summary>
    protected void SetLimit(string limit, int seconds)
    {
        var value = TimeSpan.FromSeconds(seconds);
        (Options.AttemptTimeout, Options.TotalTimeout) =
            limit == nameof(Options.AttemptTimeout) ? (value, Options.TotalTimeout) : (Options.AttemptTimeout, value);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            Client.Dispose();
        }

        if (_transport.IsValueCreated)
        {
            Transport.Dispose();
        }

        if (_http.IsValueCreated)
        {
            Http.Dispose();
        }

        Server.Dispose();
        GC.SuppressFinalize(this);
    }
}
