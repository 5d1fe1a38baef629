namespace OrqGenerated.Tests.Http;

/// <summary>The headers of a request, its method and its HTTP version.</summary>
internal sealed class HeaderTests : ClientTest
{
    private static IEnumerable<string> Reserved =>
        ["Authorization", "authorization", "Host", "Connection", "Transfer-Encoding", "Content-Type", "content-length"];

    public HeaderTests() => Server.Responds(200, Stored);

    [Test]
    public async Task Sends_the_method_address_and_default_headers()
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
    public async Task Headers_of_the_call_win_over_those_of_the_client()
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
    public async Task Default_headers_can_be_replaced()
    {
        Options.Headers["user-agent"] = "mine/1";
        Options.Headers["accept"] = "application/vnd.orq+json";

        await CreateAsync();

        Assert.That(Server.Requests[0].Headers["User-Agent"], Is.EqualTo("mine/1"));
        Assert.That(Server.Requests[0].Headers["Accept"], Is.EqualTo("application/vnd.orq+json"));
    }

    [TestCase("Expires", "0")]
    [TestCase("Cookie", "a=b")]
    [TestCase("X-Odd", "a, b;c=\"d\" <e>")]
    [TestCase("x-~!", "~!")]
    public async Task Sends_any_other_header_unchanged(string name, string value)
    {
        Options.Headers[name] = value;

        await CreateAsync();

        Assert.That(Server.Requests[0].Headers[name], Is.EqualTo(value));
    }

    [TestCaseSource(nameof(Reserved))]
    public async Task Refuses_headers_that_the_client_sets(string name)
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
    public async Task Refuses_an_invalid_name(string name) =>
        Assert.That(
            (await RefusedAsync(name, "x")).Message,
            Does.StartWith("A header name is empty or contains an invalid character.")
        );

    [TestCase("")]
    [TestCase(null)]
    [TestCase(" ")]
    public async Task Refuses_an_empty_value(string? value) =>
        Assert.That(
            (await RefusedAsync("x-a", value!)).Message,
            Does.StartWith("The value of the header x-a is empty.")
        );

    [TestCase("a\r\nX-Injected: 1", TestName = "{m}(new line and header)")]
    [TestCase("a\tb", TestName = "{m}(tab)")]
    [TestCase("a\u007f", TestName = "{m}(DEL)")]
    [TestCase("ä")]
    public async Task Refuses_an_invalid_value_without_repeating_it(string value) =>
        Assert.That(
            (await RefusedAsync("x-a", value)).Message,
            Is.EqualTo("The value of the header x-a contains a control or non-ASCII character. (Parameter 'Headers')")
        );

    [Test]
    public async Task Sends_content_headers_even_without_a_body()
    {
        Options.Headers["Last-Modified"] = "yesterday";
        Options.Headers["Expires"] = "0";

        await Identities.DeleteIdentityAsync("a");

        Assert.That(Server.Requests[0].Headers["Last-Modified"], Is.EqualTo("yesterday"));
        Assert.That(Server.Requests[0].Headers["Expires"], Is.EqualTo("0"));
        Assert.That(Server.Requests[0].Body, Is.Empty);
    }

    [Test]
    public async Task Changes_by_a_handler_do_not_affect_later_requests()
    {
        var before = new List<string?>();
        Server.OnRequest = request =>
        {
            before.Add(request.Content!.Headers.ContentType!.CharSet);
            request.Content.Headers.ContentType.CharSet = "utf-8";
        };

        await CreateAsync();
        await CreateAsync();

        Assert.That(before, Is.EqualTo(new string?[] { null, null }), "each request starts afresh");
        Assert.That(Server.Requests[1].Headers["Content-Type"], Is.EqualTo("application/json; charset=utf-8"));
    }

    [Test]
    public async Task Keeps_the_HTTP_version_of_a_supplied_HttpClient()
    {
        HttpRequestMessage? sent = null;
        Server.OnRequest = request => sent = request;
        Http.DefaultRequestVersion = new Version(2, 0);
        Http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;

        await CreateAsync();

        Assert.That(
            (sent!.Version, sent.VersionPolicy),
            Is.EqualTo((new Version(2, 0), HttpVersionPolicy.RequestVersionExact))
        );
    }

    private async Task<ArgumentException> RefusedAsync(string name, string value)
    {
        var error = await FailAsync<ArgumentException>(new OrqRequestOptions { Headers = { [name] = value } });
        Assert.That(error.ParamName, Is.EqualTo("Headers"));
        Options.Headers[name] = value;
        Assert.That(
            Assert.Throws<ArgumentException>(() => new ContactsClient(Http, Options)).Message,
            Is.EqualTo(error.Message),
            "the client's options are checked like the call's"
        );
        Assert.That(Server.Requests, Is.Empty);
        return error;
    }
}
