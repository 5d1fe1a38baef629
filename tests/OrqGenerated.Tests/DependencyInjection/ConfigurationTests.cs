using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OrqGenerated.Tests.DependencyInjection;

/// <summary>Options from a configuration section.</summary>
internal sealed class ConfigurationTests
{
    [Test]
    public void Binds_every_option_of_a_section()
    {
        var options = Bind(
            ("ApiKey", "key"),
            ("ServerUrl", "https://example.com/orq"),
            ("AllowedHosts:0", "other.example.com"),
            ("AllowInsecureHosts:0", "wiremock"),
            ("Headers:X-Team", "blue"),
            ("AttemptTimeout", "00:00:10"),
            ("TotalTimeout", "00:01:00"),
            ("Retry:Strategy", "none"),
            ("Retry:RetryConnectionErrors", "false"),
            ("Retry:StatusCodes:0", "503"),
            ("Retry:MaxAttempts", "4"),
            ("Retry:Backoff:InitialInterval", "00:00:01"),
            ("Retry:Backoff:MaxInterval", "00:00:02"),
            ("Retry:Backoff:Exponent", "2.5"),
            ("Retry:Backoff:MaxElapsedTime", "-00:00:00.001")
        );

        Assert.Multiple(() =>
        {
            Assert.That(options.ApiKey, Is.EqualTo("key"));
            Assert.That(options.ServerUrl.AbsoluteUri, Is.EqualTo("https://example.com/orq/"));
            Assert.That(options.AllowedHosts, Is.EqualTo(new[] { "other.example.com" }));
            Assert.That(options.AllowInsecureHosts, Is.EqualTo(new[] { "wiremock" }));
            Assert.That(options.Headers["x-team"], Is.EqualTo("blue"));
            Assert.That(options.AttemptTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(options.TotalTimeout, Is.EqualTo(TimeSpan.FromMinutes(1)));
            Assert.That(options.Retry.Strategy, Is.EqualTo(RetryStrategy.None));
            Assert.That(options.Retry.RetryConnectionErrors, Is.False);
            Assert.That(options.Retry.StatusCodes, Is.EqualTo(new[] { 503 }));
            Assert.That(options.Retry.MaxAttempts, Is.EqualTo(4));
            Assert.That(options.Retry.Backoff.InitialInterval, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(options.Retry.Backoff.MaxInterval, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(options.Retry.Backoff.Exponent, Is.EqualTo(2.5));
            Assert.That(options.Retry.Backoff.MaxElapsedTime, Is.EqualTo(Timeout.InfiniteTimeSpan));
        });
    }

    [TestCase("Jitter")]
    [TestCase("Retry:Jitter")]
    [TestCase("Retry:Backoff:Jitter")]
    [TestCase("Retries:MaxAttempts")]
    public void Refuses_an_unknown_key_and_lists_the_known_ones(string key)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(("ApiKey", "key"), (key, "1")));

        var known = failure!.Message.Split("use ")[1].TrimEnd('.').Split(", ");

        Assert.That(failure.Message, Does.Contain($"Orq:{key}"));
        string[] codeOnly = ["ApiKeyProvider", "TimeProvider", "LoggerFactory"];
        var expected = Names<OrqClientOptions>("")
            .Except([.. codeOnly, "Retry"])
            .Concat(Names<RetryConfig>("Retry:").Except(["Retry:Backoff"]))
            .Concat(Names<BackoffStrategy>("Retry:Backoff:"));
        Assert.That(known, Is.EquivalentTo(expected));

        static IEnumerable<string> Names<T>(string path) =>
            typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Select(p => path + p.Name);
    }

    [TestCase("30")]
    [TestCase("0:30")]
    [TestCase("1:00:00")]
    public void Refuses_a_time_in_another_format_and_gives_an_example(string time)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Bind(("ApiKey", "key"), ("AttemptTimeout", time))
        );

