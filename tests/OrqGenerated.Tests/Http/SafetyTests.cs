using System.Collections;
using System.Diagnostics;
using System.Reflection;
using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The key and the values of a request appear only where the caller put or asked for them.</summary>
[NonParallelizable]
internal sealed class SafetyTests : ClientTest
{
    private const string SecretHeader = "header-secret-5b1e";

    /// <summary>The texts that must not be found anywhere.</summary>
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
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(30);
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

    /// <summary>All secrets, as repeated by a server that tells everything it knows.</summary>
    private static string Gossip => string.Join(" and ", Secrets);

    private static TestCaseData[] Failures =>
        [
            Case("message", s => s.Responds(400, $$"""{"code":"a","message":"{{Gossip}}"}""")),
            Case("error", s => s.Responds(409, $$"""{"error":"{{Gossip}}"}""")),
            Case("text", s => s.Responds(() => Text(502, Gossip))),
            Case("HTML", s => s.Responds(() => Text(502, $"<p>{Gossip}</p>"))),
            Case("issues", s => s.Responds(422, $$"""{"issues":[{"path":"{{Gossip}}","message":"{{Gossip}}"}]}""")),
            Case("code", s => s.Responds(400, $$"""{"code":"{{Gossip}}"}""")),
            Case("request id", s => s.Responds(400, $$"""{"request_id":"{{Gossip}}"}""")),
            Case("header", s => s.Responds(429, "", $"x-request-id: {Gossip}", $"x-echo: {Gossip}")),
            Case("401", s => s.Responds(401, $$"""{"message":"no key {{Key}}"}""")),
            Case("404", s => s.Responds(404, $$"""{"message":"{{Gossip}}"}""")),
            Case("retried", s => s.Responds(503, $$"""{"message":"{{Gossip}}"}""")),
            Case("success cut", s => s.Responds(200, $$"""{"message":"{{Gossip}}""")),
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
            Case("talkative", s => s.Throws(() => new TalkativeException())),
            Case(
                "timeout",
                s => s.Throws(() => new TaskCanceledException("HttpClient.Timeout", new TimeoutException(Gossip)))
            ),
            Case("redirect", s => s.Responds(302, "", $"Location: https://example.com/{Gossip}")),
        ];

    [TestCaseSource(nameof(Failures))]
    public void A_failure_reveals_none_of_them(Action<StubHandler> fail)
    {
        using var listener = new TelemetryRecorder();
        fail(Server);

        var error = Assert.CatchAsync<OrqException>(() => Client.CreateContactAsync(Person));

        Assert.Multiple(() =>
        {
            foreach (var secret in Secrets)
            {
                AssertFree(Words(error), secret, "the exception");
                AssertFree(Words(_log), secret, "the log");
                AssertFree(Words(listener), secret, "an activity or a metric");
            }
        });
        Assert.That(_log.Entries, Is.Not.Empty);
        Assert.That(listener.Activities, Has.Count.EqualTo(1));
    }

    [Test]
    public void Properties_still_hold_what_the_server_said()
    {
        Server.Responds(400, $$"""{"message":"{{Gossip}}"}""", $"x-echo: {Gossip}");

        var error = Assert.CatchAsync<OrqApiException>(() => Client.CreateContactAsync(Person));

        Assert.That(error.ErrorMessage, Is.EqualTo(Gossip));
        Assert.That(error.Body, Does.Contain(Gossip));
        Assert.That(error.Headers["x-echo"], Is.EqualTo(Gossip));
        Assert.That(error.Message, Does.Contain("… and …"));
    }

