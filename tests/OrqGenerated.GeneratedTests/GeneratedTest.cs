using OrqGenerated.Tests.Support;

namespace OrqGenerated.GeneratedTests;

/// <summary>Provides an in-memory server and the generated clients.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class GeneratedTest : IDisposable
{
    private readonly HttpClient _http;

    protected GeneratedTest() => _http = new HttpClient(Server);

    protected StubHandler Server { get; } = new();

    /// <summary>The options of the clients; set them before using one.</summary>
    protected OrqClientOptions Options { get; } = new() { ApiKey = "key", Retry = RetryConfig.None };

    protected ThingsClient Things => new(_http, Options);

    protected WordsClient Words => new(_http, Options);

    protected JobsClient Jobs => new(_http, Options);

    protected ClassClient Class => new(_http, Options);

    protected OldThingsOddClient OldThings => new(_http, Options);

    protected DefaultClient Default => new(_http, Options);

    /// <summary>The last request.</summary>
    protected StubRequest Request => Server.Requests[^1];

    /// <summary>The method, path and query of the last request.</summary>
    protected string RequestLine => $"{Request.Method} {Request.Uri!.PathAndQuery}";

    /// <summary>The smallest request body that creates a thing.</summary>
    protected static CreateThingRequestBody NewThing =>
        new()
        {
            Name = "n",
            State = State.New,
            Note = null,
            Anything = null,
            Codes = ["c"],
            Part = new() { Name = "leg" },
        };

    public void Dispose()
    {
        _http.Dispose();
        Server.Dispose();
        GC.SuppressFinalize(this);
    }
}
