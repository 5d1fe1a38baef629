namespace OrqGenerated.Tests.Http;

/// <summary>Lists that the server returns in pages, read with <see cref="IdentitiesClient"/>.</summary>
internal sealed class PagingTests : ClientTest
{
    [Test]
    public async Task Reads_each_page_on_demand_after_the_last_item_of_the_previous_one()
    {
        Server.Responds(200, Page(true, "1", "2")).Responds(200, Page(true, "3")).Responds(200, Page(false, "4"));
        var parameters = new ListIdentitiesParameters { Limit = 2, StartingAfter = "0" };
        var options = new OrqRequestOptions { Headers = { ["X-Run"] = "7" } };
        var all = Identities.ListIdentitiesAllAsync(parameters, options);
        parameters.Limit = 9;

        var read = new List<string>();
        await foreach (var identity in all)
            read.Add($"{identity.Id} after {Server.Requests.Count}");

        Assert.That(read, Is.EqualTo(["1 after 1", "2 after 1", "3 after 2", "4 after 3"]));
        Assert.That(
            Server.Requests.Select(request => request.Uri!.Query),
            Is.EqualTo(["?limit=2&starting_after=0", "?limit=2&starting_after=2", "?limit=2&starting_after=3"])
        );
        Assert.That(Server.Requests.Select(request => request.Headers["X-Run"]), Is.All.EqualTo("7"), "the options");
        Assert.That(parameters.StartingAfter, Is.EqualTo("0"), "the caller's own parameters");
    }

    [Test]
    public async Task The_last_page_may_be_empty()
    {
        Server.Responds(200, Page(true, "1")).Responds(200, Page(false));

        Assert.That(await ReadAsync(), Is.EqualTo(["1"]));
    }

    [TestCase("1")]
    [TestCase]
    public void A_list_that_should_continue_but_does_not_is_an_error(params string[] second)
    {
        Server.Responds(200, Page(true, "1")).Responds(200, Page(true, second));

        var error = Assert.ThrowsAsync<OrqResponseException>(() => ReadAsync());

        Assert.That(
            error.Message,
            Is.EqualTo("The server says that there are more pages, but this page ends where the previous one did.")
        );
        Assert.That(Server.Requests, Has.Count.EqualTo(2), "calls");
    }

    [Test]
    public void A_list_that_should_continue_after_an_empty_first_page_is_an_error()
    {
        Server.Responds(200, Page(true));

        Assert.ThrowsAsync<OrqResponseException>(() => ReadAsync());
        Assert.That(Server.Requests, Has.Count.EqualTo(1), "calls");
    }

    [Test]
    public void Cancellation_ends_a_list()
    {
        Server.Responds(200, Page(true, "1"));
        using var source = new CancellationTokenSource();

        Assert.CatchAsync<OperationCanceledException>(() => ReadAsync(source.Cancel, source.Token));
        Assert.That(Server.Requests, Has.Count.EqualTo(1), "calls");
    }

    private async Task<List<string>> ReadAsync(Action? onItem = null, CancellationToken cancellationToken = default)
    {
        var ids = new List<string>();
        await foreach (var identity in Identities.ListIdentitiesAllAsync(cancellationToken: cancellationToken))
        {
            ids.Add(identity.Id);
            onItem?.Invoke();
        }

        return ids;
    }

    private static string Page(bool hasMore, params string[] ids)
    {
        var data = ids.Select(id =>
            $$"""{"_id":"{{id}}","external_id":"u","workspace_id":"w","tags":[],"created":"today","updated":"today"}"""
        );
        var more = hasMore ? "true" : "false";
        return $$"""{"object":"list","data":[{{string.Join(',', data)}}],"has_more":{{more}}}""";
    }
}
