using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>What a request carries, and to which address.</summary>
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
        using var transport = new OrqTransport(typeof(ContactsClient), Http, Options, _ => { });

        await transport.SendAsync(
            new OrqRequest(new OrqOperation("ListThings", HttpMethod.Get, "/v2/things")),
            null,
            CancellationToken.None
        );

        Assert.That(Server.Requests[0].Headers["Last-Modified"], Is.EqualTo("yesterday"));
        Assert.That(Server.Requests[0].Headers["Expires"], Is.EqualTo("0"));
    }

    [Test]
    public async Task Headers_changed_after_construction_are_not_sent()
    {
        _ = Client;
        Options.Headers["x-late"] = "1";

        await CreateAsync();

        Assert.That(Server.Requests[0].Headers, Does.Not.ContainKey("x-late"));
    }

    [TestCase("https://eu.example.com", "https://eu.example.com/v2/contacts")]
    [TestCase("https://eu.example.com/", "https://eu.example.com/v2/contacts")]
    [TestCase("https://eu.example.com/a/b", "https://eu.example.com/a/b/v2/contacts")]
    [TestCase("https://eu.example.com/a/b/", "https://eu.example.com/a/b/v2/contacts")]
    [TestCase("https://eu.example.com:8443/a%2Fb", "https://eu.example.com:8443/a%2Fb/v2/contacts")]
    [TestCase("http://localhost:5000", "http://localhost:5000/v2/contacts")]
    [TestCase("http://127.0.0.1:5000/x", "http://127.0.0.1:5000/x/v2/contacts")]
    [TestCase("http://[::1]:5000", "http://[::1]:5000/v2/contacts")]
    public async Task The_server_s_path_is_kept(string url, string address)
    {
        Options.ServerUrl = new Uri(url);

        await CreateAsync();

        Assert.That(Server.Requests[0].Uri!.AbsoluteUri, Is.EqualTo(address));
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
    public async Task The_HttpClient_s_base_address_is_the_server_when_no_other_is_set()
    {
        Http.BaseAddress = new Uri("https://eu.example.com/orq");

        await CreateAsync();

        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri("https://eu.example.com/orq/v2/contacts")));
    }

    [TestCase("https://eu.example.com/orq", "https://eu.example.com/orq/")]
    public async Task The_same_base_address_and_server_url_are_taken(string one, string other)
    {
        Http.BaseAddress = new Uri(one);
        Options.ServerUrl = new Uri(other);

        await CreateAsync();

        Assert.That(Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_base_address_and_another_server_url_are_refused()
    {
        Http.BaseAddress = new Uri("https://eu.example.com");
        Options.ServerUrl = new Uri("https://my.orq.ai");

        var error = Assert.Throws<ArgumentException>(() => _ = Client);

        Assert.That(error.Message, Does.Contain("ServerUrl").And.Contain("BaseAddress"));
    }

    [TestCase("http://example.com", "ServerUrl")]
    [TestCase("https://example.com/?a=b", "BaseAddress")]
    public void A_base_address_that_cannot_be_a_server_url_is_refused(string address, string name)
    {
        Http.BaseAddress = new Uri(address);

        Assert.That(Assert.Throws<ArgumentException>(() => _ = Client).ParamName, Is.EqualTo(name));
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

    private static IEnumerable<TestCaseData> Redirects =>
        [
            Redirect("POST, 302", HttpMethod.Post, 302, "/elsewhere", isFollowed: true),
            Redirect("POST, 307", HttpMethod.Post, 307, "/elsewhere", isFollowed: true),
            Redirect("GET, 302", HttpMethod.Get, 302, "/elsewhere", isFollowed: true),
            Redirect("no redirect", HttpMethod.Post, 200, "", isFollowed: false),
        ];

    [TestCaseSource(nameof(Redirects))]
    public async Task A_redirect_that_was_followed_is_never_taken_for_a_success(
        HttpMethod method,
        int status,
        string location,
        bool isFollowed
    )
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.RespondAsync(status, Stored, $"Location: {location}");
            await connection.RespondToAllAsync(200, Stored);
        });
        Options.ServerUrl = server.Address;
        using var http = new HttpClient();
        using var transport = new OrqTransport(typeof(ContactsClient), http, Options, _ => { });
        var request = new OrqRequest(new OrqOperation("Probe", method, "/v2/probe"));

        var call = transport.SendAsync(request, null, CancellationToken.None).AsTask();

        if (!isFollowed)
        {
            Assert.That(await call, Is.Not.Null);
            return;
        }

        var error = Assert.ThrowsAsync<OrqConnectionException>(() => call);
        Assert.That(
            error.Message,
            Is.EqualTo(
                $"Probe got no answer from {server.Address.Authority}: the HttpClient followed a redirect, which can"
                    + " lose the request; set AllowAutoRedirect to false on its handler."
            )
        );
        Assert.That(error.Attempts, Is.EqualTo(1), "another attempt would go the same way");
        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [TestCase("https://gateway.example.com/orq/v2/contacts")]
    [TestCase("https://my.orq.ai/v2/contacts?tenant=7")]
    public async Task A_handler_may_rewrite_the_address(string address)
    {
        using var http = new HttpClient(new Rewriting(Server, new Uri(address)));
        using var client = new ContactsClient(http, Options);

        var contact = await client.CreateContactAsync(Contact);

        Assert.That(contact.Id, Is.EqualTo("01JZ3K6PS4"));
        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri(address)));
    }

    [Test]
    public void A_redirect_that_was_not_followed_is_an_error()
    {
        using var server = new StubHandler();
        server.Answers(302, "", "Location: https://elsewhere.example.com/");
        using var http = new HttpClient(server);
        using var client = new ContactsClient(http, Options);

        var error = Assert.ThrowsAsync<OrqApiException>(() => client.CreateContactAsync(Contact));

        Assert.That(error.StatusCode, Is.EqualTo(302));
        Assert.That(error.Headers["location"], Is.EqualTo("https://elsewhere.example.com/"));
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

    private static TestCaseData Redirect(
        string name,
        HttpMethod method,
        int status,
        string location,
        bool isFollowed
    ) => new TestCaseData(method, status, location, isFollowed).SetArgDisplayNames(name);

    /// <summary>Sends each request to another address, as a gateway's handler does.</summary>
    private sealed class Rewriting(HttpMessageHandler inner, Uri address) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.RequestUri = address;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
