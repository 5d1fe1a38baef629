using System.Reflection;

namespace OrqGenerated.GeneratedTests;

/// <summary>What generated methods send, and what they make of the answer.</summary>
internal sealed class OperationTests
{
    private const string Thing =
        """{"id":"t1","state":"new","note":null,"size":{"width":1},"anything":null,"count":1,"ratio":0.5,"active":true,"day":"2024-01-15","when":"2024-01-15T10:30:00Z","list":[]}""";

    [Test]
    public async Task Calls_the_server_that_the_document_names()
    {
        var exchange = new Exchange("[]");
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        await client.ListThingsAsync();

        Assert.That(exchange.Server, Is.EqualTo("https://everything.example"));
    }

    [Test]
    public async Task Sends_every_kind_of_query_parameter()
    {
        var exchange = new Exchange("[]");
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        await client.ListThingsAsync(
            new()
            {
                Limit = 10,
                Q = "a b&c=ä/?#+%",
                Tags = ["x", "y z"],
                Ids = [1, 2],
                Kinds = [State.New, new State("un,known")],
                State = State.InUse,
                Since = new DateOnly(2024, 1, 15),
                After = new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.FromHours(2)),
                Active = true,
                Ratio = 0.5,
                PageToken = "",
                XTrace = "trace",
            }
        );

