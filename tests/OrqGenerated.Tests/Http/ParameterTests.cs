using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Operations with parameters or without a body, on the transport under every client.</summary>
internal sealed class ParameterTests : ClientTest
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
            new(new DateTimeOffset(2024, 1, 15, 10, 30, 0, TimeSpan.FromHours(2)), "2024-01-15T10%3A30%3A00%2B02%3A00"),
            new(new byte[] { 251, 255 }, "%2B%2F8%3D"),
            new(new Named(), "named"),
            new("", ""),
        ];

    // With another decimal separator, another minus sign and another calendar.
    [TestCaseSource(nameof(Values))]
    [SetCulture("ar-SA")]
    public async Task Escapes_query_parameters_in_any_culture(object value, string text) =>
        Assert.That(
            await UrlAsync(List, request => request.AddQuery("a b", value)),
            Is.EqualTo($"/v2/things?a%20b={text}")
        );

    [Test]
    public async Task Escapes_path_parameters_and_joins_lists_with_commas() =>
        Assert.That(
            await UrlAsync(
                Retrieve,
                request =>
                {
                    request.AddPath("id", "a/b {part}");
                    request.AddPath("part", new[] { 1, 2 });
                }
            ),
            Is.EqualTo("/v2/things/a%2Fb%20%7Bpart%7D/parts/1,2")
        );

    [TestCase(null)]
    [TestCase("")]
    [TestCase(".")]
    [TestCase("..")]
    public void Refuses_a_path_parameter_that_would_change_the_path(string? value)
    {
        var error = Assert.ThrowsAsync<ArgumentException>(() => Identities.DeleteIdentityAsync(value!));

        Assert.That(error.ParamName, Is.EqualTo("id"));
        Assert.That(error.Message, Does.StartWith("id must not be null, empty, \".\" or \"..\", since it is part of"));
    }

    [Test]
    public void A_required_parameter_must_not_be_null()
    {
        var request = new OrqRequest(List);
        Action[] additions =
        [
            () => request.AddQuery<string?>("id", null, isRequired: true),
            () => request.AddQuery<string[]?>("id", null, isExploded: true, isRequired: true),
            () => request.AddHeader<string?>("id", null, isRequired: true),
        ];

        foreach (var add in additions)
        {
            var error = Assert.Throws<ArgumentException>(() => add());
            Assert.That(error.ParamName, Is.EqualTo("id"));
            Assert.That(error.Message, Does.StartWith("id must not be null."));
        }

        Assert.That(() => request.AddQuery("id", "", isRequired: true), Throws.Nothing);
    }

    [Test]
    public async Task Sends_query_parameters_in_order_and_skips_null() =>
        Assert.That(
            await UrlAsync(
                List,
                request =>
                {
                    request.AddQuery("a", 1);
                    request.AddQuery<string?>("none", null);
                    request.AddQuery("b", new[] { "x", null, "y z" }, isExploded: true);
                    request.AddQuery("c", new[] { "x,y", null, "z" });
                    request.AddQuery<int[]?>("none", null, isExploded: true);
                    request.AddQuery("none", Array.Empty<int>(), isExploded: true);
                }
            ),
            Is.EqualTo("/v2/things?a=1&b=x&b=y%20z&c=x%2Cy,z")
        );

    [Test]
    public async Task A_query_in_the_path_of_the_operation_comes_first() =>
        Assert.That(
            await UrlAsync(
                new OrqOperation("ListThings", HttpMethod.Get, "/v2/things?beta=true"),
                request => request.AddQuery("c", new[] { 1, 2 })
            ),
            Is.EqualTo("/v2/things?beta=true&c=1,2")
        );

    [Test]
    public async Task Sends_header_parameters_but_the_callers_headers_win()
    {
        Options.Headers["X-Mine"] = "mine";
        Options.Headers["Expires"] = "0";
        var request = new OrqRequest(List);
        request.AddHeader("X-Mine", "parameter");
        request.AddHeader("Expires", "parameter");
        request.AddHeader("X-Number", 1.5);
        request.AddHeader("X-List", new[] { 1, 2 });
        request.AddHeader("Content-Language", "de");
        request.AddHeader<string?>("X-None", null);
        Server.Responds(200);

        await SendAsync(request);

        var headers = Server.Requests[0].Headers;
        Assert.Multiple(() =>
        {
            Assert.That(headers["X-Mine"], Is.EqualTo("mine"));
            Assert.That(headers["Expires"], Is.EqualTo("0"));
            Assert.That(headers["X-Number"], Is.EqualTo("1.5"));
            Assert.That(headers["X-List"], Is.EqualTo("1,2"));
            Assert.That(headers["Content-Language"], Is.EqualTo("de"));
            Assert.That(headers, Does.Not.ContainKey("X-None"));
        });
    }

    [Test]
    public void Checks_the_value_of_a_header_parameter()
    {
        var error = Assert.Throws<ArgumentException>(() => new OrqRequest(List).AddHeader("X-A", "a\r\nb"));

        Assert.That(error.ParamName, Is.EqualTo("X-A"));
    }

    [Test]
    public async Task Sends_the_operations_media_types()
    {
        Server.Responds(200, Stored);
        var request = new OrqRequest(
            new OrqOperation("UpdateThing", HttpMethod.Patch, "/v2/things")
            {
                ContentType = "application/merge-patch+json",
                Accept = "application/vnd.acme.v2+json",
            }
        );
        request.SetBody(Contact, JsonCodec.Model<CreateContactRequestBody>());

        await SendAsync(request);

        var headers = Server.Requests[0].Headers;
        Assert.That(headers["Content-Type"], Is.EqualTo("application/merge-patch+json"));
        Assert.That(headers["Accept"], Is.EqualTo("application/vnd.acme.v2+json"));
    }

    [Test]
    public void Hides_parameters_and_headers_in_messages()
    {
        Options.Headers["X-Mine"] = "header-secret";
        var request = new OrqRequest(Retrieve);
        request.AddPath("id", "path-secret");
        request.AddPath("part", "p");
        request.AddQuery("q", "query-secret");
        request.AddQuery("l", new[] { "list-secret" });
        request.AddHeader("X-H", "parameter-secret");
        Server.Responds(
            400,
            """{"message":"path-secret, query-secret, list-secret, parameter-secret, header-secret: no"}"""
        );

        Assert.That(
            Assert.ThrowsAsync<OrqBadRequestException>(() => SendAsync(request)).Message,
            Is.EqualTo("RetrieveThing failed with 400: …, …, …, …, …: no.")
        );
    }

    [Test]
    public async Task Ignores_the_body_of_an_operation_without_a_result()
    {
        Server.Responds(202, "not JSON");

        Assert.That((await Identities.DeleteIdentityWithResponseAsync("a")).StatusCode, Is.EqualTo(202));
    }

    [Test]
    public async Task Accepts_a_HEAD_response_with_a_length_and_no_body()
    {
        Server.Responds(() =>
        {
            var response = StubHandler.Response(200, "");
            response.Content.Headers.ContentLength = 500;
            return response;
        });

        await SendAsync(new OrqRequest(new OrqOperation("HeadThing", HttpMethod.Head, "/v2/things")));

        Assert.That(Server.Requests[0].Method, Is.EqualTo(HttpMethod.Head));
    }

    [Test]
    public async Task Does_not_mistake_a_colon_in_a_path_for_a_scheme()
    {
        Server.Responds(200);

        await SendAsync(new OrqRequest(new OrqOperation("Search", HttpMethod.Get, "/things:search")));

        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri("https://my.orq.ai/things:search")));
    }

    [TestCase(200, " ")]
    [TestCase(204, "")]
    public async Task Reads_an_empty_response_as_null_where_null_is_allowed(int status, string body)
    {
        Server.Responds(status, body);

        var response = await Transport.SendAsync(
            new OrqRequest(List),
            JsonCodec.OrNull(JsonCodec.String),
            null,
            CancellationToken.None
        );

        Assert.That(response.Value, Is.Null);
        Assert.That(response.StatusCode, Is.EqualTo(status));
    }

    private async Task<string> UrlAsync(OrqOperation operation, Action<OrqRequest> set)
    {
        var request = new OrqRequest(operation);
        set(request);
        Server.Responds(200);
        await SendAsync(request);
        return Server.Requests[0].Uri!.AbsoluteUri["https://my.orq.ai".Length..];
    }

    private sealed class Named
    {
        public override string ToString() => "named";
    }
}
