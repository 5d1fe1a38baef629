using System.Text.Json;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Sandbox;

/// <summary>Planned failures, rate limits and other options.</summary>
internal sealed class SandboxOptionTests : SandboxTest
{
    [Test]
    public async Task Gives_planned_failures_in_order()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        sandbox.FailNext(2, 503, [new("Retry-After", "7")]);
        sandbox.FailNext(1, 502, [new("Content-Type", "text/html")], "<h1>");
        var responses = new List<(int, string?, string?)>();
        for (var i = 0; i < 4; i++)
        {
            using var request = Request(sandbox, """{"external_id":"a"}""");
            using var response = await Http.SendAsync(request);
            var code = (int)response.StatusCode is 503 ? await CodeOf(response) : null;
            responses.Add(((int)response.StatusCode, response.Headers.RetryAfter?.ToString(), code));
            if (i == 2)
                Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("<h1>"));
        }

        (int, string?, string?)[] expected =
        [
            (503, "7", "sandbox_failure"),
            (503, "7", "sandbox_failure"),
            (502, null, null),
            (StoredContact.Status, null, null),
        ];
        Assert.That(responses, Is.EqualTo(expected));
        Assert.That(sandbox.Requests, Has.Count.EqualTo(4), "a failed request is recorded too");
    }

    [Test]
    public async Task A_planned_failure_can_have_a_status_without_a_body()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        sandbox.FailNext(1, 204);
        var (status, body) = await SendAsync(sandbox, "{}");
        Assert.That((status, body), Is.EqualTo((204, "")));
    }

    [Test]
    public async Task Refuses_invalid_failures()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        Assert.That(() => sandbox.FailNext(-1, 500), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => sandbox.FailNext(1, 199), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => sandbox.FailNext(1, 600), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Refuses_invalid_options()
    {
        Assert.That(() => OrqSandbox.StartAsync(new() { ApiKey = " " }), Throws.ArgumentException);
        OrqSandboxOptions[] outOfRange =
        [
            new() { MaxContacts = 0 },
            new() { RateLimit = 0 },
            new() { RateWindow = TimeSpan.Zero },
            new() { Latency = TimeSpan.FromTicks(-1) },
        ];
        foreach (var options in outOfRange)
            Assert.That(() => OrqSandbox.StartAsync(options), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task Above_the_limit_asks_to_wait_until_the_oldest_request_leaves_the_window()
    {
        var time = new FakeTimeProvider();
        await using var sandbox = await OrqSandbox.StartAsync(new() { TimeProvider = time, RateLimit = 2 });
        Assert.That(await StatusAsync(sandbox), Is.EqualTo(StoredContact.Status));
        time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(await StatusAsync(sandbox), Is.EqualTo(StoredContact.Status));
        time.Advance(TimeSpan.FromSeconds(1.5));

        using var request = Request(sandbox, """{"external_id":"a"}""");
        using var response = await Http.SendAsync(request);

        Assert.That((int)response.StatusCode, Is.EqualTo(429));
        Assert.That(await CodeOf(response), Is.EqualTo("rate_limit_exceeded"));
        Assert.That(response.Headers.RetryAfter?.ToString(), Is.EqualTo("39"));
        time.Advance(TimeSpan.FromSeconds(39));
        Assert.That(await StatusAsync(sandbox), Is.EqualTo(StoredContact.Status));
        Assert.That(await StatusAsync(sandbox), Is.EqualTo(429));
    }

    [Test]
    public async Task A_limit_per_second_is_a_bucket_that_fills_evenly()
    {
        var time = new FakeTimeProvider();
        await using var sandbox = await OrqSandbox.StartAsync(
            new()
            {
                TimeProvider = time,
                RateLimit = 4,
                RateWindow = TimeSpan.FromSeconds(1),
            }
        );
        Assert.That(await AllowedAsync(), Is.EqualTo(4));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.That(await AllowedAsync(), Is.EqualTo(2));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await AllowedAsync(), Is.EqualTo(4));

        async Task<int> AllowedAsync()
        {
            var allowed = 0;
            while (await StatusAsync(sandbox) != 429)
                allowed++;
            return allowed;
        }
    }

    [Test]
    public async Task Delays_a_response_by_the_configured_latency()
    {
        var time = new FakeTimeProvider();
        await using var sandbox = await OrqSandbox.StartAsync(
            new() { TimeProvider = time, Latency = TimeSpan.FromSeconds(5) }
        );
        var status = StatusAsync(sandbox);
        await time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        Assert.That(status.IsCompleted, Is.False);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(await status, Is.EqualTo(StoredContact.Status));
    }

    [Test]
    public async Task Fails_the_requests_that_Fail_chooses()
    {
        await using var sandbox = await OrqSandbox.StartAsync(
            new()
            {
                RecordRequests = false,
                Fail = request =>
                    request.BodyText.Contains("bad", StringComparison.Ordinal)
                        ? new SandboxFailure(418) { Body = "short and stout", Headers = [new("X-A", "b")] }
                        : null,
            }
        );
        Assert.That(await StatusAsync(sandbox), Is.EqualTo(StoredContact.Status));
        using var request = Request(sandbox, """{"external_id":"bad"}""");
        using var response = await Http.SendAsync(request);
        Assert.That((int)response.StatusCode, Is.EqualTo(418));
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("short and stout"));
        Assert.That(response.Headers.GetValues("X-A"), Is.EqualTo(new[] { "b" }));
    }

    [Test]
    public async Task Many_concurrent_clients_lose_nothing()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        var ids = await Task.WhenAll(
            Enumerable
                .Range(0, 640)
                .Select(async i =>
                {
                    var (_, body) = await SendAsync(sandbox, $$"""{"external_id":"user_{{i % 320}}"}""");
                    return JsonDocument.Parse(body).RootElement.GetProperty("_id").GetString();
                })
        );
        Assert.That(ids.Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(320), "one id per external id");
        Assert.That(sandbox.Requests, Has.Count.EqualTo(640));
    }

    [Test]
    public async Task Forgets_the_oldest_contact_above_the_maximum_and_records_no_requests()
    {
        await using var sandbox = await OrqSandbox.StartAsync(new() { MaxContacts = 2, RecordRequests = false });
        var ids = new List<string?>();
        foreach (var id in new[] { "a", "b", "a", "c", "b", "a" })
        {
            var (_, body) = await SendAsync(sandbox, $$"""{"external_id":"{{id}}"}""");
            ids.Add(JsonDocument.Parse(body).RootElement.GetProperty("_id").GetString());
        }

        Assert.That(ids[2], Is.EqualTo(ids[0]), "a is still known");
        Assert.That(ids[4], Is.EqualTo(ids[1]), "b is still known");
        Assert.That(ids[5], Is.Not.EqualTo(ids[0]), "c has replaced a");
        Assert.That(sandbox.Requests, Is.Empty);
        Assert.That(sandbox.RequestCount, Is.EqualTo(6));
    }

    [Test]
    public async Task Stops_listening_when_disposed()
    {
        var sandbox = await OrqSandbox.StartAsync();
        await sandbox.DisposeAsync();
        Assert.That(async () => await SendAsync(sandbox, "{}"), Throws.InstanceOf<HttpRequestException>());
    }

    [Test]
    public async Task Throws_an_IOException_if_the_port_is_in_use()
    {
        await using var first = await OrqSandbox.StartAsync();
        var options = new OrqSandboxOptions { Port = first.ServerUrl.Port };
        Assert.That(() => OrqSandbox.StartAsync(options), Throws.InstanceOf<IOException>());
    }
}
