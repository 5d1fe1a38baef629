using System.Collections.Concurrent;
using System.Globalization;
using NSwag;
using OrqGenerated.Tests.Support;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace OrqGenerated.ContractTests.Support;

/// <summary>Gives each test a WireMock server, and clients with or without a document enforced.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class ContractTest
{
    protected const string Key = "test-key";

    private static readonly ConcurrentDictionary<string, Lazy<Task<OpenApiDocument>>> Documents = new(
        StringComparer.Ordinal
    );

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly List<IDisposable> _owned = [];
    private readonly List<DocumentGuard> _guards = [];
    private WireMockServer? _wireMock;

    /// <summary>The server that stands in for the API.</summary>
    protected WireMockServer WireMock =>
        _wireMock ??= Owned(WireMockServer.Start(new WireMockServerSettings { Urls = ["http://127.0.0.1:0"] }));

    protected Uri WireMockUrl => new(WireMock.Url!);

    /// <summary>The requests that WireMock has received, oldest first.</summary>
    protected IReadOnlyList<global::WireMock.IRequestMessage> Received =>
        [.. WireMock.LogEntries.Select(entry => entry.RequestMessage!)];

    [TearDown]
    public void EndServersAndClients()
    {
        _owned.Reverse();
        _owned.ForEach(owned => owned.Dispose());
        var violations = _guards.SelectMany(guard => guard.Violations).ToList();
        if (violations.Count > 0)
            Assert.Fail($"Against the document: {string.Join(Environment.NewLine, violations)}");
    }

    /// <summary>Makes the example call, which must end within the limit: a test that hangs says nothing.</summary>
    protected static Task<OrqResponse<CreateContactResponseBody>> CreateAsync(ContactsClient client) =>
        client.CreateContactWithResponseAsync(Example.Contact).WaitAsync(Limit, TimeProvider.System);

    /// <summary>Makes the example call, which is to fail.</summary>
    protected static Task<T> FailAsync<T>(ContactsClient client)
        where T : Exception => FailAsync<T>(CreateAsync(client));

    /// <summary>The exception of a call, which must end within the limit.</summary>
    protected static Task<T> FailAsync<T>(Task call)
        where T : Exception => Expect.ExceptionAsync<T>(() => call.WaitAsync(Limit, TimeProvider.System));

    /// <summary>A document in the folder <c>openapi</c>.</summary>
    protected static Task<OpenApiDocument> DocumentAsync(string name) =>
        Documents
            .GetOrAdd(Repository.PathTo("openapi", name), file => new(() => OpenApiYamlDocument.FromFileAsync(file)))
            .Value;

    /// <summary>A JSON response of WireMock.</summary>
    protected static IResponseBuilder Json(int status, string body) =>
        Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/json").WithBody(body);

    /// <summary>The response for a stored contact, with the status that the document declares.</summary>
    protected static async Task<IResponseBuilder> StoredAsync(string? contact = null)
    {
        var document = await DocumentAsync("contacts.yaml");
        var operation = document.Operations.Single(known => known.Operation.OperationId == "CreateContact").Operation;
        return Json(
            int.Parse(operation.ActualResponses.Keys.First(), CultureInfo.InvariantCulture),
            contact ?? Example.Stored
        );
    }

    /// <summary>Makes WireMock give these replies to contacts in turn, and repeat the last one.</summary>
    protected void Replies(params IResponseBuilder[] replies) => Replies("POST", "/v2/contacts", replies);

    /// <summary>Makes WireMock give these replies to matching requests in turn, and repeat the last one.</summary>
    protected void Replies(string method, string path, params IResponseBuilder[] replies)
    {
        for (var i = 0; i < replies.Length; i++)
        {
            var stub = WireMock.Given(Request.Create().WithPath(path).UsingMethod(method)).InScenario("replies");
            stub = i == 0 ? stub : stub.WhenStateIs($"{i}");
            stub = i == replies.Length - 1 ? stub : stub.WillSetStateTo($"{i + 1}");
            stub.RespondWith(replies[i]);
        }
    }

    /// <summary>An HTTP client that fails the test when a request or response violates the document.</summary>
    /// <param name="document">The document with the operations that may be called.</param>
    protected HttpClient Guarded(OpenApiDocument document)
    {
        var guard = new DocumentGuard(document)
        {
            InnerHandler = new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false },
        };
        _guards.Add(guard);
        return Owned(new HttpClient(guard) { Timeout = Timeout.InfiniteTimeSpan });
    }

    /// <summary>A client of WireMock with the contacts document enforced.</summary>
    protected async Task<ContactsClient> GuardedClientAsync() =>
        Owned(new ContactsClient(Guarded(await DocumentAsync("contacts.yaml")), OptionsFor(WireMockUrl)));

    /// <summary>A client as users have it, with nothing between it and the server.</summary>
    protected ContactsClient ClientOf(Uri server, Action<OrqClientOptions>? configure = null) =>
        Owned(new ContactsClient(OptionsFor(server, configure)));

    /// <summary>Options under which retry waits take no time, and timeouts never elapse.</summary>
    protected static OrqClientOptions OptionsFor(Uri server, Action<OrqClientOptions>? configure = null)
    {
        var options = new OrqClientOptions
        {
            ApiKey = Key,
            ServerUrl = server,
            TimeProvider = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) },
        };
        configure?.Invoke(options);
        return options;
    }

    /// <summary>Disposes an object when the test ends.</summary>
    protected T Owned<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
