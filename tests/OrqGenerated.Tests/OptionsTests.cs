namespace OrqGenerated.Tests;

internal sealed class OptionsTests
{
    [Test]
    public void Defaults_are_as_documented()
    {
        var options = new OrqClientOptions();
        Assert.Multiple(() =>
        {
            Assert.That(options.ApiKey, Is.Null);
            Assert.That(options.ApiKeyProvider, Is.Null);
            Assert.That(options.ServerUrl, Is.EqualTo(new Uri("https://my.orq.ai")));
            Assert.That(options.AllowedHosts, Is.Empty);
            Assert.That(options.AttemptTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
            Assert.That(options.TotalTimeout, Is.EqualTo(Timeout.InfiniteTimeSpan));
            Assert.That(options.Headers, Is.Empty);
            Assert.That(options.TimeProvider, Is.SameAs(TimeProvider.System));
            Assert.That(options.LoggerFactory, Is.Null);
        });
    }

    [Test]
    public void Request_options_are_unset_by_default()
    {
        var options = new OrqRequestOptions();
        Assert.Multiple(() =>
        {
            Assert.That(options.ApiKey, Is.Null);
            Assert.That(options.Retry, Is.Null);
            Assert.That(options.AttemptTimeout, Is.Null);
            Assert.That(options.TotalTimeout, Is.Null);
            Assert.That(options.ServerUrl, Is.Null);
            Assert.That(options.Headers, Is.Empty);
        });
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void Timeouts_must_be_above_zero(long ticks)
    {
        var value = TimeSpan.FromTicks(ticks);
        var client = new OrqClientOptions();
        var call = new OrqRequestOptions();
        Refuses("AttemptTimeout", () => client.AttemptTimeout = value);
        Refuses("TotalTimeout", () => client.TotalTimeout = value);
        Refuses("AttemptTimeout", () => call.AttemptTimeout = value);
        Refuses("TotalTimeout", () => call.TotalTimeout = value);

        static void Refuses(string property, Action set) =>
            Assert.That(
                Refuses<ArgumentOutOfRangeException>(property, set).Message,
                Does.StartWith($"{property} must be above zero, or Timeout.InfiniteTimeSpan.")
            );
    }

    [Test]
    public void Request_options_can_be_reset_to_null()
    {
        var call = new OrqRequestOptions
        {
            ApiKey = "key",
            ServerUrl = new Uri("https://eu.example.com"),
            AttemptTimeout = Timeout.InfiniteTimeSpan,
            TotalTimeout = TimeSpan.MaxValue,
        };
        Assert.That(call.AttemptTimeout, Is.EqualTo(Timeout.InfiniteTimeSpan));

        (call.ApiKey, call.ServerUrl, call.AttemptTimeout, call.TotalTimeout) = (null, null, null, null);

        Assert.That(new object?[] { call.ApiKey, call.ServerUrl, call.AttemptTimeout, call.TotalTimeout }, Is.All.Null);
    }

    [TestCase("", "is empty.")]
    [TestCase(" ")]
    [TestCase("key\r\nX-Injected: 1", TestName = "{m}(new line and header)")]
    [TestCase("k\u007fy", TestName = "{m}(DEL)")]
    [TestCase("schlüssel")]
    public void Refuses_an_invalid_key_without_repeating_it(
        string key,
        string reason = "contains a space, control or non-ASCII character."
    )
    {
        Action[] setters =
        [
            () => new OrqClientOptions().ApiKey = key,
            () => new OrqRequestOptions().ApiKey = key,
            () => _ = new ContactsClient(key),
        ];

        foreach (var set in setters)
        {
            var error = Refuses<ArgumentException>("ApiKey", set);
            Assert.That(error.Message, Does.StartWith($"The API key {reason}"));
            Assert.That(key.Length < 3 || !error.Message.Contains(key, StringComparison.Ordinal));
        }
    }

    [Test]
    public void A_key_may_contain_any_printable_ASCII_character() =>
        Assert.That(new OrqClientOptions { ApiKey = "!~" }.ApiKey, Is.EqualTo("!~"));

    [TestCase("my.orq.ai", "The server URL is not absolute.")]
    [TestCase("ftp://my.orq.ai", "The server URL is neither http nor https.")]
    [TestCase("https://user:secret@my.orq.ai")]
    [TestCase("https://my.orq.ai/?")]
    [TestCase("https://my.orq.ai/#")]
    [TestCase(
        "https://my.orq.ai/\r\nX-Injected: 1",
        "The server URL contains a control character.",
        TestName = "{m}(header)"
    )]
    [TestCase("http://loopback:8080", "The server URL's host is \"loopback\"; use localhost or 127.0.0.1.")]
    [TestCase("http://loopback/x://localhost", "The server URL's host is \"loopback\"; use localhost or 127.0.0.1.")]
    public void Refuses_an_invalid_server_URL(
        string url,
        string reason = "The server URL has user info, a query or a fragment."
    )
    {
        var server = new Uri(url, UriKind.RelativeOrAbsolute);

        var client = Refuses<ArgumentException>("ServerUrl", () => new OrqClientOptions().ServerUrl = server);
        var call = Refuses<ArgumentException>("ServerUrl", () => new OrqRequestOptions().ServerUrl = server);

        Assert.That(new[] { client.Message, call.Message }, Is.All.StartsWith(reason));
    }

    [TestCase(" http://LOCALHOST:80")]
    [TestCase(@"http:\\localhost:8080")]
    [TestCase("http://127.1.2.3")]
    [TestCase("http://[::1]:5000")]
    public void Allows_plain_http_to_loopback(string url) => Assert.That(() => ClientOf(new Uri(url)), Throws.Nothing);

    [TestCase("http://my.orq.ai", "my.orq.ai")]
    [TestCase("http://127.0.0.1.example.com", "127.0.0.1.example.com")]
    [TestCase("http://localhost.example.com", "localhost.example.com")]
    [TestCase("http://192.168.0.1", "192.168.0.1")]
    [TestCase("http://wiremock2:8080", "wiremock2")]
    [TestCase("http://a.wiremock", "a.wiremock")]
    public void Refuses_plain_http_to_any_other_host(string url, string host)
    {
        var server = new Uri(url);
        using var client = ClientOf(new Uri("https://my.orq.ai"), "wiremock");
        var options = new OrqRequestOptions { ServerUrl = server, ApiKey = "own" };
        var message =
            $"The server URL is plain http, and {host} is neither loopback nor one of AllowInsecureHosts;"
            + " the key only travels over https. (Parameter 'ServerUrl')";

        Assert.That(() => ClientOf(server, "wiremock"), Throws.ArgumentException.With.Message.EqualTo(message));
        Assert.That(
            () => client.CreateContactAsync(new() { ExternalId = "1" }, options),
            Throws.ArgumentException.With.Message.EqualTo(message)
        );
    }

    [TestCase("http://wiremock:8080", "wiremock")]
    [TestCase("http://WireMock:8080", "wiremock")]
    [TestCase("http://bücher.example", "bücher.example")]
    [TestCase("http://bücher.example", "xn--bcher-kva.example")]
    [TestCase("http://[fd00::1]:8080", "fd00::1")]
    public void Allows_plain_http_to_AllowInsecureHosts(string url, string host) =>
        Assert.That(() => ClientOf(new Uri(url), host), Throws.Nothing);

    [TestCase("wiremock:8080")]
    [TestCase("*.example.com")]
    [TestCase("http://wiremock")]
    [TestCase("")]
    [TestCase(null)]
    public void AllowInsecureHosts_takes_only_host_names(string? host)
    {
        var error = Refuses<ArgumentException>(
            "AllowInsecureHosts",
            () => ClientOf(new Uri("https://my.orq.ai"), host!)
        );

        Assert.That(
            error.Message,
            Does.StartWith($"\"{host}\" is not a host name; give it without scheme, port and wildcards.")
        );
    }

    [Test]
    public void AllowInsecureHosts_does_not_allow_a_host_to_receive_the_key()
    {
        using var client = ClientOf(new Uri("https://my.orq.ai"), "wiremock");
        var options = new OrqRequestOptions { ServerUrl = new Uri("http://wiremock") };

        Assert.That(
            () => client.CreateContactAsync(new() { ExternalId = "1" }, options),
            Throws.ArgumentException.With.Message.Contains("AllowedHosts")
        );
    }

    [Test]
    public void Refuses_null_and_names_the_option()
    {
        var options = new OrqClientOptions();
        Refuses<ArgumentNullException>("ServerUrl", () => options.ServerUrl = null!);
        Refuses<ArgumentNullException>("Retry", () => options.Retry = null!);
        Refuses<ArgumentNullException>("TimeProvider", () => options.TimeProvider = null!);
        Refuses<ArgumentNullException>("apiKey", () => _ = new ContactsClient((string)null!));
        Refuses<ArgumentNullException>("options", () => _ = new ContactsClient((OrqClientOptions)null!));
        Refuses<ArgumentNullException>("httpClient", () => _ = new ContactsClient(null!, options));
    }

    private static ContactsClient ClientOf(Uri server, params string[] insecureHosts)
    {
        var options = new OrqClientOptions { ApiKey = "key", ServerUrl = server };
        Array.ForEach(insecureHosts, options.AllowInsecureHosts.Add);
        return new ContactsClient(options);
    }

    private static T Refuses<T>(string property, Action set)
        where T : ArgumentException
    {
        var error = Assert.Throws<T>(() => set());
        Assert.That(error.ParamName, Is.EqualTo(property));
        return error;
    }
}
