using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// What tests of the transport share: a clock that they move, a server in memory, a client between them.
/// </summary>
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

    // Not before a test has set its options, and once, also for a test that makes its calls on many threads.
    private readonly Lazy<HttpClient> _http;
    private readonly Lazy<ContactsClient> _client;

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
    }

    /// <summary>The contact of the API's documentation, short.</summary>
    protected static CreateContactRequestBody Contact =>
        new()
        {
            ExternalId = "user_12345",
            DisplayName = "Jane Smith",
            Email = "jane.smith@example.com",
        };

    protected FakeTimeProvider Clock { get; }

    protected StubHandler Server { get; } = new();

    /// <summary>The client's options, until the client is made.</summary>
    protected OrqClientOptions Options { get; }

    /// <summary>What every draw of chance gives; 0.5 makes the factor of a wait 1.</summary>
    protected double Random { get; set; } = 0.5;

    /// <summary>Which timers are over as soon as they are started; none unless set.</summary>
    protected Func<TimeSpan, bool> PassesAtOnce { get; set; } = static _ => false;

    /// <summary>
    /// The HTTP client under <see cref="Client"/>; without a time limit, which would be on the real clock.
    /// </summary>
    protected HttpClient Http => _http.Value;

    protected ContactsClient Client => _client.Value;

    /// <summary>Makes the example call.</summary>
    protected Task<OrqResponse<CreateContactResponseBody>> CreateAsync(
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    ) => Client.CreateContactWithResponseAsync(Contact, options, cancellationToken);

    /// <summary>Makes the example call, which is to fail.</summary>
    protected async Task<TException> FailAsync<TException>(
        OrqRequestOptions? options = null,
        CancellationToken cancellationToken = default
    )
        where TException : Exception
    {
        try
        {
            await CreateAsync(options, cancellationToken);
        }
        catch (TException exception)
        {
            return exception;
        }
        catch (Exception exception)
        {
            throw new AssertionException(
                $"The call was to fail with {typeof(TException).Name}, but failed with {exception}",
                exception
            );
        }

        throw new AssertionException($"The call was to fail with {typeof(TException).Name}, but succeeded.");
    }

    /// <summary>
    /// Has the client ask for a key that never comes: the first one, or the one after a first that is given.
    /// </summary>
    /// <param name="onAsked">Called when the key that never comes is asked for, which may be once.</param>
    /// <returns>Completes when it is asked for.</returns>
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

    /// <summary>Sets the one limit or the other.</summary>
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

        if (_http.IsValueCreated)
        {
            Http.Dispose();
        }

        Server.Dispose();
        GC.SuppressFinalize(this);
    }
}
