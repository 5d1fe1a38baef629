using System.Reflection;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.GeneratedTests;

/// <summary>The requests that generated methods send, and the results that they read.</summary>
internal sealed class OperationTests : GeneratedTest
{
    private const string Thing = """
        {"id":"t1","state":"new","note":null,"size":{"width":1},"anything":null,"count":1,"ratio":0.5,"active":true,
        "day":"2024-01-15","when":"2024-01-15T10:30:00Z","list":[]}
        """;

    [Test]
    public async Task Calls_the_server_that_the_document_names()
    {
        Server.Responds(200, "[]");

        await Things.ListThingsAsync();

        Assert.That(Request.Uri!.GetLeftPart(UriPartial.Authority), Is.EqualTo("https://everything.example"));
    }

    [Test]
    public async Task Sends_every_kind_of_query_parameter()
    {
        Server.Responds(200, "[]");

        await Things.ListThingsAsync(
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
            RequestLine,
            Is.EqualTo(
                "GET /v1/things?limit=10&q=a%20b%26c%3D%C3%A4%2F%3F%23%2B%25&tags=x&tags=y%20z&ids=1,2"
                    + "&kinds=new&kinds=un%2Cknown&state=in-use&since=2024-01-15"
                    + "&after=2024-01-15T10%3A30%3A00%2B02%3A00&active=true&ratio=0.5&page-token="
            )
        );
        Assert.That(Request.Headers["X-Trace"], Is.EqualTo("trace"));
        Assert.That(Request.Headers, Does.Not.ContainKey("Content-Type"));
    }

    [Test]
    public async Task Leaves_out_null_parameters()
    {
        Server.Responds(200, "[]");

        await Things.ListThingsAsync();
        Assert.That(RequestLine, Is.EqualTo("GET /v1/things"));

        await Things.ListThingsAsync(new());
        Assert.That(RequestLine, Is.EqualTo("GET /v1/things"));
        Assert.That(Request.Headers, Does.Not.ContainKey("X-Trace"));
    }

    [Test]
    public async Task Reads_a_list()
    {
        Server.Responds(200, $"[{Thing},{Thing}]");

        var things = await Things.ListThingsAsync();

        Assert.That(things.Select(t => t.Id), Is.EqualTo(["t1", "t1"]));
    }

    [Test]
    public async Task Puts_parameters_into_the_path_and_the_headers()
    {
        Server.Responds(200, Thing);

        await Things.RetrieveThingAsync("a/b {id}?", ["x", "y"], "tenant");

        Assert.That(RequestLine, Is.EqualTo("GET /v1/things/a%2Fb%20%7Bid%7D%3F?expand=x&expand=y"));
        Assert.That(Request.Headers["X-Tenant"], Is.EqualTo("tenant"));
    }

    [Test]
    public async Task Refuses_null_for_a_required_parameter()
    {
        await AssertRefusedAsync(() => Things.RetrieveThingAsync("t1", null!, "tenant"), "expand ");
        await AssertRefusedAsync(() => Things.RetrieveThingAsync("t1", [], null!), "X-Tenant ");
    }

    [Test]
    public async Task Parameters_of_any_name_get_a_valid_CSharp_name()
    {
        Server.Responds(202);

        await Class.EventAsync(
            "c",
            new Dictionary<string, object?> { ["a"] = 1 },
            class2: "0",
            from: "1",
            options2: "2",
            body2: "3",
            cancellationToken2: "4",
            parameters2: "5",
            request2: "6",
            new() { Namespace = "7", Namespace2 = "8" }
        );

        Assert.That(
            RequestLine,
            Is.EqualTo(
                "POST /v1/class/c?class=0&from=1&options=2&body=3&cancellationToken=4&parameters=5&request=6"
                    + "&namespace=7&Namespace=8"
            )
        );
        Assert.That(Request.Body, Is.EqualTo("""{"a":1}"""));
    }

    [Test]
    public async Task Operation_and_parameter_names_do_not_collide_with_helpers()
    {
        Server.Responds(200, "\"3\"");

        var result = await Default.OrqAsync(@await: "1", @in: "2", response: "3", new() { OrqParameters2 = "4" });

        Assert.That(RequestLine, Is.EqualTo("GET /v1/orq?await=1&_in=2&response=3&orq_parameters=4"));
        Assert.That(result, Is.EqualTo("3"));
    }

    [Test]
    public async Task Updates_with_PATCH()
    {
        Server.Responds(200, """{"name":"leg"}""");

#pragma warning disable CS0618 // The document deprecates it.
        var part = await Things.UpdatePartAsync("t1", 7, new() { Name = "arm" });
#pragma warning restore CS0618

        Assert.That(RequestLine, Is.EqualTo("PATCH /v1/things/t1/parts/7"));
        Assert.That(Request.Body, Is.EqualTo("""{"name":"arm"}"""));
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
        Server.Responds(200, """{"a":1,"b":2}""");

        var words = await Words.ListWordsAsync();

        Assert.That(words, Is.EqualTo(new Dictionary<string, long> { ["a"] = 1, ["b"] = 2 }));
    }

