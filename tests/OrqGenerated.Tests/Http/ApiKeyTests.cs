namespace OrqGenerated.Tests.Http;

/// <summary>Where the key comes from, and where it goes.</summary>
internal sealed class ApiKeyTests : ClientTest
{
    private IEnumerable<string> KeysSent => Server.Requests.Select(request => request.Headers["Authorization"]);

    [Test]
    public async Task A_call_s_own_key_wins()
    {
        Server.Answers(200, Stored);

        await CreateAsync(new OrqRequestOptions { ApiKey = "of-the-call" });
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer of-the-call", $"Bearer {Key}"]));
    }

    [Test]
    public void A_key_and_a_provider_contradict_each_other()
    {
        Options.ApiKeyProvider = (_, _) => ValueTask.FromResult("other");

        var error = Assert.Throws<ArgumentException>(() => _ = Client);

        Assert.That(error.Message, Does.Contain("ApiKey").And.Contain("ApiKeyProvider"));
    }

    [Test]
    [NonParallelizable]
    public async Task Without_either_the_environment_is_read_when_the_client_is_made()
    {
        Options.ApiKey = null;
        Server.Answers(200, Stored);
        using (new InEnvironment("ORQ_API_KEY", "of-the-environment"))
        {
            _ = Client;
        }

        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer of-the-environment"]));
    }

    [TestCase(null)]
    [TestCase("")]
    [NonParallelizable]
    public void Without_any_key_the_client_says_what_to_set(string? value)
    {
        using var _ = new InEnvironment("ORQ_API_KEY", value);

        var error = Assert.Throws<ArgumentException>(() => new ContactsClient());

        Assert.That(error.Message, Does.Contain("ORQ_API_KEY").And.Contain("ApiKey").And.Contain("ApiKeyProvider"));
    }

    [Test]
    [NonParallelizable]
    public void A_broken_key_in_the_environment_is_refused_by_the_variable_s_name()
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
    public async Task The_key_goes_to_no_other_host(string url)
    {
        var error = await FailAsync<ArgumentException>(new OrqRequestOptions { ServerUrl = new Uri(url) });

        Assert.That(error.Message, Does.Contain(new Uri(url).Host).And.Contain("ApiKey"));
        Assert.That(error.ParamName, Is.EqualTo("options"));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task The_key_goes_to_hosts_that_are_allowed()
    {
        Options.AllowedHosts.Add("EU.example.com");
        Options.AllowedHosts.Add("bücher.example");
        Server.Answers(200, Stored);

        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://eu.example.com") });
        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://bücher.example") });
        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://MY.orq.ai:8443/prefix") });

        Assert.That(KeysSent, Is.All.EqualTo($"Bearer {Key}"));
        Assert.That(Server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_call_to_another_host_takes_its_own_key()
    {
        Server.Answers(200, Stored);

        await CreateAsync(new OrqRequestOptions { ServerUrl = new Uri("https://eu.example.com/orq"), ApiKey = "own" });

        Assert.That(KeysSent, Is.EqualTo(["Bearer own"]));
        Assert.That(Server.Requests[0].Uri, Is.EqualTo(new Uri("https://eu.example.com/orq/v2/contacts")));
    }

    /// <summary>Sets an environment variable for a while.</summary>
    private sealed class InEnvironment : IDisposable
    {
        private readonly string _name;
        private readonly string? _before;

        public InEnvironment(string name, string? value)
        {
            _name = name;
            _before = Environment.GetEnvironmentVariable(name);
            Environment.SetEnvironmentVariable(name, value);
        }

        public void Dispose() => Environment.SetEnvironmentVariable(_name, _before);
    }
}
