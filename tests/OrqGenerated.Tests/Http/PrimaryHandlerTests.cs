using System.Net;
using System.Reflection;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The connections of a client that owns its HttpClient.</summary>
[NonParallelizable]
internal sealed class PrimaryHandlerTests : ClientTest
{
    private readonly IWebProxy _before = HttpClient.DefaultProxy;

    [Test]
    public void The_clients_own_HttpClient_has_no_timeout()
    {
        using var transport = new OrqTransport(typeof(ContactsClient), null, Options, (_, ref _) => { });
        var http = typeof(OrqTransport).GetField("_http", BindingFlags.NonPublic | BindingFlags.Instance)!;

        Assert.That(((HttpClient)http.GetValue(transport)!).Timeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
    }

    [Test]
    public async Task Plain_http_bypasses_the_proxy()
    {
        await using var proxy = new RawHttpServer(Scripts.RespondsToAll(502, "from the proxy"));
        await using var server = new RawHttpServer(Scripts.RespondsToAll(200, Stored));
        HttpClient.DefaultProxy = new WebProxy(proxy.Address);
        Options.ServerUrl = server.Address;
        using var client = new ContactsClient(Options);

        var contact = await client.CreateContactAsync(Contact);

        Assert.That(contact.Id, Is.EqualTo("c1"));
        Assert.That(proxy.Accepted, Is.Zero, "connections to the proxy, which would see the key");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Https_goes_through_the_proxy_with_its_credentials(bool hasCredentials)
    {
        var connects = new List<string>();
        await using var proxy = new RawHttpServer(async connection =>
        {
            connects.Add((await connection.ReadRequestAsync()).Head);
            await connection.WriteAsync(
                "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=a\r\nContent-Length: 0\r\n\r\n"
            );
            connects.Add((await connection.ReadRequestAsync()).Head);
            await connection.WriteAsync("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
        });
        HttpClient.DefaultProxy = new WebProxy(proxy.Address)
        {
            Credentials = hasCredentials ? new NetworkCredential("u", "p") : null,
        };
        Options.Retry = RetryConfig.None;
        using var client = new ContactsClient(Options);

        var error = Assert.ThrowsAsync<OrqConnectionException>(() => client.CreateContactAsync(Contact));

        Assert.That(error.Message, Does.Contain("the proxy refused"));
        Assert.That(error.MayHaveBeenApplied, Is.False);
        Assert.That(connects[0], Does.StartWith("CONNECT my.orq.ai:443"));
        Assert.That(string.Concat(connects), Does.Not.Contain(Key));
        Assert.That(connects, Has.Count.EqualTo(hasCredentials ? 2 : 1));
        if (hasCredentials)
            Assert.That(connects[1], Does.Contain("Proxy-Authorization: Basic dTpw"));
    }

    [Test]
    public void Calls_hosts_on_the_bypass_list_directly()
    {
        HttpClient.DefaultProxy = new WebProxy("http://proxy.example.com", false, ["orq"]);
        using var handler = PrimaryHandler.Create();

        Assert.That(handler.Proxy!.IsBypassed(new Uri("https://my.orq.ai")), Is.True);
        Assert.That(handler.Proxy.IsBypassed(new Uri("https://example.com")), Is.False);
    }

    [Test]
    public async Task An_error_wrongly_marked_as_gzip_keeps_its_status()
    {
        await using var server = new RawHttpServer(Scripts.RespondsToAll(400, "plain text", "Content-Encoding: gzip"));
        Options.ServerUrl = server.Address;
        using var client = new ContactsClient(Options);

        var error = Assert.ThrowsAsync<OrqBadRequestException>(() => client.CreateContactAsync(Contact));

        Assert.That((error.Body, error.MayHaveBeenApplied), Is.EqualTo(("", false)));
    }

    [Test]
    public async Task A_304_with_a_length_has_no_body_and_was_not_applied()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n");
        });
        Options.ServerUrl = server.Address;
        using var client = new ContactsClient(Options);

        var error = Assert.ThrowsAsync<OrqApiException>(() => client.CreateContactAsync(Contact));

        Assert.That((error.StatusCode, error.Body, error.MayHaveBeenApplied), Is.EqualTo((304, "", false)));
    }

    [TearDown]
    public void TearDown() => HttpClient.DefaultProxy = _before;
}
