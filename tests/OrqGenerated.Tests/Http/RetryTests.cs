using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>What a client repeats, when, and when it stops.</summary>
internal sealed class RetryTests : ClientTest
{
    private static readonly TimeSpan[] NoWait = [];

    public RetryTests()
    {
        // Only waits between attempts run on the clock, so that every timer is one.
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Options.Retry.Backoff.MaxElapsedTime = Timeout.InfiniteTimeSpan;
        PassesAtOnce = static _ => true;
    }

    private IReadOnlyList<TimeSpan> Waits => Clock.RequestedTimers;

    [Test]
    public async Task What_goes_wrong_between_two_attempts_reaches_the_caller()
    {
        Options.NextRandom = static () => throw new NotSupportedException("no chance");
        Server.Answers(503);

        Assert.That((await FailAsync<NotSupportedException>()).Message, Is.EqualTo("no chance"));
    }

    [Test]
    public async Task Waits_between_attempts_grow_as_configured_up_to_the_cap()
    {
        Options.Retry.MaxAttempts = 22;
        Server.Answers(503);

        var error = await FailAsync<OrqServerException>();

        var expected = Enumerable.Range(0, 21).Select(n => Math.Floor(Math.Min(500 * Math.Pow(1.5, n), 60_000)));
        Assert.That(Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo(expected));
        Assert.That(error.Attempts, Is.EqualTo(22));
        Assert.That(error.Elapsed, Is.EqualTo(Waits.Aggregate((a, b) => a + b)));
    }