        Assert.That(failure!.Message, Does.Contain("Orq:AttemptTimeout").And.Contain("00:00:30 for 30 seconds"));
    }

    [TestCase("00:00:10", 10)]
    [TestCase("00:00:00.25", 0.25)]
    [TestCase("1.00:00:01", 86_401)]
    [TestCase("1.00:00:01.5", 86_401.5)]
    public void A_time_may_have_days_and_fractions_of_a_second(string time, double seconds)
    {
        var options = Bind(("ApiKey", "key"), ("AttemptTimeout", time));

        Assert.That(options.AttemptTimeout.TotalSeconds, Is.EqualTo(seconds));
    }

    [Test]
    public void Options_missing_from_a_section_keep_their_defaults()
    {
        var options = Bind(("ApiKey", "key"), ("Retry:Backoff:Exponent", "3"));
        var defaults = new OrqClientOptions();

        Assert.Multiple(() =>
        {
            Assert.That(options.ServerUrl, Is.EqualTo(defaults.ServerUrl));
            Assert.That(options.AttemptTimeout, Is.EqualTo(defaults.AttemptTimeout));
            Assert.That(options.Retry.StatusCodes, Is.EqualTo(defaults.Retry.StatusCodes));
            Assert.That(options.Retry.RetryConnectionErrors, Is.True);
            Assert.That(options.Retry.Backoff.MaxInterval, Is.EqualTo(defaults.Retry.Backoff.MaxInterval));
        });
    }

    [Test]
    public void Binding_twice_neither_changes_defaults_nor_appends_to_lists()
    {
        (string, string?)[] values =
        [
            ("ApiKey", "key"),
            ("AllowedHosts:0", "other.example.com"),
            ("Retry:StatusCodes:0", "503"),
            ("Retry:Backoff:MaxInterval", "00:00:02"),
        ];

        Bind(values);
        var options = Bind(values);

        Assert.That(options.Retry.StatusCodes, Is.EqualTo(new[] { 503 }));
        Assert.That(options.AllowedHosts, Is.EqualTo(new[] { "other.example.com" }));
        Assert.That(RetryConfig.Default.StatusCodes, Is.EqualTo(new[] { 429, 500, 502, 503, 504 }));
        Assert.That(new OrqClientOptions().Retry.Backoff.MaxInterval, Is.EqualTo(TimeSpan.FromMinutes(1)));
        Assert.That(new OrqClientOptions().AllowedHosts, Is.Empty);
    }

    [Test]
    public void A_configured_list_replaces_the_previous_one_even_when_empty()
    {
        using var json = new MemoryStream(
            """
            { "Orq": { "ApiKey": "key", "AllowedHosts": ["after.example.com"], "Retry": { "StatusCodes": [] } } }
            """u8.ToArray()
        );
        var options = Bind(
            new ConfigurationBuilder().AddJsonStream(json),
            before: options => options.AllowedHosts.Add("before.example.com")
        );

        Assert.That(options.AllowedHosts, Is.EqualTo(new[] { "after.example.com" }));
        Assert.That(options.Retry.StatusCodes, Is.Empty);
    }

    [Test]
    public void Does_not_modify_a_RetryConfig_set_in_code()
    {
        var shared = new RetryConfig { MaxAttempts = 7 };

        var options = Bind(
            before: options => options.Retry = shared,
            ("ApiKey", "key"),
            ("Retry:MaxAttempts", "2"),
            ("Retry:Backoff:Exponent", "4")
        );

        Assert.That(options.Retry.MaxAttempts, Is.EqualTo(2));
        Assert.That(shared.MaxAttempts, Is.EqualTo(7));
        Assert.That(shared.Backoff.Exponent, Is.EqualTo(1.5));
    }

    [TestCase("ApiKey", "two words")]
    [TestCase("ServerUrl", "/relative")]
    [TestCase("TotalTimeout", "00:00:00")]
    [TestCase("AllowedHosts", "example.com")]
    [TestCase("Headers", "X-A: 1")]
    [TestCase("Retry", "None")]
    [TestCase("Retry:Strategy", "Sometimes")]
    [TestCase("Retry:Backoff", "00:00:01")]
    [TestCase("Retry:Backoff:Exponent", "1,5")]
    [TestCase("Retry:MaxAttempts", "0")]
    [TestCase("Retry:MaxAttempts", "99999999999")]
    [TestCase("Retry:RetryConnectionErrors", "sometimes")]
    [TestCase("Retry:StatusCodes:1", "many", "Retry:StatusCodes")]
    [TestCase("Retry:StatusCodes:1", "200", "Retry:StatusCodes")]
    [TestCase("Retry:Backoff:InitialInterval", "-00:00:01")]
    [TestCase("Retry:Backoff:MaxInterval", "0")]
    [TestCase("Retry:Backoff:Exponent", "0.5")]
    [TestCase("Retry:Backoff:Exponent", "NaN")]
    [TestCase("Retry:Backoff:MaxElapsedTime", "never")]
    public void Names_the_key_of_an_invalid_value(string key, string value, string? named = null)
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Bind(("ApiKey", "key"), ("Retry:StatusCodes:0", "503"), (key, value))
        );

        Assert.That(failure!.Message, Does.StartWith($"Configuration Orq:{named ?? key}: "));
    }

    [TestCase("ServerUrl", "http://example.com", "ServerUrl")]
    [TestCase("AllowedHosts:0", "https://example.com", "https://example.com")]
    [TestCase("AllowedHosts:0", null, "AllowedHosts")]
    [TestCase("Headers:Authorization", "Bearer another", "Authorization")]
    public void Validates_the_bound_options_as_a_client_does(string key, string? value, string named) =>
        Assert.That(
            Assert.Throws<OptionsValidationException>(() => Bind(("ApiKey", "key"), (key, value)))!.Message,
            Does.Contain(named).And.Not.Contain("another")
        );

    [Test]
    public void The_message_does_not_repeat_an_invalid_API_key()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(("ApiKey", "secret secret")));

        Assert.That(failure!.ToString(), Does.Not.Contain("secret"));
    }

    [Test]
    public void Refuses_a_section_in_place_of_a_value() =>
        Assert.That(
            () => Bind(("ApiKey:Value", "key")),
            Throws.TypeOf<OptionsValidationException>().With.Message.Contains("Orq:ApiKey")
        );

    [Test]
    public void A_null_value_changes_nothing()
    {
        using var json = new MemoryStream("""{ "Orq": { "ApiKey": null } }"""u8.ToArray());

        var options = Bind(new ConfigurationBuilder().AddJsonStream(json), before: options => options.ApiKey = "key");

        Assert.That(options.ApiKey, Is.EqualTo("key"));
    }

    private static OrqClientOptions Bind(params (string Key, string? Value)[] values) => Bind(before: null, values);

    private static OrqClientOptions Bind(Action<OrqClientOptions>? before, params (string Key, string? Value)[] values)
    {
        var settings = new Dictionary<string, string?>();
        foreach (var (key, value) in values)
            settings[$"Orq:{key}"] = value;

        return Bind(new ConfigurationBuilder().AddInMemoryCollection(settings), before);
    }

    private static OrqClientOptions Bind(IConfigurationBuilder configuration, Action<OrqClientOptions>? before)
    {
        var services = new ServiceCollection();
        services.AddContactsClient(before);
        services.AddContactsClient(configuration.Build().GetSection("Orq"));
        using var provider = services.BuildServiceProvider();
        return provider.ContactsOptions();
    }
}
