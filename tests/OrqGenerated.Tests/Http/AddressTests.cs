using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The address that a request is sent to.</summary>
internal sealed class AddressTests : ClientTest
{
    public AddressTests() => Server.Responds(200, Stored);

    [TestCase("https://eu.example.com/", "https://eu.example.com/v2/contacts")]
    [TestCase("https://eu.example.com/a/b", "https://eu.example.com/a/b/v2/contacts")]
    [TestCase("https://eu.example.com/a/b/", "https://eu.example.com/a/b/v2/contacts")]
    [TestCase("https://eu.example.com:8443/a%2Fb", "https://eu.example.com:8443/a%2Fb/v2/contacts")]
    [TestCase("http://[::1]:5000", "http://[::1]:5000/v2/contacts")]
    public async Task Keeps_the_server_URLs_path(string url, string address)
    {
        Options.ServerUrl = new Uri(url);

        await CreateAsync();

        Assert.That(Server.Requests[0].Uri!.AbsoluteUri, Is.EqualTo(address));
    }

    [Test]
    public async Task Each_call_has_its_own_address()
    {
        await Identities.DeleteIdentityAsync("a");
        await Identities.DeleteIdentityAsync("b");
        await CreateAsync();
        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://my.orq.ai/eu") });
        await CreateAsync();

        Assert.That(
            Server.Requests.Select(request => request.Uri!.AbsolutePath),
            Is.EqualTo(["/v2/identities/a", "/v2/identities/b", "/v2/contacts", "/eu/v2/contacts", "/v2/contacts"])
        );
        Assert.That(Server.Requests[4].Uri, Is.SameAs(Server.Requests[2].Uri), "an address without parameters is kept");
    }

    [Test]
    public async Task Uses_the_base_address_of_the_HttpClient_when_no_server_URL_is_set()
    {
        Http.BaseAddress = new Uri("https://eu.example.com/orq");

        await CreateAsync();

        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri("https://eu.example.com/orq/v2/contacts")));
    }

    [Test]
    public async Task Accepts_a_base_address_equal_to_the_server_URL()
    {
        Http.BaseAddress = new Uri("https://eu.example.com/orq");
        Options.ServerUrl = new Uri("https://eu.example.com/orq/");

        await CreateAsync();

        Assert.That(Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void Refuses_a_base_address_that_differs_from_the_server_URL()
    {
        Http.BaseAddress = new Uri("https://eu.example.com");
        Options.ServerUrl = new Uri("https://my.orq.ai");

        var error = Assert.Throws<ArgumentException>(() => _ = Client);

        Assert.That(error.Message, Does.Contain("ServerUrl").And.Contain("BaseAddress"));
    }

    [TestCase("http://example.com", "ServerUrl")]
    [TestCase("https://example.com/?a=b", "BaseAddress")]
    public void Refuses_a_base_address_that_is_not_a_valid_server_URL(string address, string name)
    {
        Http.BaseAddress = new Uri(address);

        Assert.That(Assert.Throws<ArgumentException>(() => _ = Client).ParamName, Is.EqualTo(name));
    }

    [TestCase("CreateContact", 302)]
    [TestCase("CreateContact", 307)]
    [TestCase("ListIdentities", 302)]
    public async Task A_followed_redirect_is_never_a_success(string operation, int status)
    {
        RawRequest? redirected = null;
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.RespondAsync(status, "", "Location: /elsewhere");
            redirected = await connection.ReadRequestAsync();
            await connection.RespondAsync(200, Stored);
        });
        Options.ServerUrl = server.Address;
        using var http = new HttpClient();
        using var contacts = new ContactsClient(http, Options);
        using var identities = new IdentitiesClient(http, Options);

        var error = await Expect.ExceptionAsync<OrqConnectionException>(() =>
            operation == "CreateContact" ? contacts.CreateContactAsync(Contact) : identities.ListIdentitiesAsync()
        );

        Assert.That(
            error.Message,
            Is.EqualTo(
                $"{operation} got no complete response from {server.Address.Authority}: the HttpClient followed"
                    + " a redirect, which can lose the request; set AllowAutoRedirect to false on its handler."
            )
        );
        Assert.That(error.Attempts, Is.EqualTo(1), "a retry would be redirected as well");
        Assert.That(error.MayHaveBeenApplied, Is.True);
        Assert.That(redirected!.Head, Does.Not.Contain(Key), "the redirected request");
    }

    [Test]
    public async Task A_handler_may_rewrite_the_address()
    {
        Server.OnRequest = request => request.RequestUri = new Uri("https://gateway.example.com/orq?tenant=7");

        Assert.That((await CreateAsync()).Value.Id, Is.EqualTo("c1"));
    }
}
