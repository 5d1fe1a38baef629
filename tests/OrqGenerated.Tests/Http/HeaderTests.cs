using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>What a request carries beside its body.</summary>
internal sealed class HeaderTests : ClientTest
{
    private static IEnumerable<string> Reserved =>
        [
            "Authorization",
            "authorization",
            "Host",
            "Connection",
            "Transfer-Encoding",
            "Content-Type",
            "content-length",
            "Content-Encoding",
            "Content-Anything",
        ];

    public HeaderTests() => Server.Answers(200, Stored);

    [Test]
    public async Task A_request_says_what_it_is()
    {
        await CreateAsync();

        var request = Server.Requests[0];
        Assert.That(request.Method, Is.EqualTo(HttpMethod.Post));
        Assert.That(request.Uri, Is.EqualTo(new Uri("https://my.orq.ai/v2/contacts")));
        Assert.That(request.Headers["User-Agent"], Does.Match(@"^orq-generated-dotnet/\d+\.\d+\.\d+$"));
        Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/json"));
        Assert.That(request.Headers["Accept"], Is.EqualTo("application/json"));
    }

    [Test]
    public async Task A_call_s_headers_win_over_the_client_s()
    {
        Options.Headers["X-Team"] = "client";
        Options.Headers["x-kept"] = "kept";
        var options = new OrqRequestOptions { Headers = { ["x-team"] = "call" } };

        await CreateAsync(options);
        await CreateAsync();

        Assert.That(Server.Requests[0].Headers["x-team"], Is.EqualTo("call"));
        Assert.That(Server.Requests[0].Headers["x-kept"], Is.EqualTo("kept"));
        Assert.That(Server.Requests[1].Headers["x-team"], Is.EqualTo("client"));
    }

    [Test]
    public async Task Our_own_headers_can_be_replaced()
    {
        Options.Headers["user-agent"] = "mine/1";
        Options.Headers["accept"] = "application/vnd.orq+json";

        await CreateAsync();

        Assert.That(Server.Requests[0].Headers["User-Agent"], Is.EqualTo("mine/1"));
        Assert.That(Server.Requests[0].Headers["Accept"], Is.EqualTo("application/vnd.orq+json"));
    }

    [TestCase("Expires", "0")]
    [TestCase("Allow", "POST")]
    [TestCase("Last-Modified", "yesterday")]
    [TestCase("Cookie", "a=b")]
    [TestCase("Idempotency-Key", "7b0c")]
    [TestCase("X-Odd", "a, b;c=\"d\" <e>")]
    public async Task Any_other_header_is_sent_as_it_is(string name, string value)
    {
        Options.Headers[name] = value;

        await CreateAsync();

        Assert.That(Server.Requests[0].Headers[name], Is.EqualTo(value));
    }

    [TestCaseSource(nameof(Reserved))]
    public async Task The_client_s_own_headers_are_refused(string name)
    {
        var error = await RefusedAsync(name, "x");

        Assert.That(error.Message, Does.StartWith($"The header {name} is the client's own and cannot be set."));
    }

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a:b")]
    [TestCase("a\r\nb")]
    [TestCase("ä")]
    [TestCase("a\0", TestName = "{m}(NUL)")]
    public async Task An_invalid_name_is_refused(string name) =>
        Assert.That(
            (await RefusedAsync(name, "x")).Message,
            Does.StartWith("A header name is empty or holds a character that is not allowed in one.")
        );

    [TestCase("")]
    [TestCase(null)]
    [TestCase(" ")]
    [TestCase("\t", TestName = "{m}(tab)")]
    public async Task An_empty_value_is_refused(string? value) =>
        Assert.That(
            (await RefusedAsync("x-a", value!)).Message,
            Does.StartWith("The value of the header x-a is empty.")
        );

    [TestCase("a\r\nX-Injected: 1", TestName = "{m}(new line and header)")]
    [TestCase("a\n", TestName = "{m}(new line)")]
    [TestCase("a\0b", TestName = "{m}(NUL)")]
    [TestCase("a\tb", TestName = "{m}(tab)")]
    [TestCase("a\u007f", TestName = "{m}(DEL)")]
    [TestCase("ä")]
    public async Task An_invalid_value_is_refused_and_not_repeated(string value) =>
        Assert.That(
            (await RefusedAsync("x-a", value)).Message,
            Is.EqualTo(
                "The value of the header x-a holds a control character or one that is not ASCII. (Parameter 'Headers')"
            )
        );

    [Test]
    public async Task Every_printable_character_of_ASCII_is_allowed()
    {
        Options.Headers["x-~!"] = "~!";

        await CreateAsync();

        Assert.That(Server.Requests[0].Headers["X-~!"], Is.EqualTo("~!"));
    }

    [Test]
    public async Task A_content_header_is_sent_without_a_body_too()
    {
        Options.Headers["Last-Modified"] = "yesterday";
        Options.Headers["Expires"] = "0";
        using var transport = new OrqTransport(typeof(ContactsClient), Http, Options, (_, ref _) => { });

        await transport.SendAsync(
            new OrqRequest(new OrqOperation("ListThings", HttpMethod.Get, "/v2/things")),
            null,
            CancellationToken.None
        );

        Assert.That(Server.Requests[0].Headers["Last-Modified"], Is.EqualTo("yesterday"));
        Assert.That(Server.Requests[0].Headers["Expires"], Is.EqualTo("0"));
    }

    [Test]
    public async Task A_handler_s_changes_reach_no_later_request()
    {
        using var http = new HttpClient(new Meddler(Server));
        using var client = new ContactsClient(http, Options);

        await client.CreateContactAsync(Contact);
        await client.CreateContactAsync(Contact);

        Assert.That(Server.Requests[1].Headers["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
    }

    [Test]
    public async Task A_given_HttpClient_s_version_is_kept()
    {
        HttpRequestMessage? sent = null;
        using var server = new StubHandler();
        server.Does(
            (request, _) =>
            {
                sent = request;
                return Task.FromResult(StubHandler.Response(200, Stored));
            }
        );
        using var http = new HttpClient(server)
        {
            DefaultRequestVersion = new Version(2, 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var client = new ContactsClient(http, Options);

        await client.CreateContactAsync(Contact);

        Assert.That(
            (sent!.Version, sent.VersionPolicy),
            Is.EqualTo((new Version(2, 0), HttpVersionPolicy.RequestVersionExact))
        );
    }

    /// <summary>Changes what it can reach of a request.</summary>
    private sealed class Meddler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var type = request.Content!.Headers.ContentType!;
            Assert.That(type.CharSet, Is.Null, "the change of an earlier request is still there");
            type.CharSet = "utf-8";
            return base.SendAsync(request, cancellationToken);
        }
    }

    private async Task<ArgumentException> RefusedAsync(string name, string value)
    {
        var error = await FailAsync<ArgumentException>(new OrqRequestOptions { Headers = { [name] = value } });
        Assert.That(error.ParamName, Is.EqualTo("Headers"));
        Options.Headers[name] = value;
        Assert.That(
            Assert.Throws<ArgumentException>(() => new ContactsClient(Http, Options)).Message,
            Is.EqualTo(error.Message),
            "what the client refuses differs from what a call refuses"
        );
        Assert.That(Server.Requests, Is.Empty);
        return error;
    }
}