    [TestCase(0, 375)]
    [TestCase(0.5, 500)]
    [TestCase(0.9999, 624)]
    public async Task Chance_spreads_the_waits(double random, double milliseconds)
    {
        Random = random;
        Server.Answers(500).Answers(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromMilliseconds(milliseconds)]));
    }

    [TestCase(429)]
    [TestCase(500)]
    [TestCase(502)]
    [TestCase(503)]
    [TestCase(504)]
    public async Task Repeats_these_statuses_until_one_attempt_succeeds(int status)
    {
        Server.Answers(status).Answers(status).Answers(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Value.Id, Is.EqualTo("01JZ3K6PS4"));
        Assert.That(response.Attempts, Is.EqualTo(3));
    }

    [TestCase(300)]
    [TestCase(304)]
    [TestCase(400)]
    [TestCase(401)]
    [TestCase(403)]
    [TestCase(404)]
    [TestCase(408)]
    [TestCase(409)]
    [TestCase(422)]
    [TestCase(501)]
    [TestCase(505)]
    public async Task Does_not_repeat_other_statuses(int status)
    {
        Server.Answers(status, "", "Retry-After: 1").Answers(200, Stored);

        var error = await FailAsync<OrqApiException>();

        Assert.That(error.StatusCode, Is.EqualTo(status));
        Assert.That(error.Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Repeats_the_statuses_that_are_configured_and_no_others()
    {
        Options.Retry.StatusCodes = [408];
        Server.Answers(408).Answers(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task Repeats_nothing_without_a_strategy()
    {
        Options.Retry = RetryConfig.None;
        Server.Answers(503, "", "Retry-After: 1");

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task A_call_s_own_configuration_wins()
    {
        Server.Answers(503);

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
        Server.Answers(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(attempts));
        Assert.That(Server.Requests, Has.Count.EqualTo(attempts));
        Assert.That(Waits, Has.Count.EqualTo(attempts - 1), "there is no wait after the last");
    }

    [Test]
    public async Task Sends_the_same_body_and_headers_each_time()
    {
        Options.Headers["x-team"] = "growth";
        Server.Answers(503).Answers(503).Answers(200, Stored);

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
    public async Task A_body_that_is_changed_during_a_wait_is_sent_as_it_was()
    {
        PassesAtOnce = static _ => false;
        Server.Answers(503).Answers(200, Stored);
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

    [Test]
    public async Task Waits_as_long_as_the_server_asks_and_up_to_a_tenth_more()
    {
        Server.Answers(429, "", "Retry-After: 20").Answers(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromSeconds(21)]));
    }

    [Test]
    public async Task Waits_its_own_time_when_the_server_asks_for_less()
    {
        Server.Answers(503, "", "retry-after-ms: 100").Answers(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromMilliseconds(500)]));
    }

    [TestCase("Retry-After: 0")]
    [TestCase("Retry-After: -1")]
    [TestCase("Retry-After: soon")]
    [TestCase("retry-after-ms: 0")]
    public async Task A_server_that_asks_for_nothing_is_not_hammered(string header)
    {
        Options.Retry.MaxAttempts = 3;
        Server.Answers(429, "", header);

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo([500, 750]));
        Assert.That(error.RetryAfter, Is.Null);
    }

    [TestCase("Retry-After: 60.001")]
    [TestCase("Retry-After: 3600")]
    [TestCase("Retry-After: 99999999999")]
    [TestCase("retry-after-ms: 60001")]
    public async Task Fails_at_once_when_the_server_asks_for_more_than_the_longest_wait(string header)
    {
        Server.Answers(429, """{"code":"rate_limit_exceeded"}""", header);

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(Waits, Is.Empty);
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.GreaterThan(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public async Task Waits_the_longest_wait_that_the_server_may_ask_for()
    {
        Random = 0;
        Server.Answers(429, "", "Retry-After: 60").Answers(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromSeconds(60)]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Fails_at_once_when_no_timer_takes_what_the_server_asks_for(bool isInfinite)
    {
        Options.Retry.Backoff.MaxInterval = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        Options.Retry.Backoff.MaxElapsedTime = isInfinite ? Timeout.InfiniteTimeSpan : TimeSpan.MaxValue;
        Options.TotalTimeout = TimeSpan.MaxValue;
        Server.Answers(503, "", "Retry-After: 99999999999");

        var error = await FailAsync<OrqServerException>();

        Assert.That(Waits, Is.Empty);
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(99999999999)));
    }

    [Test]
    public async Task Begins_no_wait_that_ends_after_the_elapsed_time_allowed()
    {
        // 500 + 750 + 1125 ms are 2375 ms; the next wait would end after 4062 ms.
        Options.Retry.Backoff.MaxElapsedTime = TimeSpan.FromMilliseconds(4061);
        Server.Answers(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(Waits.Select(wait => wait.TotalMilliseconds), Is.EqualTo([500, 750, 1125]));
        Assert.That(error.Attempts, Is.EqualTo(4));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.FromMilliseconds(2375)));
    }

    [Test]
    public async Task Begins_a_wait_that_ends_just_with_the_elapsed_time_allowed()
    {
        Options.Retry.Backoff.MaxElapsedTime = TimeSpan.FromMilliseconds(500);
        Server.Answers(503);

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
    }

    [Test]
    public async Task The_time_of_attempts_counts_towards_the_elapsed_time()
    {
        Options.Retry.Backoff.MaxElapsedTime = TimeSpan.FromSeconds(10);
        Server.Does(
            (_, _) =>
            {
                Clock.Advance(TimeSpan.FromSeconds(5));
                return Task.FromResult(StubHandler.Response(503, ""));
            }
        );

        var error = await FailAsync<OrqServerException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(10.5)));
    }

    [Test]
    public async Task Begins_no_wait_that_ends_after_the_total_limit()
    {
        Options.TotalTimeout = TimeSpan.FromSeconds(10);
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(10);
        Server.Answers(429, "", "Retry-After: 9.9");

        var error = await FailAsync<OrqRateLimitException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(9.9)));
        Assert.That(error.Elapsed, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task The_most_generous_configuration_overflows_nowhere()
    {
        Options.Retry = new RetryConfig
        {
            Backoff = new BackoffStrategy(TimeSpan.MaxValue, TimeSpan.MaxValue, double.MaxValue, TimeSpan.MaxValue),
            MaxAttempts = int.MaxValue,
        };
        Options.AttemptTimeout = TimeSpan.MaxValue;
        Options.TotalTimeout = TimeSpan.MaxValue;
        Server.Answers(503, "", "retry-after-ms: 9").Answers(503).Answers(503).Answers(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(4));
        Assert.That(Waits, Is.All.EqualTo(TimeSpan.FromMilliseconds(uint.MaxValue - 1)));
    }

    [Test]
    public async Task A_thousand_retries_with_exponent_10_wait_no_longer_than_the_cap()
    {
        Options.Retry.Backoff.Exponent = 10;
        Options.Retry.MaxAttempts = 1001;
        Server.Answers(503);

        await FailAsync<OrqServerException>();

        Assert.That(Waits.Take(3).Select(wait => wait.TotalSeconds), Is.EqualTo([0.5, 5, 50]));
        Assert.That(Waits.Skip(3), Is.All.EqualTo(TimeSpan.FromSeconds(60)));
        Assert.That(Waits, Has.Count.EqualTo(1000));
    }

    [TestCase("de-DE")]
    [TestCase("th-TH")]
    public async Task The_culture_changes_no_wait(string culture)
    {
        using var _ = new InCulture(culture);
        Random = 0;
        Server
            .Answers(503, "", "Retry-After: 1.5")
            .Answers(503, "", $"Retry-After: {Clock.GetUtcNow().AddSeconds(31.5).UtcDateTime:R}")
            .Answers(200, Stored);

        await CreateAsync();

        Assert.That(Waits.Select(wait => wait.TotalSeconds), Is.EqualTo([1.5, 29.5]).Within(0.51));
        Assert.That(Waits[0], Is.EqualTo(TimeSpan.FromSeconds(1.5)));
    }

    [Test]
    public async Task Repeats_connection_errors()
    {
        Server
            .Throws(() => new HttpRequestException(HttpRequestError.ConnectionError))
            .Throws(() => new HttpRequestException("reset", new IOException("reset")))
            .Answers(200, Stored);

        Assert.That((await CreateAsync()).Attempts, Is.EqualTo(3));
    }

    [Test]
    public async Task Does_not_repeat_connection_errors_when_told_not_to()
    {
        Options.Retry.RetryConnectionErrors = false;
        Server.Throws(() => new HttpRequestException(HttpRequestError.ConnectionError));

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
    }

    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public async Task Repeats_a_body_that_was_cut_off_as_a_connection_error(bool repeats, int attempts)
    {
        Options.Retry.RetryConnectionErrors = repeats;
        Options.Retry.MaxAttempts = 2;
        Server.Answers(() =>
            StubHandler.Response(
                200,
                new StreamContent(
                    new ScriptedStream(
                        ScriptedStream.Bytes(Stored[..20]),
                        ScriptedStream.Fails(new HttpIOException(HttpRequestError.ResponseEnded, "cut off"))
                    )
                )
            )
        );

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Attempts, Is.EqualTo(attempts));
        Assert.That(error.Message, Does.Contain("cut off"));
    }

    [Test]
    public async Task Never_repeats_a_success_that_cannot_be_read()
    {
        Server.Answers(200, "{").Answers(200, Stored);

        var error = await FailAsync<OrqResponseException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Does_not_repeat_what_a_handler_fails_with_by_mistake()
    {
        Server.Throws(() => new InvalidOperationException("a bug"));

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.InnerException, Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public async Task Frees_a_failed_response_before_the_next_attempt()
    {
        var body = new ScriptedStream(ScriptedStream.Bytes("""{"message":"busy"}"""));
        var wasFree = false;
        Server
            .Answers(() => StubHandler.Response(503, new StreamContent(body)))
            .Answers(() =>
            {
                wasFree = body.IsDisposed;
                return StubHandler.Response(200, Stored);
            });

        await CreateAsync();

        Assert.That(wasFree, Is.True, "the body of the 503 was still open");
    }

    [Test]
    public async Task A_long_error_does_not_spoil_the_success_after_it()
    {
        Server.Answers(503, new string('x', 2 * 1024 * 1024)).Answers(200, Stored);

        Assert.That((await CreateAsync()).Value.ExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task The_last_failure_is_the_one_that_is_thrown()
    {
        Server
            .Answers(503)
            .Throws(() => new HttpRequestException(HttpRequestError.ConnectionError))
            .Answers(400, """{"message":"no"}""");

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(error.ErrorMessage, Is.EqualTo("no"));
    }

    [Test]
    public async Task Options_changed_after_construction_change_no_call()
    {
        Options.Retry.MaxAttempts = 2;
        Server.Answers(503);
        _ = Client;

        Options.Retry.MaxAttempts = 5;
        Options.Retry.StatusCodes = [429];
        Options.Retry.Backoff.InitialInterval = TimeSpan.FromSeconds(7);
        Options.Retry = RetryConfig.None;
        await FailAsync<OrqServerException>();

        Assert.That(Waits, Is.EqualTo([TimeSpan.FromMilliseconds(500)]));
    }

    [Test]
    public async Task A_call_s_options_changed_during_the_call_do_not_change_it()
    {
        PassesAtOnce = static _ => false;
        Server.Answers(503);
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

    [Test]
    public async Task No_wait_is_made_where_none_is_needed()
    {
        Server.Answers(200, Stored);

        await CreateAsync();

        Assert.That(Waits, Is.EqualTo(NoWait));
    }
}
