using System.Text;
using OrqGenerated.ContractTests.Support;
using WireMock.ResponseBuilders;

namespace OrqGenerated.ContractTests;

/// <summary>The five operations on identities, with their document enforced on the wire.</summary>
internal sealed class IdentityTests : ContractTest
{
    private const string Path = "/v2/identities/user_12345";

    [Test]
    public async Task Creates_an_identity_and_reads_the_response()
    {
        Replies("POST", "/v2/identities", Json(201, Wrapped("1")).WithHeader("Location", "/v2/identities/1"));

        var response = await (await ClientAsync()).CreateIdentityWithResponseAsync(
            new()
            {
                ExternalId = "user_12345",
                DisplayName = "Jane Smith",
                Tags = [],
                Metadata = new Dictionary<string, object?>(StringComparer.Ordinal) { ["level"] = 3 },
            }
        );

        Assert.That(
            Body(Received.Single()),
            Is.EqualTo("""{"external_id":"user_12345","display_name":"Jane Smith","tags":[],"metadata":{"level":3}}""")
        );
        Assert.That((response.StatusCode, response.Headers["Location"]), Is.EqualTo((201, "/v2/identities/1")));
        var identity = response.Value.Identity;
        Assert.That(
            (identity.Id, identity.ExternalId, identity.WorkspaceId, identity.DisplayName, identity.Created),
            Is.EqualTo(("1", "user_12345", "w1", "Jane Smith", "2026-08-21T10:00:00Z"))
        );
        Assert.That(identity.Metadata!["ratio"], Is.EqualTo(1.10m));
        Assert.That((identity.Metrics, identity.Budget), Is.EqualTo(default((IdentityMetrics?, Budget?))));
    }

    [Test]
    public async Task Refuses_an_external_id_that_the_server_would_refuse()
    {
        var client = await ClientAsync();

        foreach (var id in (string[])["", new string('a', 121)])
        {
            var error = Assert.ThrowsAsync<ArgumentException>(() =>
                client.CreateIdentityAsync(new() { ExternalId = id })
            );
            Assert.That(error.Message, Does.Contain("external_id"));
        }

        Assert.That(Received, Is.Empty);
    }

    [Test]
    public async Task Lists_with_every_parameter()
    {
        Replies(
            "GET",
            "/v2/identities",
            Json(200, $$"""{"object":"list","data":[{{Identity("1")}},{{Identity("2")}}],"has_more":false}""")
        );

        var page = await (await ClientAsync()).ListIdentitiesAsync(
            new()
            {
                Limit = 200,
                StartingAfter = "a",
                EndingBefore = "b",
                Search = "jane smith",
                FilterByTags = ["premium", "beta user"],
                SortBy = IdentitySortField.DisplayName,
                IncludeMetrics = true,
                IncludeBudget = false,
            }
        );

        Assert.That(
            new Uri(Received.Single().Url).Query,
            Is.EqualTo(
                "?limit=200&starting_after=a&ending_before=b&search=jane%20smith&filter_by.tags=premium"
                    + "&filter_by.tags=beta%20user&sort_by=IDENTITY_SORT_FIELD_DISPLAY_NAME&include_metrics=true"
                    + "&include_budget=false"
            )
        );
        Assert.That(page.Data.Select(identity => identity.Id), Is.EqualTo(["1", "2"]));
        Assert.That(page.HasMore, Is.False);
    }

    [Test]
    public async Task Retrieves_an_identity_with_its_metrics_and_its_budget()
    {
        const string requested = """
            ,"metrics":{"total_tokens":1200,"total_cost":0.5,"total_requests":7,"error_rate":0.25},
            "budget":{"budget_id":"b1","limits":{"amount":10,"period":"BUDGET_PERIOD_DAILY"},
            "scope":{"identity":{"identity_external_id":"user_12345"}},
            "created_at":"2026-08-01T00:00:00Z","updated_at":"2026-08-01T00:00:00Z"}
            """;
        Replies("GET", Path, Json(200, Wrapped("1", requested)));

        var identity = (
            await (await ClientAsync()).RetrieveIdentityAsync(
                "user_12345",
                new() { IncludeMetrics = true, IncludeBudget = true }
            )
        ).Identity;

        Assert.That(new Uri(Received.Single().Url).Query, Is.EqualTo("?include_metrics=true&include_budget=true"));
        Assert.That((identity.Metrics!.TotalTokens, identity.Metrics.ErrorRate), Is.EqualTo((1200d, 0.25)));
        Assert.That(identity.Budget!.Limits.Period, Is.EqualTo(BudgetPeriod.Daily));
        Assert.That(identity.Budget.Scope!.Identity!.IdentityExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task Updates_only_the_fields_that_are_set_including_empty_lists()
    {
        Replies("PATCH", Path, Json(200, Wrapped("1")));

        var updated = await (await ClientAsync()).UpdateIdentityAsync(
            "user_12345",
            new() { Email = "a@b.c", Tags = [] }
        );

        Assert.That(Body(Received.Single()), Is.EqualTo("""{"email":"a@b.c","tags":[]}"""));
        Assert.That(updated.Identity.Id, Is.EqualTo("1"));
    }

    [Test]
    public async Task Deletes_an_identity()
    {
        Replies("DELETE", Path, Response.Create().WithStatusCode(200));

        await (await ClientAsync()).DeleteIdentityAsync("user_12345");

        Assert.That(Received.Single().Method, Is.EqualTo("DELETE"));
    }

    [Test]
    public async Task Retries_an_update_after_a_transient_failure()
    {
        Replies("PATCH", Path, Response.Create().WithStatusCode(500), Json(200, Wrapped("1")));

        await (await ClientAsync()).UpdateIdentityAsync("user_12345", new() { DisplayName = "Jane" });

        Assert.That(
            Received.Select(Body),
            Is.EqualTo(Enumerable.Repeat("""{"display_name":"Jane"}""", 2)),
            "the same update twice"
        );
    }

    private async Task<IdentitiesClient> ClientAsync() =>
        Owned(new IdentitiesClient(Guarded(await DocumentAsync("identities.yaml")), OptionsFor(WireMockUrl)));

    private static string Body(global::WireMock.IRequestMessage request) =>
        Encoding.UTF8.GetString(request.BodyAsBytes!);

    private static string Wrapped(string id, string more = "") => $$"""{"identity":{{Identity(id, more)}}}""";

    private static string Identity(string id, string more = "") =>
        $$"""
            {"_id":"{{id}}","external_id":"user_12345","workspace_id":"w1","display_name":"Jane Smith",
            "tags":["premium"],"metadata":{"ratio":1.10},
            "created":"2026-08-21T10:00:00Z","updated":"2026-08-21T10:00:00Z"{{more}}}
            """;
}
