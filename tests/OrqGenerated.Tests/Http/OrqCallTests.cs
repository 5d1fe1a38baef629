using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Parameters of operations that have some, through the transport that all clients share.</summary>
internal sealed class OrqCallTests : ClientTest
{
    private static readonly OrqOperation List = new("ListThings", HttpMethod.Get, "/v2/things");

    private static readonly OrqOperation Retrieve = new(
        "RetrieveThing",
        HttpMethod.Get,
        "/v2/things/{id}/parts/{part}"
    );

    private static IEnumerable<TestCaseData> Values =>
        [
            new("a b&c=ä/?#+%", "a%20b%26c%3D%C3%A4%2F%3F%23%2B%25"),
            new(true, "true"),
            new(false, "false"),
            new(-7, "-7"),
            new(1.5, "1.5"),
            new(new DateOnly(2024, 1, 5), "2024-01-05"),
            new(new DateTime(2024, 1, 15, 10, 30, 0, DateTimeKind.Utc), "2024-01-15T10%3A30%3A00Z"),
            new(
                new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.FromHours(2)),
                "2024-01-15T10%3A30%3A00%2B02%3A00"
            ),
            new(new byte[] { 251, 255 }, "%2B%2F8%3D"),
            new(new Named(), "named"),
            new("", ""),
        ];

    [TestCaseSource(nameof(Values))]
    [SetCulture("de-DE")]
    public void A_query_parameter_is_escaped_and_knows_no_culture(object value, string text)
    {
        var call = new OrqCall(List);
        call.AddQuery("a b", value);

        Assert.That(call.RelativeUrl, Is.EqualTo($"v2/things?a%20b={text}"));
        Assert.That(call.HasParameters, Is.True);
        Assert.That(call.ParameterTexts, Is.EqualTo(new[] { Uri.UnescapeDataString(text) }));
    }

    [Test]
    public void A_path_parameter_is_escaped()
    {
        var call = new OrqCall(Retrieve);
        call.AddPath("id", "a/b {part}");
        call.AddPath("part", 7);

        Assert.That(call.RelativeUrl, Is.EqualTo("v2/things/a%2Fb%20%7Bpart%7D/parts/7"));
        Assert.That(call.HasParameters, Is.True);
        Assert.That(call.ParameterTexts, Is.EqualTo(new[] { "a/b {part}", "7" }));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    public void A_path_parameter_that_would_change_the_path_is_refused(string? value)
    {
        var error = Assert.Throws<ArgumentException>(() =>
            new OrqCall(Retrieve).AddPath("id", value)
        );

        Assert.That(error.ParamName, Is.EqualTo("id"));
        Assert.That(
            error.Message,
            Does.StartWith("id must not be null, empty, \".\" or \"..\", since it is part of")
        );
    }

    [Test]
    public void A_required_parameter_must_be_there()
    {
        var error = Assert.Throws<ArgumentException>(() => OrqCall.Require<string?>("id", null));

        Assert.That(error.ParamName, Is.EqualTo("id"));
        Assert.That(error.Message, Does.StartWith("id must not be null."));
        Assert.That(() => OrqCall.Require("id", ""), Throws.Nothing);
    }

    [Test]
    public void Parameters_follow_each_other()
    {
        var call = new OrqCall(List);
        call.AddQuery("a", 1);
        call.AddQuery<string?>("none", null);
        call.AddQueryList("b", ["x", "y z"], explode: true);
        call.AddQueryList("c", ["x,y", "z"], explode: false);
        call.AddQueryList<string>("none", null, explode: true);
        call.AddQueryList<string>("none", null, explode: false);
        call.AddQueryMap("d", new Dictionary<string, int> { ["e f"] = 2 });
        call.AddQueryMap<int>("none", null);

        Assert.That(
            call.RelativeUrl,
            Is.EqualTo("v2/things?a=1&b=x&b=y%20z&c=x%2Cy,z&d%5Be%20f%5D=2")
        );
        Assert.That(call.ParameterTexts, Is.EqualTo(new[] { "1", "x", "y z", "x,y", "z", "2" }));
    }

    [Test]
    public void A_list_in_one_may_come_first()
    {
        var call = new OrqCall(List);
        call.AddQueryList("c", [1, 2], explode: false);

        Assert.That(call.RelativeUrl, Is.EqualTo("v2/things?c=1,2"));
    }

    [Test]
    public void Without_parameters_the_path_is_the_operation_s()
    {
        var call = new OrqCall(List);

        Assert.That(call.RelativeUrl, Is.EqualTo("v2/things"));
        Assert.That(call.HasParameters, Is.False);
        Assert.That(call.ParameterTexts, Is.Empty);
        Assert.That(call.HeaderParameters, Is.Empty);
    }

    [Test]
    public async Task A_header_parameter_is_sent_and_a_caller_s_own_header_wins()
    {
        Options.Headers["X-Mine"] = "mine";
        var call = new OrqCall(List);
        call.AddHeader("X-Mine", "parameter");
        call.AddHeader("X-Number", 1.5);
        call.AddHeader("X-List", new[] { 1, 2 });
        call.AddHeader<string?>("X-None", null);
        Server.Answers(200);

        await SendAsync(call);

        var headers = Server.Requests[0].Headers;
        Assert.Multiple(() =>
        {
            Assert.That(headers["X-Mine"], Is.EqualTo("mine"));
            Assert.That(headers["X-Number"], Is.EqualTo("1.5"));
            Assert.That(headers["X-List"], Is.EqualTo("1,2"));
            Assert.That(headers, Does.Not.ContainKey("X-None"));
            Assert.That(
                call.HeaderParameters.Select(header => header.Key),
                Is.EqualTo(new[] { "X-Mine", "X-Number", "X-List" })
            );
            Assert.That(call.ParameterTexts, Is.EqualTo(new[] { "parameter", "1.5", "1,2" }));
        });
    }

    [TestCase("X Y", "a", "X Y")]
    [TestCase("Authorization", "a", "Authorization")]
    [TestCase("X-A", "a\r\nb", "X-A")]
    public void A_header_parameter_is_checked(string name, string value, string parameter)
    {
        var call = new OrqCall(List);

        var error = Assert.Throws<ArgumentException>(() => call.AddHeader(name, value));

        Assert.That(error.ParamName, Is.EqualTo(parameter));
    }

    [Test]
    public async Task Each_call_of_an_operation_has_its_own_address()
    {
        Server.Answers(200);
        using var transport = new OrqTransport(Http, Options, static _ => { });
        foreach (var page in new[] { 1, 2 })
        {
            var call = new OrqCall(List);
            call.AddQuery("page", page);
            await transport.SendAsync(call, null, CancellationToken.None);
        }

        await transport.SendAsync(new OrqCall(List), null, CancellationToken.None);
        await transport.SendAsync(
            new OrqCall(List),
            new OrqRequestOptions { ServerUrl = new Uri("https://my.orq.ai/eu") },
            CancellationToken.None
        );
        await transport.SendAsync(
            new OrqCall(List),
            new OrqRequestOptions { ServerUrl = new Uri("https://my.orq.ai/us") },
            CancellationToken.None
        );
        await transport.SendAsync(new OrqCall(List), null, CancellationToken.None);

        Assert.That(
            Server.Requests.Select(request => request.Uri?.PathAndQuery),
            Is.EqualTo(
                new[]
                {
                    "/v2/things?page=1",
                    "/v2/things?page=2",
                    "/v2/things",
                    "/eu/v2/things",
                    "/us/v2/things",
                    "/v2/things",
                }
            )
        );
    }

    [Test]
    public async Task Parameters_and_headers_are_hidden_in_messages()
    {
        Options.Headers["X-Mine"] = "header-secret";
        var call = new OrqCall(Retrieve);
        call.AddPath("id", "path-secret");
        call.AddPath("part", "p");
        call.AddQuery("q", "query-secret");
        Server.Answers(400, """{"message":"path-secret, query-secret, header-secret: refused"}""");

        var error = await FailAsync<OrqBadRequestException>(call);

        Assert.That(error.Message, Is.EqualTo("RetrieveThing failed with 400: …, …, …: refused."));
    }

    [TestCase("")]
    [TestCase("not JSON")]
    [TestCase("{}")]
    public async Task An_answer_that_promises_nothing_is_passed_over(string body)
    {
        Server.Answers(200, body);
        using var transport = new OrqTransport(Http, Options, static _ => { });

        var response = await transport.SendAsync(
            new OrqCall(List),
            JsonCodec.Nothing,
            null,
            CancellationToken.None
        );

        Assert.That(response.Value, Is.Null);
    }

    [Test]
    public async Task An_answer_to_HEAD_has_a_length_and_no_body()
    {
        Server.Answers(() =>
        {
            var response = StubHandler.Response(200, "");
            response.Content.Headers.ContentLength = 500;
            return response;
        });

        await SendAsync(new OrqCall(new OrqOperation("HeadThing", HttpMethod.Head, "/v2/things")));

        Assert.That(Server.Requests[0].Method, Is.EqualTo(HttpMethod.Head));
    }

    [Test]
    public async Task A_colon_in_a_path_makes_no_scheme()
    {
        Server.Answers(200);

        await SendAsync(new OrqCall(new OrqOperation("Search", HttpMethod.Get, "/things:search")));

        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri("https://my.orq.ai/things:search")));
    }

    [TestCase(200, " ")]
    [TestCase(204, "")]
    public async Task An_answer_that_may_be_nothing_is_null(int status, string body)
    {
        Server.Answers(status, body);
        using var transport = new OrqTransport(Http, Options, static _ => { });

        var response = await transport.SendAsync(
            new OrqCall(List),
            JsonCodec.OrNull(JsonCodec.String),
            null,
            CancellationToken.None
        );

        Assert.That(response.Value, Is.Null);
        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    private async Task SendAsync(OrqCall call)
    {
        using var transport = new OrqTransport(Http, Options, static _ => { });
        await transport.SendAsync(call, null, CancellationToken.None);
    }

    private async Task<TException> FailAsync<TException>(OrqCall call)
        where TException : Exception
    {
        try
        {
            await SendAsync(call);
        }
        catch (TException exception)
        {
            return exception;
        }

        throw new AssertionException($"The call was to fail with {typeof(TException).Name}.");
    }

    /// <summary>A type that JSON does not know, with a text of its own.</summary>
    private sealed class Named
    {
        public override string ToString() => "named";
    }
}