    [Test]
    public async Task A_success_reveals_none_of_them()
    {
        using var listener = new TelemetryRecorder();
        Server.Responds(200, Stored, $"x-echo: {Gossip}");

        var response = await Client.CreateContactWithResponseAsync(Person);

        foreach (var secret in Secrets)
        {
            AssertFree(Convert.ToString((object)response, null)!, secret, "the response");
            AssertFree(Words(_log), secret, "the log");
            AssertFree(Words(listener), secret, "an activity or a metric");
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
    public void Hides_a_text_however_deep_it_is()
    {
        object? value = "deep-secret";
        for (var depth = 1; depth <= 64; depth++)
        {
            value = new List<object?> { value };
        }

        var contact = Contact;
        contact.Metadata = new Dictionary<string, object?> { ["deep"] = value };
        Server.Responds(400, """{"message":"no deep-secret"}""");

        var error = Assert.CatchAsync<OrqApiException>(() => Client.CreateContactAsync(contact));

        Assert.That(error.Message, Does.EndWith("no …."));
        contact.Metadata = new Dictionary<string, object?> { ["deep"] = new[] { value } };
        Assert.That(() => Client.CreateContactAsync(contact), Throws.ArgumentException, "nothing may be deeper");
    }

    [Test]
    public async Task Hides_the_key_of_a_call()
    {
        Server.Responds(400, """{"message":"no own-key-1"}""");

        var error = await FailAsync<OrqBadRequestException>(new OrqRequestOptions { ApiKey = "own-key-1" });

        Assert.That(error.Message, Does.EndWith("no …."));
    }

    [Test]
    public void Keeps_a_harmless_inner_exception_though_a_value_is_a_word_of_code()
    {
        Server.Throws(() => new HttpRequestException("reset", new IOException("by peer")));
        var contact = Contact;
        contact.Tags = ["System", "Http", "IOException", "at", "line"];

        var error = Assert.CatchAsync<OrqConnectionException>(() => Client.CreateContactAsync(contact));

        Assert.That(error.InnerException, Is.TypeOf<HttpRequestException>());
    }

    [Test]
    public void The_message_does_not_repeat_a_refused_value()
    {
        var contact = Person;
        contact.ExternalId = string.Concat(Enumerable.Repeat("user_12345", 13));

        var error = Assert.ThrowsAsync<ArgumentException>(() => Client.CreateContactAsync(contact));

        Assert.That(error.Message, Does.Contain("external_id"));
        AssertFree(error.ToString(), "user_12345", "the exception");
    }

    [Test]
    public async Task No_public_type_prints_its_content()
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
            {
                AssertFree(value.ToString()!, secret, value.GetType().Name);
            }
        }
    }

    [Test]
    public void No_type_has_a_debugger_display()
    {
        var types = typeof(ContactsClient)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetCustomAttributes<DebuggerDisplayAttribute>());

        Assert.That(types, Is.Empty);
    }

    private static Exception WithData(Exception exception)
    {
        exception.Data["request"] = Gossip;
        return exception;
    }

    private static HttpResponseMessage Text(int status, string text) =>
        StubHandler.Response(status, text, "Content-Type: text/plain");

    private static TestCaseData Case(string name, Action<StubHandler> fail) =>
        new TestCaseData(fail).SetArgDisplayNames(name);

    /// <summary>Everything that an exception and its inner exceptions print.</summary>
    private static string Words(Exception exception)
    {
        var words = new StringBuilder();
        for (Exception? e = exception; e is not null; e = e.InnerException)
        {
            words.AppendLine(e.ToString()).AppendLine(e.Message).AppendLine(e.HelpLink);
            foreach (DictionaryEntry entry in e.Data)
            {
                words.AppendLine(entry.Key.ToString()).AppendLine(entry.Value?.ToString());
            }
        }

        return words.ToString();
    }

    private static string Words(LogRecorder log) => string.Join('\n', log.Entries.Select(entry => entry.Text));

    private static string Words(TelemetryRecorder listener) =>
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

    private static void AssertFree(string words, string secret, string where) =>
        Assert.That(
            words.Contains(secret, StringComparison.OrdinalIgnoreCase),
            Is.False,
            $"{where} holds «{secret}»: {words}"
        );

    /// <summary>An exception that prints more than its message.</summary>
    private sealed class TalkativeException : IOException
    {
        public override string ToString() => $"{base.ToString()} {Gossip}";
    }

    [TearDown]
    public void TearDown() => _log.Dispose();
}
