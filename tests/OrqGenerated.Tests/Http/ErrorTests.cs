using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Exceptions for responses that are not successes, or that cannot be read.</summary>
internal sealed class ErrorTests : ClientTest
{
    public ErrorTests() => Options.Retry = RetryConfig.None;

    [TestCase(302, typeof(OrqApiException))]
    [TestCase(400, typeof(OrqBadRequestException))]
    [TestCase(401, typeof(OrqAuthenticationException))]
    [TestCase(402, typeof(OrqApiException))]
    [TestCase(403, typeof(OrqPermissionException))]
    [TestCase(404, typeof(OrqNotFoundException))]
    [TestCase(409, typeof(OrqConflictException))]
    [TestCase(422, typeof(OrqBadRequestException))]
    [TestCase(429, typeof(OrqRateLimitException))]
    [TestCase(499, typeof(OrqApiException))]
    [TestCase(500, typeof(OrqServerException))]
    [TestCase(599, typeof(OrqServerException))]
    [TestCase(600, typeof(OrqApiException))]
    public async Task Every_status_has_its_exception(int status, Type type)
    {
        Server.Responds(status, "no");

        var error = await FailAsync<OrqApiException>();

        Assert.That(error, Is.TypeOf(type));
        Assert.That(error.StatusCode, Is.EqualTo(status));
        Assert.That(error.Body, Is.EqualTo("no"));
    }

