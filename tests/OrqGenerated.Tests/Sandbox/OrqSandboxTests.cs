using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Sandbox;

internal sealed class OrqSandboxTests : SandboxTest
{
    [Test]
    public async Task Returns_the_contact_with_an_id_and_both_times()
    {
        var time = new FakeTimeProvider();
        time.Advance(TimeSpan.FromSeconds(5.678));
        await using var sandbox = await OrqSandbox.StartAsync(new() { TimeProvider = time });
        const string Time = "2026-06-02T12:00:05.678Z";
        const string Fields =
            ""","display_name":"Jane","email":"j@x.example","avatar_url":"http://x/[b|c]","tags":["premium","beta"],"""
            + "\"metadata\":{\"department\":\"Engineering\",\"last_login\":\"2024-01-15\"}";

        var (status, body) = await SendAsync(sandbox, $$"""{"external_id":"u1"{{Fields}}}""");

        Assert.That(status, Is.EqualTo(StoredContact.Status), body);
        Assert.That(
            body,
            Is.EqualTo(
                $$"""{"_id":"00000000000000000000000001","created":"{{Time}}","external_id":"u1"{{Fields}}"""
                    + $$""","updated":"{{Time}}"}"""
            )
        );
    }

    [Test]
    public async Task An_update_keeps_what_is_absent_and_replaces_what_is_null_or_a_value()
    {
        var time = new FakeTimeProvider();
        await using var sandbox = await OrqSandbox.StartAsync(new() { TimeProvider = time });
        var (_, first) = await SendAsync(
            sandbox,
            """{"external_id":"a","display_name":"Jane","email":"j@x.example","avatar_url":"http://x/[b|c]","tags":"""
                + """["t"],"metadata":{"a":1,"b":2}}"""
        );

        time.Advance(TimeSpan.FromSeconds(1));
        var (_, second) = await SendAsync(
            sandbox,
            """{"external_id":"a","display_name":null,"email":"k@x.example","metadata":{"c":3}}"""
        );

        var (before, after) = (JsonDocument.Parse(first).RootElement, JsonDocument.Parse(second).RootElement);
        Assert.Multiple(() =>
        {
            Assert.That(after.GetProperty("_id").GetString(), Is.EqualTo(before.GetProperty("_id").GetString()));
            Assert.That(after.GetProperty("display_name").ValueKind, Is.EqualTo(JsonValueKind.Null), "was set to null");
            Assert.That(after.GetProperty("email").GetString(), Is.EqualTo("k@x.example"), "was given a value");
            Assert.That(after.GetProperty("avatar_url").GetString(), Is.EqualTo("http://x/[b|c]"), "was absent");
            Assert.That(after.GetProperty("tags").GetRawText(), Is.EqualTo("""["t"]"""), "was absent");
            Assert.That(
                after.GetProperty("metadata").GetRawText(),
                Is.EqualTo("""{"c":3}"""),
                "was replaced as a whole"
            );
            Assert.That(after.GetProperty("created").GetString(), Is.EqualTo("2026-06-02T12:00:00.000Z"));
            Assert.That(after.GetProperty("updated").GetString(), Is.EqualTo("2026-06-02T12:00:01.000Z"));
        });
    }