        Assert.That(
            exchange.Asked,
            Is.EqualTo(
                "GET /v1/things?limit=10&q=a%20b%26c%3D%C3%A4%2F%3F%23%2B%25&tags=x&tags=y%20z&ids=1,2"
                    + "&kinds=new&kinds=un%2Cknown&state=in-use&since=2024-01-15"
                    + "&after=2024-01-15T10%3A30%3A00%2B02%3A00&active=true&ratio=0.5&page-token="
            )
        );
        Assert.That(exchange.Headers["X-Trace"], Is.EqualTo("trace"));
        Assert.That(exchange.Body, Is.Null);
    }

    [Test]
    public async Task Leaves_out_null_parameters()
    {
        var exchange = new Exchange("[]");
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        await client.ListThingsAsync();
        Assert.That(exchange.Asked, Is.EqualTo("GET /v1/things"));

        await client.ListThingsAsync(new());
        Assert.That(exchange.Asked, Is.EqualTo("GET /v1/things"));
        Assert.That(exchange.Headers, Does.Not.ContainKey("X-Trace"));
    }

    [Test]
    [SetCulture("th-TH")]
    public async Task Parameters_do_not_depend_on_the_culture()
    {
        var exchange = new Exchange("[]");
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        await client.ListThingsAsync(
            new()
            {
                Limit = -1,
                Since = new DateOnly(2024, 1, 15),
                Ratio = 1.5,
            }
        );

        Assert.That(exchange.Asked, Is.EqualTo("GET /v1/things?limit=-1&since=2024-01-15&ratio=1.5"));
    }

    [Test]
    public async Task Reads_a_list()
    {
        var exchange = new Exchange($"[{Thing},{Thing}]");
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        var things = await client.ListThingsAsync();

        Assert.That(things.Select(t => t.Id), Is.EqualTo(new[] { "t1", "t1" }));
    }

    [Test]
    public async Task Puts_parameters_into_the_path_and_the_headers()
    {
        var exchange = new Exchange(Thing);
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        await client.RetrieveThingAsync("a/b {id}?", ["x", "y"], "tenant");

        Assert.That(exchange.Asked, Is.EqualTo("GET /v1/things/a%2Fb%20%7Bid%7D%3F?expand=x&expand=y"));
        Assert.That(exchange.Headers["X-Tenant"], Is.EqualTo("tenant"));
    }

    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    [TestCase(null)]
    public async Task Refuses_a_path_parameter_that_would_change_the_path(string? id)
    {
        var exchange = new Exchange();
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        await RefusedAsync(() => client.DeleteThingAsync(id!), "id ");

        Assert.That(exchange.Asked, Is.EqualTo("nothing"));
    }

    [Test]
    public async Task Refuses_null_for_a_required_parameter()
    {
        using var client = new ThingsClient(new Exchange().Http, Exchange.Options);

        await RefusedAsync(() => client.RetrieveThingAsync("t1", null!, "tenant"), "expand ");
        await RefusedAsync(() => client.RetrieveThingAsync("t1", [], null!), "X-Tenant ");
    }

    [Test]
    public async Task Parameters_of_any_name_have_a_name_in_CSharp()
    {
        var exchange = new Exchange(status: 202);
        using var client = new ClassClient(exchange.Http, Exchange.Options);

        await client.EventAsync(
            "c",
            new Dictionary<string, object?> { ["a"] = 1 },
            from: "1",
            options2: "2",
            body2: "3",
            cancellationToken2: "4",
            parameters2: "5",
            request2: "6",
            new() { Namespace = "7", Namespace2 = "8" }
        );

        Assert.That(
            exchange.Asked,
            Is.EqualTo(
                "POST /v1/class/c?from=1&options=2&body=3&cancellationToken=4&parameters=5&request=6&namespace=7&Namespace=8"
            )
        );
        Assert.That(exchange.Body, Is.EqualTo("""{"a":1}"""));
    }

    [TestCase("", 204)]
    [TestCase("", 200)]
    [TestCase("not JSON", 200)]
    [TestCase("{}", 202)]
    public async Task Ignores_a_response_body_without_a_schema(string answer, int status)
    {
        var exchange = new Exchange(answer, status);
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

        var response = await client.DeleteThingWithResponseAsync("t1");

        Assert.That(exchange.Asked, Is.EqualTo("DELETE /v1/things/t1"));
        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task Updates_with_PATCH()
    {
        var exchange = new Exchange("""{"name":"leg"}""");
        using var client = new ThingsClient(exchange.Http, Exchange.Options);

#pragma warning disable CS0618 // The document deprecates it.
        var part = await client.UpdatePartAsync("t1", 7, new() { Name = "arm" });
#pragma warning restore CS0618

        Assert.That(exchange.Asked, Is.EqualTo("PATCH /v1/things/t1/parts/7"));
        Assert.That(exchange.Body, Is.EqualTo("""{"name":"arm"}"""));
        Assert.That(part.Name, Is.EqualTo("leg"));
    }

    [TestCase("UpdatePartAsync", true)]
    [TestCase("UpdatePartWithResponseAsync", true)]
    [TestCase("DeleteThingAsync", false)]
    public void Deprecated_operations_are_obsolete(string method, bool isObsolete)
    {
        foreach (var type in new[] { typeof(ThingsClient), typeof(IThingsClient) })
        {
            Assert.That(
                type.GetMethod(method)!.GetCustomAttribute<ObsoleteAttribute>(),
                isObsolete ? Is.Not.Null : Is.Null
            );
        }
    }

    [Test]
    public async Task Reads_a_top_level_map()
    {
        using var client = new WordsClient(new Exchange("""{"a":1,"b":2}""").Http, Exchange.Options);

        var words = await client.ListWordsAsync();

        Assert.That(words, Is.EqualTo(new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }));
    }

    [Test]
    public void Names_the_path_of_an_invalid_item_in_a_top_level_map_or_list()
    {
        using var words = new WordsClient(new Exchange("""{"a":1,"b c":"two"}""").Http, Exchange.Options);
        using var things = new ThingsClient(new Exchange($$"""[{{Thing}},{"id":5}]""").Http, Exchange.Options);

        Assert.That(
            () => words.ListWordsAsync(),
            Throws.TypeOf<OrqResponseException>().With.Property("Path").Contains("b c")
        );
        Assert.That(
            () => things.ListThingsAsync(),
            Throws.TypeOf<OrqResponseException>().With.Property("Path").EqualTo("[1].id")
        );
    }

    [TestCase("null")]
    [TestCase("1.10")]
    [TestCase("[1]")]
    public async Task Sends_a_list_and_reads_anything(string answer)
    {
        var exchange = new Exchange(answer);
        using var client = new WordsClient(exchange.Http, Exchange.Options);

        var anything = await client.ReplaceWordsAsync(["a", "b"]);

        Assert.That(exchange.Asked, Is.EqualTo("PUT /v1/words"));
        Assert.That(exchange.Body, Is.EqualTo("""["a","b"]"""));
        Assert.That(Newtonsoft.Json.JsonConvert.SerializeObject(anything), Is.EqualTo(answer));
    }

    [Test]
    public async Task Refuses_null_in_a_top_level_list()
    {
        using var client = new WordsClient(new Exchange().Http, Exchange.Options);

        await RefusedAsync(() => client.ReplaceWordsAsync(["a", null!]), "[1] ");
    }

    [TestCase("7", 200, 7L)]
    [TestCase("", 204, null)]
    public async Task Names_of_tags_operations_and_parameters_are_PascalCase(string answer, int status, long? expected)
    {
        var exchange = new Exchange(answer, status);
        using var client = new OldThingsOddClient(exchange.Http, Exchange.Options);

        Assert.That(await client.CountOldThingsAsync("t1"), Is.EqualTo(expected));
        Assert.That(exchange.Asked, Is.EqualTo("GET /v1/old%20things/t1/count"));

        await client.OldThingsExistAsync("t1", new() { OddName = ["a", "b"] });
        Assert.That(exchange.Asked, Is.EqualTo("HEAD /v1/old%20things/t1/count?odd%20name%5B%5D=a&odd%20name%5B%5D=b"));
    }

    [Test]
    public async Task An_operation_without_a_tag_is_in_the_default_client()
    {
        using IDisposable disposable = new DefaultClient(new Exchange("\"pong\"").Http, Exchange.Options);

        Assert.That(await ((IDefaultClient)disposable).PingAsync(), Is.EqualTo("pong"));
    }

    [Test]
    public async Task A_success_without_content_is_null_where_another_success_has_content()
    {
        using var client = new JobsClient(new Exchange("", 202).Http, Exchange.Options);

        Assert.That(await client.StartJobAsync(new() { Event = "e" }), Is.Null);
    }

    [TestCase("null", null)]
    [TestCase("""{"id":"j1"}""", "j1")]
    public async Task A_response_may_be_null_where_the_document_says_so(string answer, string? id)
    {
        using var client = new JobsClient(new Exchange(answer).Http, Exchange.Options);

        Assert.That((await client.RetrieveJobAsync("j1"))?.Id, Is.EqualTo(id));
    }

    [Test]
    public async Task An_optional_body_that_is_null_is_not_sent()
    {
        var exchange = new Exchange("""{"id":"j1"}""");
        using var client = new JobsClient(exchange.Http, Exchange.Options);

        await client.StartJobAsync(null);

        Assert.That(exchange.Body, Is.Null);
    }

    [Test]
    public async Task Sends_and_accepts_the_media_types_of_the_document()
    {
        var exchange = new Exchange("""{"id":"j1"}""", 201);
        using var client = new JobsClient(exchange.Http, Exchange.Options);

        var job = await client.UpdateJobAsync("j1", new() { Event = "e" }, "de");

        Assert.That(exchange.Headers["Content-Type"], Is.EqualTo("application/merge-patch+json"));
        Assert.That(exchange.Headers["Accept"], Is.EqualTo("application/vnd.acme.v2+json"));
        Assert.That(exchange.Headers["Content-Language"], Is.EqualTo("de"));
        Assert.That(job!.Id, Is.EqualTo("j1"), "only the 201 has content");
    }

    [Test]
    public async Task Sends_a_list_in_the_path_and_reads_lists_of_lists()
    {
        var exchange = new Exchange("[[1,null],null]");
        using var client = new JobsClient(exchange.Http, Exchange.Options);

        var lists = await client.SearchListsAsync([1, 2], "en", new() { DateSentLess = "x" });

        Assert.That(exchange.Asked, Is.EqualTo("GET /v1/lists/1,2?DateSent%3C=x"));
        Assert.That(exchange.Headers["Accept-Language"], Is.EqualTo("en"));
        Assert.That(lists, Is.EqualTo(new long?[]?[] { [1, null], null }));
    }

    private static async Task RefusedAsync(Func<Task> call, string message)
    {
        try
        {
            await call();
        }
        catch (ArgumentException exception) when (exception.GetType() == typeof(ArgumentException))
        {
            Assert.That(exception.Message, Does.StartWith(message));
            return;
        }

        Assert.Fail($"expected an ArgumentException that begins with {message}");
    }
}
