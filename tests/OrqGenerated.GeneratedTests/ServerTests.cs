using System.Diagnostics;
using NSwag;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.GeneratedTests;

/// <summary>
/// Operations that a document adds to those on contacts, with the document enforced: they have retries, error mapping,
/// key, timeouts and telemetry without a handwritten line.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
internal sealed class ServerTests : IDisposable
{
    private const string Stored = """
        {"_id":"01A","external_id":"u1","display_name":null,"tags":["a"],"metadata":{"n":1.10}}
        """;

    private readonly StubHandler _server = new();
    private DocumentGuard? _guard;

    private HttpClient Http => new(_guard!, disposeHandler: false);

    private ContactsClient Contacts => new(Http, Options());

    [SetUp]
    public async Task EnforceDocumentAsync() =>
        _guard = new DocumentGuard(
            await OpenApiYamlDocument.FromFileAsync(
                Repository.PathTo("tests", "OrqGenerated.GeneratedTests", "everything.yaml")
            )
        )
        {
            InnerHandler = _server,
        };

    [TearDown]
    public void FailIfDocumentWasBroken() => Assert.That(_guard!.Violations, Is.Empty);

    public void Dispose()
    {
        _guard?.Dispose();
        _server.Dispose();
    }

    [Test]
    public async Task Lists_a_page()
    {
        _server.Answers(200, $$"""{"object":"list","data":[{{Stored}}],"has_more":false}""");

        var page = await Contacts.ListContactsAsync(
            new()
            {
                Limit = 2,
                Search = "a&b",
                Tags = ["x", "y z"],
            }
        );

        Assert.That(page.Data.Select(contact => contact.Id), Is.EqualTo(["01A"]));
        Assert.That(
            _server.Requests.Single().Uri!.PathAndQuery,
            Is.EqualTo("/v2/contacts?limit=2&search=a%26b&tags=x&tags=y%20z")
        );
    }

    [Test]
    public async Task Retrieves_one_by_an_id_that_needs_escaping()
    {
        _server.Answers(200, Stored);

        var contact = await Contacts.RetrieveContactAsync("a/b ü");

        Assert.That(contact.Metadata!["n"], Is.EqualTo(1.10m));
        Assert.That(_server.Requests.Single().Uri!.PathAndQuery, Is.EqualTo("/v2/contacts/a%2Fb%20%C3%BC"));
    }

    [Test]
    public async Task Updates_with_a_body_that_distinguishes_unset_from_null()
    {
        _server.Answers(200, Stored);

        await Contacts.UpdateContactAsync("01A", new() { DisplayName = null, Tags = [] });

        Assert.That(_server.Requests.Single().Body, Is.EqualTo("""{"display_name":null,"tags":[]}"""));
    }

    [Test]
    public async Task Deletes_with_a_204()
    {
        _server.Answers(204);

        Assert.That((await Contacts.DeleteContactWithResponseAsync("01A")).StatusCode, Is.EqualTo(204));
    }

    [Test]
    public async Task Retries_a_500_where_the_document_allows_it()
    {
        _server.Answers(500).Answers(201, Stored);

        await Contacts.CreateContactAsync(new() { ExternalId = "u1" });

        Assert.That(_server.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public void Does_not_retry_a_500_unless_the_document_allows_it()
    {
        _server.Answers(500);
        using var things = new ThingsClient(Http, Options());

        Assert.ThrowsAsync<OrqServerException>(() => things.CreateThingAsync(GeneratedTest.NewThing));

        Assert.That(_server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Retries_a_GET_maps_its_error_and_sends_the_key()
    {
        _server.Answers(503).Answers(404, """{"error":"not here"}""");

        var error = Assert.ThrowsAsync<OrqNotFoundException>(() => Contacts.RetrieveContactAsync("01A"))!;

        Assert.That((error.Attempts, error.ErrorMessage), Is.EqualTo((2, "not here")));
        Assert.That(_server.Requests.Select(request => request.Headers["Authorization"]), Is.All.EqualTo("Bearer key"));
    }

    [Test]
    public void A_timeout_ends_it()
    {
        var options = Options();
        options.TimeProvider = new FakeTimeProvider { AutoAdvance = _ => true };
        options.Retry = RetryConfig.None;
        using var contacts = new ContactsClient(Http, options);

        Assert.ThrowsAsync<OrqTimeoutException>(() => contacts.RetrieveContactAsync("01A"));
    }

    [Test]
    public async Task Starts_an_activity_named_after_the_operation()
    {
        _server.Answers(204);
        var names = new List<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OrqGenerated",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => names.Add(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);

        await Contacts.DeleteContactAsync("01A");

        Assert.That(names, Is.EqualTo(["DeleteContact"]));
    }

    private static OrqClientOptions Options() =>
        new()
        {
            ApiKey = "key",
            TimeProvider = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) },
        };
}
