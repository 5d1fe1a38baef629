using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>What a client retries, and what it sends again.</summary>
internal sealed class RetryTests : ClientTest
{
    public RetryTests()
    {
        // Every timer is then a wait between attempts.
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Options.Retry.Backoff.MaxElapsedTime = Timeout.InfiniteTimeSpan;
        PassesAtOnce = static _ => true;
    }

    [Test]
    public async Task Retries_until_an_attempt_succeeds()
    {
        Server.Responds(503).Responds(429).Responds(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Value.Id, Is.EqualTo("c1"));
        Assert.That(response.Attempts, Is.EqualTo(3));
    }

    [TestCase(302)]
    [TestCase(401)]
    [TestCase(408)]
    [TestCase(501)]
    public async Task Does_not_retry_other_statuses(int status)
    {
        Server.Responds(status, "", "Retry-After: 1").Responds(200, Stored);

        var error = await FailAsync<OrqApiException>();

        Assert.That(error.StatusCode, Is.EqualTo(status));
        Assert.That(error.Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Retries_only_the_configured_statuses()
    {
        Options.Retry.StatusCodes = [408];
        Server.Responds(408).Responds(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task Retries_nothing_without_a_strategy()
    {
        Options.Retry = RetryConfig.None;
        Server.Responds(503, "", "Retry-After: 1");

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_configuration_for_the_call_wins()
    {
        Server.Responds(503);

        var error = await FailAsync<OrqServerException>(
            new OrqRequestOptions { Retry = new RetryConfig { MaxAttempts = 4 } }
        );

        Assert.That(error.Attempts, Is.EqualTo(4));
    }

    [TestCase(1)]
    [TestCase(3)]
    public async Task Makes_no_more_attempts_than_allowed(int attempts)
    {
        Options.Retry.MaxAttempts = attempts;
        Server.Responds(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(attempts));
        Assert.That(Server.Requests, Has.Count.EqualTo(attempts));
        Assert.That(Clock.RequestedTimers, Has.Count.EqualTo(attempts - 1), "no wait after the last attempt");
    }

    [Test]
    public async Task Sends_the_same_body_and_headers_each_time()
    {
        Options.Headers["x-team"] = "growth";
        Server.Responds(503).Responds(503).Responds(200, Stored);

        await CreateAsync();

        var (first, others) = (Server.Requests[0], Server.Requests.Skip(1));
        Assert.That(
            first.Body,
            Is.EqualTo("""{"external_id":"user_12345","display_name":"Jane Smith","email":"jane.smith@example.com"}""")
        );
        foreach (var other in others)
        {
            Assert.That(other.Body, Is.EqualTo(first.Body));
            Assert.That(other.Headers, Is.EqualTo(first.Headers));
            Assert.That(other.Uri, Is.EqualTo(first.Uri));
        }
    }

    [Test]
    public async Task Resends_the_original_body_when_the_contact_changes_during_a_wait()
    {
        PassesAtOnce = static _ => false;
        Server.Responds(503).Responds(200, Stored);
        var tags = new List<string> { "premium" };
        var contact = Contact;
        contact.Tags = tags;

        var call = Client.CreateContactAsync(contact);
        await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));
        contact.ExternalId = "another";
        tags.Add("late");
        Clock.Advance(TimeSpan.FromMilliseconds(500));
        await call;

        Assert.That(Server.Requests[1].Body, Is.EqualTo(Server.Requests[0].Body));
    }

    private static TestCaseData[] ConnectionErrors =>
        [
            ConnectionError("refused", s => s.Throws(() => new HttpRequestException(HttpRequestError.ConnectionError))),
            ConnectionError(
                "cut off",
                s =>
                    s.Responds(() =>
                        StubHandler.Response(200, new ScriptedStream(ScriptedStream.Fails(new IOException())))
                    )
            ),
        ];

    [TestCaseSource(nameof(ConnectionErrors))]
    public async Task Does_not_retry_connection_errors_when_told_not_to(Action<StubHandler> fail)
    {
        Options.Retry.RetryConnectionErrors = false;
        fail(Server);

        Assert.That((await FailAsync<OrqConnectionException>()).Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_long_error_does_not_affect_its_retry()
    {
        Server.Responds(503, new string('x', 2 * 1024 * 1024)).Responds(200, Stored);

        Assert.That((await CreateAsync()).Value.ExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task Throws_the_last_failure()
    {
        Server
            .Responds(503)
            .Throws(() => new HttpRequestException(HttpRequestError.ConnectionError))
            .Responds(400, """{"message":"no"}""");

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(error.ErrorMessage, Is.EqualTo("no"));
    }

    [Test]
    public async Task Changing_options_after_construction_has_no_effect()
    {
        Options.Retry.MaxAttempts = 2;
        Server.Responds(503);
        _ = Client;

        Options.Retry.MaxAttempts = 5;
        Options.Retry.StatusCodes = [429];
        Options.Retry.Backoff.InitialInterval = TimeSpan.FromSeconds(7);
        Options.Retry = RetryConfig.None;
        Options.Headers["x-late"] = "1";
        Options.AllowedHosts.Add("eu.example.com");
        Options.AllowInsecureHosts.Add("wiremock");
        await FailAsync<OrqServerException>();
        await FailAsync<ArgumentException>(new() { ServerUrl = new Uri("https://eu.example.com") });
        await FailAsync<ArgumentException>(new() { ServerUrl = new Uri("http://wiremock"), ApiKey = "own" });

        Assert.That(Clock.RequestedTimers, Is.EqualTo([TimeSpan.FromMilliseconds(500)]));
        Assert.That(Server.Requests, Has.Count.EqualTo(2));
        Assert.That(Server.Requests[0].Headers, Does.Not.ContainKey("x-late"));
    }

    [Test]
    public async Task Changing_request_options_during_a_call_has_no_effect()
    {
        PassesAtOnce = static _ => false;
        Server.Responds(503);
        var options = new OrqRequestOptions
        {
            Retry = new RetryConfig { MaxAttempts = 2 },
            Headers = { ["x-run"] = "1" },
        };

        var call = CreateAsync(options);
        await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(500));
        options.Retry.MaxAttempts = 9;
        options.Headers["x-run"] = "2";
        Clock.Advance(TimeSpan.FromMilliseconds(500));

        Assert.ThrowsAsync<OrqServerException>(() => call);
        Assert.That(Server.Requests[1].Headers["x-run"], Is.EqualTo("1"));
        Assert.That(Clock.RequestedTimers, Has.Count.EqualTo(1));
    }

    private static TestCaseData ConnectionError(string name, Action<StubHandler> fail) =>
        new TestCaseData(fail).SetArgDisplayNames(name);
}
