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
        Assert.That(
            request.Headers["User-Agent"],
            Does.Match(@"^orq-generated-dotnet/\d+\.\d+\.\d+$")
        );
        Assert.That(request.Headers["Content-Type"], Is.EqualTo("application/json"));
        Assert.That(request.Headers["Accept"], Is.EqualTo("application/json"));
        Assert.That(request.Headers["Accept-Encoding"], Is.EqualTo("gzip"));
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
    public void The_client_s_own_headers_are_refused_when_set(string name)
    {
        foreach (var headers in new[] { Options.Headers, new OrqRequestOptions().Headers })
        {
            var error = Assert.Throws<ArgumentException>(() => headers[name] = "x");
            Assert.That(error.ParamName, Is.EqualTo("Headers"));
            Assert.That(error.Message, Does.Contain(name));
            Assert.Throws<ArgumentException>(() => headers.Add(name, "x"));
            Assert.Throws<ArgumentException>(() => headers.Add(new(name, "x")));
            Assert.That(headers, Is.Empty);
        }
    }

    [TestCase("")]
    [TestCase(null)]
    [TestCase("a b")]
    [TestCase("a:b")]
    [TestCase("a\r\nb")]
    [TestCase("ä")]
    [TestCase("a\0")]
    public void A_name_that_is_none_is_refused(string? name) =>
        Assert.That(
            Assert.Catch<ArgumentException>(() => Options.Headers[name!] = "x")!.ParamName,
            Is.EqualTo("Headers")
        );

    [TestCase("")]
    [TestCase(null)]
    [TestCase(" ")]
    [TestCase("\t")]
    [TestCase("a\r\nX-Injected: 1")]
    [TestCase("a\n")]
    [TestCase("a\0b")]
    [TestCase("a\tb")]
    [TestCase("a\u007f")]
    [TestCase("ä")]
    public void A_value_that_is_none_is_refused_and_not_repeated(string? value)
    {
        var error = Assert.Catch<ArgumentException>(() => Options.Headers["x-a"] = value!);

        Assert.That(error.ParamName, Is.EqualTo("Headers"));
        Assert.That(error.Message, Does.Not.Contain("Injected").And.Not.Contain('\n'));
    }

    [TestCase("a b", "x", "A header name holds a character that is not allowed in one.")]
    [TestCase("Host", "x", "The header Host is the client's own and cannot be set.")]
    [TestCase("x-a", " ", "The value of the header x-a is empty.")]
    [TestCase(
        "x-a",
        "ä",
        "The value of the header x-a holds a control character or one that is not ASCII."
    )]
    public void What_is_refused_is_told_why(string name, string value, string message) =>
        Assert.That(
            Assert.Throws<ArgumentException>(() => Options.Headers[name] = value)!.Message,
            Does.StartWith(message)
        );

    [Test]
    public void A_value_that_is_null_is_told_from_an_empty_one() =>
        Assert.That(
            () => Options.Headers["x-a"] = null!,
            Throws.TypeOf<ArgumentNullException>().With.Property("ParamName").EqualTo("Headers")
        );

    [Test]
    public void The_last_character_of_ASCII_that_can_be_printed_is_allowed() =>
        Assert.That(() => Options.Headers["x-~"] = "~", Throws.Nothing);

    [Test]
    public void Headers_are_a_dictionary_without_regard_to_case()
    {
        var headers = Options.Headers;
        headers["X-A"] = "1";
        headers.Add("x-b", "2");

        Assert.Multiple(() =>
        {
            Assert.That(headers["x-a"], Is.EqualTo("1"));
            Assert.That(headers.ContainsKey("X-B"), Is.True);
            Assert.That(headers.TryGetValue("X-b", out var value) ? value : null, Is.EqualTo("2"));
            Assert.That(headers.Contains(new("x-b", "2")), Is.True);
            Assert.That(headers.IsReadOnly, Is.False);
            Assert.That(headers.Keys, Is.EqualTo(["X-A", "x-b"]));
            Assert.That(headers.Values, Is.EqualTo(["1", "2"]));
            Assert.That(headers.Select(pair => pair.Key), Is.EqualTo(["X-A", "x-b"]));
            Assert.Throws<ArgumentException>(() => headers.Add("X-B", "3"));
        });

        var copy = new KeyValuePair<string, string>[2];
        headers.CopyTo(copy, 0);
        Assert.That(copy[1].Value, Is.EqualTo("2"));
        Assert.That(headers.Remove("x-A"), Is.True);
        Assert.That(headers.Remove(new KeyValuePair<string, string>("x-b", "2")), Is.True);
        Assert.That(headers, Is.Empty);
        headers["x-c"] = "3";
        headers.Clear();
        Assert.That(headers, Is.Empty);
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

        Assert.That(
            Server.Requests[1].Headers["Content-Type"],
            Is.EqualTo("application/json; charset=utf-8")
        );
    }

    [Test]
    public async Task The_HttpClient_s_base_address_is_the_server_when_no_other_is_set()
    {
        Http.BaseAddress = new Uri("https://eu.example.com/orq");

        await CreateAsync();

        Assert.That(
            Server.Requests[0].Uri,
            Is.EqualTo(new Uri("https://eu.example.com/orq/v2/contacts"))
        );
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

    [TestCase("http://example.com")]
    [TestCase("https://example.com/?a=b")]
    public void A_base_address_that_no_server_url_could_be_is_refused(string address)
    {
        Http.BaseAddress = new Uri(address);

        Assert.That(
            Assert.Throws<ArgumentException>(() => _ = Client).ParamName,
            Is.EqualTo("BaseAddress")
        );
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_redirect_that_was_followed_is_never_taken_for_a_success(bool changesMethod)
    {
        using var http = new HttpClient(new Redirecting(Server, changesMethod));
        using var client = new ContactsClient(http, Options);

        var error = Assert.ThrowsAsync<OrqConnectionException>(() =>
            client.CreateContactAsync(Contact)
        );

        Assert.That(
            error.Message,
            Is.EqualTo(
                "CreateContact got no answer from my.orq.ai: the HttpClient followed a redirect, which can lose the request; set AllowAutoRedirect to false on its handler."
            )
        );
        Assert.That(error.Attempts, Is.EqualTo(1), "another attempt would go the same way");
        Assert.That(error.MayHaveBeenApplied, Is.True);
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

    [Test]
    public void Our_own_handler_follows_nothing_keeps_nothing_and_ends_connections_in_time()
    {
        using var handler = OwnHttpClient.CreateHandler();
        using var http = OwnHttpClient.Create();

        Assert.Multiple(() =>
        {
            Assert.That(handler.AllowAutoRedirect, Is.False);
            Assert.That(handler.UseCookies, Is.False);
            Assert.That(handler.PooledConnectionLifetime, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(handler.ConnectTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(handler.MaxConnectionsPerServer, Is.EqualTo(256));
            Assert.That(http.Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
        });
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

    /// <summary>Does to a request what following a redirect does.</summary>
    private sealed class Redirecting(HttpMessageHandler inner, bool changesMethod)
        : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (changesMethod)
            {
                request.Method = HttpMethod.Get;
            }
            else
            {
                request.RequestUri = new Uri("https://elsewhere.example.com/");
            }

            return base.SendAsync(request, cancellationToken);
        }
    }
}