    [Test]
    public async Task A_field_that_was_never_sent_is_absent_from_the_response()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        var (_, body) = await SendAsync(sandbox, """{"external_id":"a","email":null,"unknown":1}""");
        var names = JsonDocument.Parse(body).RootElement.EnumerateObject().Select(p => p.Name);
        Assert.That(names, Does.Contain("email"));
        Assert.That(names.Intersect(["display_name", "avatar_url", "tags", "metadata", "unknown"]), Is.Empty);
    }

    [Test]
    public async Task Returns_metadata_unchanged()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        const string Metadata =
            """{"a":1e400,"b":-0,"c":0.10000000000000000000000000000001,"d":1180591620717411303424"""
            + ""","e":"\ud800 \u00e9 é","f":{ "g":[1.0, null] },"f":2}""";
        var (status, body) = await SendAsync(sandbox, $$"""{"external_id":"a","metadata":{{Metadata}}}""");
        Assert.That(status, Is.EqualTo(StoredContact.Status), body);
        Assert.That(JsonDocument.Parse(body).RootElement.GetProperty("metadata").GetRawText(), Is.EqualTo(Metadata));
    }

    [Test]
    public async Task Accepts_metadata_nested_a_hundred_levels_deep()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 100)) + "1" + new string('}', 100);
        var (status, body) = await SendAsync(sandbox, $$"""{"external_id":"a","metadata":{{deep}}}""");
        Assert.That(status, Is.EqualTo(StoredContact.Status), body);
        Assert.That(body, Does.Contain(deep));
    }

    [TestCase("""{}""", "external_id", "is required")]
    [TestCase("""{"external_id":null}""", "external_id", "must be a string")]
    [TestCase("""{"external_id":7}""", "external_id", "must be a string")]
    [TestCase("""{"external_id":""}""", "external_id", "must be 1 to 120 characters long")]
    [TestCase("""{"external_id":"\ud800"}""", "", "must be valid Unicode")]
    [TestCase("""{"external_id":"a","display_name":1}""", "display_name", "must be a string or null")]
    [TestCase("""{"external_id":"a","email":"jane"}""", "email", "must be an e-mail address")]
    [TestCase("""{"external_id":"a","email":""}""", "email", "must be an e-mail address")]
    [TestCase("""{"external_id":"a","email":"jane@x y"}""", "email", "must be an e-mail address")]
    [TestCase("""{"external_id":"a","avatar_url":"/a.png"}""", "avatar_url", "must be an absolute URI")]
    [TestCase("""{"external_id":"a","avatar_url":"http://x/ y"}""", "avatar_url", "must be an absolute URI")]
    [TestCase("""{"external_id":"a","tags":null}""", "tags", "must be an array of strings")]
    [TestCase("""{"external_id":"a","tags":["x",null]}""", "tags", "must be an array of strings")]
    [TestCase("""{"external_id":"a","metadata":null}""", "metadata", "must be an object")]
    [TestCase("""{"external_id":"a","metadata":[]}""", "metadata", "must be an object")]
    [TestCase("""[]""", "", "must be an object")]
    [TestCase("""{"external_id":"a" """, "", "is not JSON at line 1, byte 19")]
    [TestCase("", "", "is not JSON at line 1, byte 0")]
    public async Task Says_what_is_wrong_with_an_invalid_body(string json, string path, string message)
    {
        await using var sandbox = await OrqSandbox.StartAsync();

        var (status, body) = await SendAsync(sandbox, json);

        Assert.That(status, Is.EqualTo(400), body);
        var error = JsonDocument.Parse(body).RootElement;
        var issues = error.GetProperty("details").GetProperty("issues").EnumerateArray().ToList();
        Assert.Multiple(() =>
        {
            Assert.That(error.GetProperty("code").GetString(), Is.EqualTo("invalid_request_body"));
            Assert.That(
                error.GetProperty("message").GetString(),
                Is.EqualTo($"{(path.Length == 0 ? "The body" : path)} {message}.")
            );
            Assert.That(error.GetProperty("request_id").GetString(), Is.EqualTo("req_000000000001"));
            Assert.That(issues, Has.Count.EqualTo(1), body);
            Assert.That(issues[0].GetProperty("path").GetString(), Is.EqualTo(path));
            Assert.That(issues[0].GetProperty("message").GetString(), Is.EqualTo(message));
        });
    }

    [Test]
    public async Task Reports_everything_that_is_wrong_with_a_body_at_once()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        var (_, body) = await SendAsync(sandbox, """{"external_id":"","email":1,"tags":[1,"x",2]}""");
        var issues = JsonDocument.Parse(body).RootElement.GetProperty("details").GetProperty("issues");
        Assert.That(
            issues.EnumerateArray().Select(i => i.GetProperty("path").GetString()),
            Is.EqualTo(new[] { "external_id", "email", "tags" })
        );
    }

    [TestCase(120, StoredContact.Status)]
    [TestCase(121, 400)]
    public async Task Counts_the_length_of_an_external_id_in_code_points(int length, int expected)
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        var id = string.Concat(Enumerable.Repeat("😀", length));
        var (status, body) = await SendAsync(sandbox, JsonSerializer.Serialize(new { external_id = id }));
        Assert.That(status, Is.EqualTo(expected), body);
    }

    [TestCase(null, "authentication_required")]
    [TestCase("Bearer other", "invalid_api_key")]
    [TestCase("Bearer", "invalid_api_key")]
    [TestCase("Basic secret", "invalid_api_key")]
    public async Task Refuses_a_missing_or_wrong_key_with_a_401(string? authorization, string code)
    {
        await using var sandbox = await OrqSandbox.StartAsync(new() { ApiKey = "secret" });
        using var request = Request(sandbox, """{"external_id":"a"}""");
        request.Headers.Remove("Authorization");
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);

        using var response = await Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await CodeOf(response), Is.EqualTo(code));
    }

    [Test]
    public async Task Refuses_another_path_with_a_404_and_another_method_with_a_405()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        using var elsewhere = Request(sandbox, "{}", "/v2/contacts/7");
        using var notFound = await Http.SendAsync(elsewhere);
        using var get = await Http.GetAsync(new Uri(sandbox.ServerUrl, "/v2/contacts"));

        Assert.That(notFound.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await CodeOf(notFound), Is.EqualTo("route_not_found"));
        Assert.That(get.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(await CodeOf(get), Is.EqualTo("method_not_allowed"));
    }

    [TestCase("text/plain")]
    [TestCase(null)]
    public async Task Refuses_a_body_of_another_type_with_a_415(string? type)
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        using var request = Request(sandbox, """{"external_id":"a"}""");
        request.Content!.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await Http.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task Records_requests()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        using var request = Request(sandbox, """{"external_id":"é"}""", "/elsewhere?x=1");
        request.Headers.Add("X-Two", ["a", "b"]);
        using var response = await Http.SendAsync(request);

        var recorded = sandbox.Requests.Single();
        Assert.Multiple(() =>
        {
            Assert.That(recorded.Method, Is.EqualTo("POST"));
            Assert.That(recorded.Path, Is.EqualTo("/elsewhere?x=1"));
            Assert.That(recorded.Headers["authorization"], Is.EqualTo("Bearer " + sandbox.ApiKey));
            Assert.That(recorded.Headers["x-two"], Is.EqualTo("a, b"));
            Assert.That(recorded.BodyText, Is.EqualTo("""{"external_id":"é"}"""));
            Assert.That(recorded.Body.ToArray(), Is.EqualTo(Encoding.UTF8.GetBytes("""{"external_id":"é"}""")));
            Assert.That(recorded.ToString(), Is.EqualTo("POST /elsewhere?x=1"));
        });
    }
}
