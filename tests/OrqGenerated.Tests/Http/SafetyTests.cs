using System.Collections;
using System.Diagnostics;
using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The key and the values of a request never leak into errors, logs, telemetry or printed objects.</summary>
[NonParallelizable]
internal sealed class SafetyTests : ClientTest
{
    private const string SecretHeader = "header-secret-5b1e";

    private static readonly string[] Secrets =
    [
        Key,
        "Jane Smith",
        "jane.smith@example.com",
        "user_12345",
        "https://example.com/avatars/jane",
        "department of secrets",
        "beta-user-77",
        SecretHeader,
    ];

    private readonly LogRecorder _log = new();

    public SafetyTests()
    {
        Options.LoggerFactory = _log;
        Options.Headers["x-tenant"] = SecretHeader;
        Options.Retry.MaxAttempts = 2;
        PassesAtOnce = IsWait;
    }

    private static CreateContactRequestBody Person =>
        new()
        {
            ExternalId = "user_12345",
            DisplayName = "Jane Smith",
            Email = "jane.smith@example.com",
            AvatarUrl = "https://example.com/avatars/jane",
            Tags = ["beta-user-77"],
            Metadata = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["nested"] = new Dictionary<string, object?>(StringComparer.Ordinal)
                {
                    ["list"] = new object?[] { "department of secrets" },
                },
            },
        };

    /// <summary>All secrets, as a careless server echoes them.</summary>
    private static string Gossip => string.Join(" and ", Secrets);

    private static TestCaseData[] Failures =>
        [
            Case("message", s => s.Responds(400, $$"""{"code":"a","message":"{{Gossip}}"}""")),
            Case("text", s => s.Responds(502, Gossip, "Content-Type: text/plain")),
            Case("HTML", s => s.Responds(502, $"<p>{Gossip}</p>", "Content-Type: text/plain")),
            Case("issues", s => s.Responds(422, $$"""{"issues":[{"path":"{{Gossip}}","message":"{{Gossip}}"}]}""")),
            Case("code", s => s.Responds(400, $$"""{"code":"{{Gossip}}"}""")),
            Case("request id", s => s.Responds(400, $$"""{"request_id":"{{Gossip}}"}""")),
            Case("header", s => s.Responds(429, "", $"x-request-id: {Gossip}", $"x-echo: {Gossip}")),
            Case("retried", s => s.Responds(503, $$"""{"message":"{{Gossip}}"}""")),
            Case("cut success", s => s.Responds(200, $$"""{"message":"{{Gossip}}""")),
            Case("wrong kind", s => s.Responds(200, $$"""{"_id":["{{Gossip}}"]}""")),
            Case("odd path", s => s.Responds(200, $$$"""{"Jane Smith":{"{{{Key}}}":[}}""")),
            Case("reset", s => s.Throws(() => new HttpRequestException(Gossip))),
            Case("inner", s => s.Throws(() => new HttpRequestException("a", new IOException(Gossip)))),
            Case("handler", s => s.Throws(() => new InvalidOperationException(Gossip))),
            Case("data", s => s.Throws(() => WithData(new HttpRequestException("a")))),
            Case("deep data", s => s.Throws(() => new IOException("a", WithData(new IOException("b"))))),
            Case(
                "aggregate",
                s => s.Throws(() => new AggregateException("a", new IOException("b"), new IOException(Gossip)))
            ),
            Case(
                "aggregated data",
                s => s.Throws(() => new AggregateException("a", new IOException("b"), WithData(new IOException("c"))))
            ),
            Case("talkative", s => s.Throws(() => new TalkativeException())),
            Case("redirect", s => s.Responds(302, "", $"Location: https://example.com/{Gossip}")),
        ];

    [TestCaseSource(nameof(Failures))]
    public void A_failure_reveals_no_secret(Action<StubHandler> fail)
    {
        using var listener = new TelemetryRecorder();
        fail(Server);

        var error = Assert.CatchAsync<OrqException>(() => Client.CreateContactAsync(Person));

        Assert.Multiple(() =>
        {
            foreach (var secret in Secrets)
            {
                AssertFree(Printed(error), secret, "the exception");
                AssertFree(Printed(_log), secret, "the log");
                AssertFree(Printed(listener), secret, "an activity or a metric");
            }
        });
        Assert.That(_log.Entries, Is.Not.Empty);
        Assert.That(listener.Activities, Has.Count.EqualTo(1));
    }

    [Test]
    public void Properties_keep_the_unredacted_response()
    {
        Server.Responds(400, $$"""{"message":"{{Gossip}}"}""", $"x-echo: {Gossip}");

        var error = Assert.CatchAsync<OrqApiException>(() => Client.CreateContactAsync(Person));

        Assert.That(error.ErrorMessage, Is.EqualTo(Gossip));
        Assert.That(error.Body, Does.Contain(Gossip));
        Assert.That(error.Headers["x-echo"], Is.EqualTo(Gossip));
        Assert.That(error.Message, Does.Contain("… and …"));
    }

    [Test]
    public async Task A_success_reveals_no_secret()
    {
        using var listener = new TelemetryRecorder();
        Server.Responds(200, Stored, $"x-echo: {Gossip}");

        await Client.CreateContactAsync(Person);

        foreach (var secret in Secrets)
        {
            AssertFree(Printed(_log), secret, "the log");
            AssertFree(Printed(listener), secret, "an activity or a metric");
        }
    }

    [Test]
    public async Task Hides_both_a_refused_and_a_new_key()
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            ValueTask.FromResult(request.RejectedKey is null ? "first-key-1" : "second-key-2");
        Server.Responds(401, """{"message":"neither first-key-1 nor second-key-2"}""");

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.Message, Does.EndWith("neither … nor …."));
    }

    [Test]
    public void Hides_a_string_at_any_depth()
    {
        object? value = "deep-secret";
        for (var depth = 1; depth <= 64; depth++)
            value = new List<object?> { value };

        var contact = Contact;
        contact.Metadata = new Dictionary<string, object?> { ["deep"] = value };
        Server.Responds(400, """{"message":"no deep-secret"}""");

        var error = Assert.CatchAsync<OrqApiException>(() => Client.CreateContactAsync(contact));

        Assert.That(error.Message, Does.EndWith("no …."));
        contact.Metadata = new Dictionary<string, object?> { ["deep"] = new[] { value } };
        Assert.That(() => Client.CreateContactAsync(contact), Throws.ArgumentException, "deeper metadata is refused");
    }

    [Test]
    public async Task Hides_the_key_of_a_call()
    {
        Server.Responds(400, """{"message":"no own-key-1"}""");

        var error = await FailAsync<OrqBadRequestException>(new OrqRequestOptions { ApiKey = "own-key-1" });

        Assert.That(error.Message, Does.EndWith("no …."));
    }

    [Test]
    public void Keeps_a_harmless_inner_exception_when_a_value_is_a_type_name()
    {
        Server.Throws(() => new HttpRequestException("reset", new IOException("by peer")));
        var contact = Contact;
        contact.Tags = ["System", "Http", "IOException", "at", "line"];

        var error = Assert.CatchAsync<OrqConnectionException>(() => Client.CreateContactAsync(contact));

        Assert.That(error.InnerException, Is.TypeOf<HttpRequestException>());
    }

    [Test]
    public async Task No_public_type_prints_its_contents()
    {
        Server.Responds(200, Stored);
        var options = new OrqRequestOptions { ApiKey = Key, Headers = { ["x-a"] = SecretHeader } };
        var response = await Client.CreateContactWithResponseAsync(Person, options);
        object[] values =
        [
            Options,
            options,
            Options.Headers,
            Options.Retry,
            Options.Retry.Backoff,
            Client,
            Person,
            Person.DisplayName,
            Person.Email,
            response,
            response.Value,
            new ApiKeyRequest(Key),
            Optional.Of(Key),
        ];

        foreach (var value in values)
        {
            foreach (var secret in Secrets)
                AssertFree(value.ToString()!, secret, value.GetType().Name);
        }
    }

    [Test]
    public void No_type_has_a_debugger_display()
    {
        var types = typeof(ContactsClient).Assembly.GetTypes();

        Assert.That(types.Where(type => type.IsDefined(typeof(DebuggerDisplayAttribute), inherit: false)), Is.Empty);
    }

    private static Exception WithData(Exception exception)
    {
        exception.Data["request"] = Gossip;
        return exception;
    }

    private static TestCaseData Case(string name, Action<StubHandler> fail) =>
        new TestCaseData(fail).SetArgDisplayNames(name);

    /// <summary>Everything that an exception and its inner exceptions print, with their data.</summary>
    private static string Printed(Exception exception)
    {
        var text = new StringBuilder();
        text.AppendLine(exception.ToString()).AppendLine(exception.Message).AppendLine(exception.HelpLink);
        foreach (DictionaryEntry entry in exception.Data)
            text.AppendLine(entry.Key.ToString()).AppendLine(entry.Value?.ToString());

        foreach (var inner in (exception as AggregateException)?.InnerExceptions ?? [exception.InnerException!])
            text.Append(inner is null ? "" : Printed(inner));

        return text.ToString();
    }

    private static string Printed(LogRecorder log) => string.Join('\n', log.Entries.Select(entry => entry.Text));

    private static string Printed(TelemetryRecorder listener) =>
        string.Join(
            '\n',
            listener
                .Activities.SelectMany(activity =>
                    activity
                        .TagObjects.Concat(activity.Events.SelectMany(e => e.Tags))
                        .Concat(activity.Baggage.Select(b => new KeyValuePair<string, object?>(b.Key, b.Value)))
                        .Select(tag => $"{tag.Key}={tag.Value}")
                        .Append(activity.DisplayName)
                        .Append(activity.StatusDescription)
                )
                .Concat(listener.Measurements)
        );

    private static void AssertFree(string text, string secret, string where) =>
        Assert.That(
            text.Contains(secret, StringComparison.OrdinalIgnoreCase),
            Is.False,
            $"{where} holds «{secret}»: {text}"
        );

    private sealed class TalkativeException : IOException
    {
        public override string ToString() => $"{base.ToString()} {Gossip}";
    }

    [TearDown]
    public void TearDown() => _log.Dispose();
}
