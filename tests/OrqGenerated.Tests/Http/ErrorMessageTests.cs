using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>The messages of exceptions; <see cref="RedactionTests"/> shows what they hide.</summary>
internal sealed class ErrorMessageTests : ClientTest
{
    private const string Advice =
        "Newer versions of the API replace contacts by identities (/v2/identities): use IdentitiesClient.";

    public ErrorMessageTests() => Options.Retry = RetryConfig.None;

    [TestCase(400, "", "CreateContact failed with 400.")]
    [TestCase(500, "<html>", "CreateContact failed with 500.")]
    [TestCase(400, """{"error":"no"}""", "CreateContact failed with 400: no.")]
    [TestCase(403, """{"code":7,"message":"no."}""", "CreateContact failed with 403 7: no.")]
    [TestCase(
        400,
        """{"message":"one\r\n  two\tthree\u0000\u2028four"}""",
        "CreateContact failed with 400: one two three four."
    )]
    [TestCase(404, "", "CreateContact failed with 404. " + Advice)]
    [TestCase(405, "", "CreateContact failed with 405. " + Advice)]
    [TestCase(410, "", "CreateContact failed with 410. " + Advice)]
    public async Task The_message_is_one_line(int status, string body, string message)
    {
        Server.Responds(status, body);

        Assert.That((await FailAsync<OrqApiException>()).Message, Is.EqualTo(message));
    }

    [Test]
    public async Task Only_the_contacts_client_advises_another_client()
    {
        Server.Responds(404);

        var error = await Expect.ExceptionAsync<OrqNotFoundException>(() => Identities.DeleteIdentityAsync("1"));

        Assert.That(error.Message, Is.EqualTo("DeleteIdentity failed with 404."));
    }

    [TestCase("0.1234567", "0.123 s")]
    [TestCase("1.5", "1.5 s")]
    [SetCulture("de-DE")]
    public async Task Gives_the_requested_wait_in_seconds(string header, string wait)
    {
        Server.Responds(429, "", $"Retry-After: {header}");

        Assert.That(
            (await FailAsync<OrqRateLimitException>()).Message,
            Is.EqualTo($"CreateContact failed with 429. The server asks to wait {wait}.")
        );
    }

    [TestCase("", "", "JSON, but the body is empty")]
    [TestCase("[]", "", "an object")]
    [TestCase("""{"_id":"1","external_id":7}""", " at external_id", "a string")]
    public async Task Says_where_a_body_is_unreadable(string body, string where, string expected)
    {
        Server.Responds(200, body, "x-orq-trace-id: trace-1");

        Assert.That(
            (await FailAsync<OrqResponseException>()).Message,
            Is.EqualTo(
                "CreateContact succeeded with 200 (request id trace-1), but its body cannot be read"
                    + $"{where}: expected {expected}."
            )
        );
    }

    [Test]
    public async Task Gives_the_number_of_attempts()
    {
        Options.Retry = new RetryConfig { MaxAttempts = 3 };
        PassesAtOnce = IsWait;
        Server.Responds(503);

        Assert.That(
            (await FailAsync<OrqServerException>()).Message,
            Is.EqualTo("CreateContact failed with 503 after 3 attempts.")
        );
    }
}
