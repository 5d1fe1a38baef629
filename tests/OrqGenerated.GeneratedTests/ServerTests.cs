using System.Diagnostics;
using NSwag;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.GeneratedTests;

/// <summary>
/// Operations that were added to a document, shaped as those on contacts and identities are, with the document
/// enforced: they have retries, error mapping, key, time limits and telemetry without a handwritten line.
/// </summary>
[TestFixture("Contacts", "/v2/contacts")]
[TestFixture("Identities", "/v2/identities")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[NonParallelizable]
internal sealed class ServerTests(string tag, string path) : IDisposable
{
    private const string Stored = """
        {"_id":"01A","external_id":"u1","display_name":null,"tags":["a"],"metadata":{"n":1.10}}
        """;

    private readonly StubHandler _server = new();
    private DocumentGuard? _guard;

    private bool IsContacts => tag == "Contacts";

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

        IEnumerable<string> ids = IsContacts
            ? (
                await Contacts()
                    .ListContactsAsync(
                        new()
                        {
                            Limit = 2,
                            Search = "a&b",
                            Tags = ["x", "y z"],
                        }
                    )
            ).Data.Select(c => c.Id)
            : (
                await Identities()
                    .ListIdentitiesAsync(
                        new()
                        {
                            Limit = 2,
                            Search = "a&b",
                            Tags = ["x", "y z"],
                        }
                    )
            ).Data.Select(c => c.Id);

        Assert.That(ids, Is.EqualTo(["01A"]));
        Assert.That(
            _server.Requests.Single().Uri!.PathAndQuery,
            Is.EqualTo($"{path}?limit=2&search=a%26b&tags=x&tags=y%20z")
        );
    }

    [Test]
    public async Task Retrieves_one_by_an_id_that_needs_escaping()
    {
        _server.Answers(200, Stored);

        var metadata = IsContacts
            ? (await Contacts().RetrieveContactAsync("a/b ü")).Metadata
            : (await Identities().RetrieveIdentityAsync("a/b ü")).Metadata;

        Assert.That(metadata!["n"], Is.EqualTo(1.10m));
        Assert.That(_server.Requests.Single().Uri!.PathAndQuery, Is.EqualTo($"{path}/a%2Fb%20%C3%BC"));
    }

    [Test]
    public async Task Updates_with_a_body_that_tells_unset_from_null()
    {
        _server.Answers(200, Stored);

        _ = IsContacts
            ? (await Contacts().UpdateContactAsync("01A", new() { DisplayName = null, Tags = [] })).Id
            : (await Identities().UpdateIdentityAsync("01A", new() { DisplayName = null, Tags = [] })).Id;

        Assert.That(_server.Requests.Single().Body, Is.EqualTo("""{"display_name":null,"tags":[]}"""));
    }

    [Test]
    public async Task Deletes_with_no_answer_but_204()
    {
        _server.Answers(204);

        var response = IsContacts
            ? await Contacts().DeleteContactWithResponseAsync("01A")
            : await Identities().DeleteIdentityWithResponseAsync("01A");

        Assert.That(response.StatusCode, Is.EqualTo(204));
    }

    [Test]
    public async Task Repeats_a_500_only_where_the_document_says_that_it_may()
    {
        _server.Answers(500).Answers(201, Stored);

        var create = IsContacts
            ? (Func<Task>)(() => Contacts().CreateContactAsync(new() { ExternalId = "u1" }))
            : () => Identities().CreateIdentityAsync(new() { ExternalId = "u1" });

        if (IsContacts)
        {
            await create();
        }
        else
        {
            Assert.ThrowsAsync<OrqServerException>(
                () => create(),
                "CreateIdentity is not marked x-idempotent, so its 500 is not repeated"
            );
        }

        Assert.That(_server.Requests, Has.Count.EqualTo(IsContacts ? 2 : 1));
    }

    [Test]
    public async Task Repeats_a_GET_maps_its_error_and_sends_the_key()
    {
        _server.Answers(503).Answers(404, """{"error":"not here"}""");

        var error = Assert.ThrowsAsync<OrqNotFoundException>(() =>
            IsContacts ? Contacts().RetrieveContactAsync("01A") : Identities().RetrieveIdentityAsync("01A")
        );

        Assert.That((error!.Attempts, error.ErrorMessage), Is.EqualTo((2, "not here")));
        Assert.That(_server.Requests.Select(request => request.Headers["Authorization"]), Is.All.EqualTo("Bearer key"));
    }

    [Test]
    public void A_time_limit_ends_it()
    {
        var options = Options();
        options.TimeProvider = new FakeTimeProvider { AutoAdvance = _ => true };
        options.Retry = RetryConfig.None;

        Assert.ThrowsAsync<OrqTimeoutException>(() =>
            IsContacts
                ? Contacts(options).RetrieveContactAsync("01A")
                : Identities(options).RetrieveIdentityAsync("01A")
        );
    }

    [Test]
    public async Task A_listener_sees_an_activity_of_its_name()
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

        await (IsContacts ? Contacts().DeleteContactAsync("01A") : Identities().DeleteIdentityAsync("01A"));

        Assert.That(names, Is.EqualTo([IsContacts ? "DeleteContact" : "DeleteIdentity"]));
    }

    private static OrqClientOptions Options() =>
        new()
        {
            ApiKey = "key",
            TimeProvider = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) },
        };

    private ContactsClient Contacts(OrqClientOptions? options = null) => new(Http(), options ?? Options());

    private IdentitiesClient Identities(OrqClientOptions? options = null) => new(Http(), options ?? Options());

    private HttpClient Http() => new(_guard!, disposeHandler: false);
}