    [TestCase("null")]
    [TestCase("1.10")]
    [TestCase("[1]")]
    public async Task Sends_a_list_and_reads_anything(string body)
    {
        Server.Responds(200, body);

        var anything = await Words.ReplaceWordsAsync(["a", "b"]);

        Assert.That(RequestLine, Is.EqualTo("PUT /v1/words"));
        Assert.That(Request.Body, Is.EqualTo("""["a","b"]"""));
        Assert.That(Newtonsoft.Json.JsonConvert.SerializeObject(anything), Is.EqualTo(body));
    }

    [TestCase("7", 200, 7L)]
    [TestCase("", 204, null)]
    public async Task Names_of_tags_operations_and_parameters_are_PascalCase(string body, int status, long? expected)
    {
        Server.Responds(status, body);

        Assert.That(await OldThings.CountOldThingsAsync("t1"), Is.EqualTo(expected));
        Assert.That(RequestLine, Is.EqualTo("GET /v1/old%20things/t1/count"));

        await OldThings.OldThingsExistAsync("t1", new() { OddName = ["a", "b"] });
        Assert.That(RequestLine, Is.EqualTo("HEAD /v1/old%20things/t1/count?odd%20name%5B%5D=a&odd%20name%5B%5D=b"));
    }

    [Test]
    public async Task An_operation_without_a_tag_is_in_the_default_client()
    {
        Server.Responds(200, "\"pong\"");
        using IDisposable disposable = Default;

        Assert.That(await ((IDefaultClient)disposable).PingAsync(), Is.EqualTo("pong"));
    }

    [Test]
    public async Task A_success_without_content_is_null_where_another_success_has_content()
    {
        Server.Responds(202);

        Assert.That(await Jobs.StartJobAsync(new() { Event = "e" }), Is.Null);
    }

    [TestCase("null", null)]
    [TestCase("""{"id":"j1"}""", "j1")]
    public async Task A_response_may_be_null_where_the_document_says_so(string body, string? id)
    {
        Server.Responds(200, body);

        Assert.That((await Jobs.RetrieveJobAsync("j1"))?.Id, Is.EqualTo(id));
    }

    [Test]
    public async Task An_optional_body_that_is_null_is_not_sent()
    {
        Server.Responds(200, """{"id":"j1"}""");

        await Jobs.StartJobAsync(null);

        Assert.That(Request.Headers, Does.Not.ContainKey("Content-Type"));
    }

    [Test]
    public async Task Sends_and_accepts_the_media_types_of_the_document()
    {
        Server.Responds(201, """{"id":"j1"}""");

        var job = await Jobs.UpdateJobAsync("j1", new() { Event = "e" }, "de");

        Assert.That(Request.Headers["Content-Type"], Is.EqualTo("application/merge-patch+json"));
        Assert.That(Request.Headers["Accept"], Is.EqualTo("application/vnd.acme.v2+json"));
        Assert.That(Request.Headers["Content-Language"], Is.EqualTo("de"));
        Assert.That(job!.Id, Is.EqualTo("j1"), "only the 201 has content");
    }

    [Test]
    public async Task Sends_a_list_in_the_path_and_reads_lists_of_lists()
    {
        Server.Responds(200, "[[1,null],null]");

        var lists = await Jobs.SearchListsAsync([1, 2], "en", new() { DateSentLess = "x" });

        Assert.That(RequestLine, Is.EqualTo("GET /v1/lists/1,2?DateSent%3C=x"));
        Assert.That(Request.Headers["Accept-Language"], Is.EqualTo("en"));
        Assert.That(lists, Is.EqualTo(new long?[]?[] { [1, null], null }));
    }

    [Test]
    public void An_operation_gets_retries_error_mapping_and_the_key_without_handwritten_code()
    {
        Options.Retry = RetryConfig.Default;
        Options.TimeProvider = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) };
        Server.Responds(503).Responds(404, """{"error":"not here"}""");

        var error = Assert.ThrowsAsync<OrqNotFoundException>(() => Jobs.RetrieveJobAsync("j1"));

        Assert.That((error.Attempts, error.ErrorMessage), Is.EqualTo((2, "not here")));
        Assert.That(Server.Requests.Select(request => request.Headers["Authorization"]), Is.All.EqualTo("Bearer key"));
    }

    private static async Task AssertRefusedAsync(Func<Task> call, string message)
    {
        var exception = await Expect.ExceptionAsync<ArgumentException>(call);

        Assert.That(exception, Is.TypeOf<ArgumentException>());
        Assert.That(exception.Message, Does.StartWith(message));
    }
}