    [Test]
    public async Task Exposes_everything_the_server_sent()
    {
        const string Body = """{"code":"rate_limit_exceeded","message":"Slow down, please.","request_id":"req-body"}""";
        Server.Responds(
            429,
            Body,
            "Retry-After: 58",
            "X-RateLimit-Remaining: 0",
            "x-orq-trace-id: trace-1",
            "Warning: a",
            "Warning: b"
        );

        var error = await FailAsync<OrqRateLimitException>();

        Assert.Multiple(() =>
        {
            Assert.That(error.Body, Is.EqualTo(Body));
            Assert.That(error.ContentType, Is.EqualTo("application/json"));
            Assert.That(error.ErrorCode, Is.EqualTo("rate_limit_exceeded"));
            Assert.That(error.ErrorMessage, Is.EqualTo("Slow down, please."));
            Assert.That(error.RequestId, Is.EqualTo("trace-1"));
            Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(58)));
            Assert.That(error.Attempts, Is.EqualTo(1));
            Assert.That(error.Headers["x-ratelimit-REMAINING"], Is.EqualTo("0"));
            Assert.That(error.Headers["CONTENT-TYPE"], Is.EqualTo("application/json"));
            Assert.That(error.Headers["warning"], Is.EqualTo("a, b"));
            Assert.That(
                error.Message,
                Is.EqualTo(
                    "CreateContact failed with 429 rate_limit_exceeded (request id trace-1): Slow down, please."
                        + " The server asks to wait 58 s."
                )
            );
        });
    }

    [TestCase("x-request-id: a", "a")]
    [TestCase("x-orq-trace-id:", "req-body")]
    [TestCase("x-other: a", "req-body")]
    [TestCase("x-request-id:", "req-body")]
    public async Task Takes_the_request_id_from_the_header_or_else_from_the_body(string header, string id)
    {
        Server.Responds(400, """{"message":"no","request_id":"req-body"}""", header);

        Assert.That((await FailAsync<OrqBadRequestException>()).RequestId, Is.EqualTo(id));
    }

    [Test]
    public async Task A_success_exposes_its_headers_too()
    {
        Server.Responds(201, Stored, "X-RateLimit-Remaining: 7", "x-orq-trace-id: trace-1");

        var response = await CreateAsync();

        Assert.That(response.StatusCode, Is.EqualTo(201));
        Assert.That(response.Headers["x-ratelimit-REMAINING"], Is.EqualTo("7"));
        Assert.That(response.Headers["content-type"], Is.EqualTo("application/json"));
        Assert.That(response.RequestId, Is.EqualTo("trace-1"));
    }

    [TestCase("application/json; charset=\"")]
    [TestCase("application/json; charset=iso-8859-1")]
    public async Task Reads_a_body_as_UTF_8_whatever_its_Content_Type_says(string type)
    {
        var bytes = "{\"message\":\"Zoë\"}"u8.ToArray();
        Server.Responds(() => Bytes(400, bytes, $"Content-Type: {type}"));

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.ContentType, Is.EqualTo(type));
        Assert.That(error.ErrorMessage, Is.EqualTo("Zoë"));
    }

    [Test]
    public async Task Replaces_bytes_that_are_not_UTF_8()
    {
        byte[] bytes = [.. "{\"message\":\"Zo"u8, 0xEB, 0xFF, .. " is wrong\"}"u8];
        Server.Responds(() => Bytes(400, bytes, "Content-Type: application/json"));

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.ErrorMessage, Is.EqualTo("Zo\uFFFD\uFFFD is wrong"));
    }

    [Test]
    public async Task Ignores_a_byte_order_mark()
    {
        byte[] bytes = [.. Encoding.UTF8.Preamble, .. "{\"message\":\"no\"}"u8];
        Server.Responds(() => Bytes(400, bytes, "Content-Type: application/json"));

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.ErrorMessage, Is.EqualTo("no"));
        // Does.StartWith would pass over the mark.
        Assert.That(error.Body, Is.EqualTo("""{"message":"no"}"""));
    }

    [Test]
    public async Task Names_the_invalid_field_when_a_handler_has_decompressed_the_body()
    {
        Server.Responds(200, """{"external_id":"a"}""", "Content-Encoding: gzip");

        var error = await FailAsync<OrqResponseException>();

        Assert.That(error.Path, Is.EqualTo("_id"));
    }

    [Test]
    public async Task A_stalled_error_body_ends_at_the_timeout_and_keeps_what_arrived()
    {
        var body = new ScriptedStream(ScriptedStream.Bytes("""{"code":"internal_error","mess"""), ScriptedStream.Stall);
        Server.Responds(() => StubHandler.Response(500, body, "Content-Type: application/json"));

        var call = FailAsync<OrqServerException>();
        await body.WaitForReadAsync();
        await body.WaitForReadAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));

        var error = await call;
        Assert.That(error.Body, Is.EqualTo("""{"code":"internal_error","mess"""));
        Assert.That(error.MayHaveBeenApplied, Is.True, "the response was incomplete");
    }

    [Test]
    public async Task A_total_timeout_does_not_hide_the_status()
    {
        Options.Retry = RetryConfig.Default;
        Options.TotalTimeout = TimeSpan.FromSeconds(5);
        var body = new ScriptedStream(ScriptedStream.Stall);
        Server.Responds(() => StubHandler.Response(503, body));

        var call = FailAsync<OrqServerException>();
        await body.WaitForReadAsync();
        Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await call).StatusCode, Is.EqualTo(503));
    }

    [Test]
    public async Task A_cut_off_error_body_keeps_what_arrived()
    {
        var body = new ScriptedStream(ScriptedStream.Bytes("half of "), ScriptedStream.Fails(new IOException("reset")));
        Server.Responds(() => StubHandler.Response(403, body));

        Assert.That((await FailAsync<OrqPermissionException>()).Body, Is.EqualTo("half of "));
    }

    [TestCase(long.MaxValue)]
    [TestCase(0)]
    public async Task A_wrong_Content_Length_hides_nothing(long length)
    {
        Server.Responds(() =>
        {
            var body = new ScriptedStream(ScriptedStream.Bytes("no"), ScriptedStream.Bytes("pe"));
            return StubHandler.Response(400, body, $"Content-Length: {length}");
        });

        Assert.That((await FailAsync<OrqBadRequestException>()).Body, Is.EqualTo("nope"));
    }

    [Test]
    public async Task Reads_a_response_without_a_RequestMessage()
    {
        Server.Responds(200, Stored);
        using var http = new HttpClient(new NoRequestMessage(Server));
        using var client = new ContactsClient(http, Options);

        Assert.That((await client.CreateContactAsync(Contact)).Id, Is.EqualTo("c1"));
    }

    private static HttpResponseMessage Bytes(int status, byte[] body, params string[] headers) =>
        StubHandler.Response(status, new ByteArrayContent(body), headers);

    private sealed class NoRequestMessage(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var response = await base.SendAsync(request, cancellationToken);
            response.RequestMessage = null;
            return response;
        }
    }
}
