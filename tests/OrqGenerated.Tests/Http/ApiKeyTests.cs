using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Where the key comes from, and the hosts that it is sent to.</summary>
internal sealed class ApiKeyTests : ClientTest
{
    [Test]
    public async Task A_known_key_needs_no_timer()
    {
        Server.Responds(200, Stored);

        await CreateAsync();

        Assert.That(Clock.RequestedTimers, Is.EqualTo([Options.AttemptTimeout]));
    }

    [Test]
    public void Refuses_both_a_key_and_a_provider()
    {
        Options.ApiKeyProvider = (_, _) => ValueTask.FromResult("other");

        var error = Assert.Throws<ArgumentException>(() => _ = Client);

        Assert.That(
            error.Message,
            Is.EqualTo("ApiKey and ApiKeyProvider are both set; set one of them. (Parameter 'options')")
        );
    }

    [Test]
    [NonParallelizable]
    public async Task Reads_the_key_from_the_environment_when_the_client_is_created()
    {
        Options.ApiKey = null;
        Server.Responds(200, Stored);
        using (new InEnvironment("ORQ_API_KEY", "environment-key"))
        {
            _ = Client;
        }

        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer environment-key"]));
    }

    [TestCase(null)]
    [TestCase("")]
    [NonParallelizable]
    public void Says_what_to_set_when_there_is_no_key(string? value)
    {
        using var _ = new InEnvironment("ORQ_API_KEY", value);

        var error = Assert.Throws<ArgumentException>(() => new ContactsClient());

        Assert.That(
            error.Message,
            Is.EqualTo(
                "There is no API key: set OrqClientOptions.ApiKey, OrqClientOptions.ApiKeyProvider or the environment"
                    + " variable ORQ_API_KEY."
            )
        );
    }

    [Test]
    [NonParallelizable]
    public void Refuses_an_invalid_key_in_the_environment_and_names_the_variable()
    {
        using var _ = new InEnvironment("ORQ_API_KEY", "key\nof two lines");

        var error = Assert.Throws<ArgumentException>(() => new ContactsClient());

        Assert.That(error.ParamName, Is.EqualTo("ORQ_API_KEY"));
        Assert.That(error.Message, Does.Not.Contain("two lines"));
    }

    [TestCase("https://eu.example.com")]
    [TestCase("https://my.orq.ai.example.com")]
    [TestCase("https://orq.ai")]
    [TestCase("http://localhost:8080")]
    public async Task Refuses_to_send_the_key_to_any_other_host(string url)
    {
        var error = await FailAsync<ArgumentException>(new OrqRequestOptions { ServerUrl = new Uri(url) });

        Assert.That(error.Message, Does.Contain(new Uri(url).Host).And.Contain("ApiKey"));
        Assert.That(error.ParamName, Is.EqualTo("options"));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task Sends_the_key_to_allowed_hosts()
    {
        Options.AllowedHosts.Add("EU.example.com");
        Options.AllowedHosts.Add("bücher.example");
        Server.Responds(200, Stored);

        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://eu.example.com") });
        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://bücher.example") });
        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://MY.orq.ai:8443/prefix") });

        Assert.That(KeysSent, Is.All.EqualTo($"Bearer {Key}"));
        Assert.That(Server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_call_with_its_own_key_may_go_to_another_host()
    {
        Server.Responds(200, Stored);

        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://eu.example.com/orq"), ApiKey = "own" });

        Assert.That(KeysSent, Is.EqualTo(["Bearer own"]));
        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri("https://eu.example.com/orq/v2/contacts")));
    }
}
