using System.Net.Sockets;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// Retries of operations that are not idempotent, and whether a failed one may have been applied.
/// </summary>
internal sealed class IdempotencyTests : ClientTest
{
    public IdempotencyTests()
    {
        Options.Retry.MaxAttempts = 2;
        PassesAtOnce = IsWait;
    }

    [TestCaseSource(nameof(Failures))]
    public async Task Retries_an_operation_that_is_not_idempotent_only_if_it_was_not_applied(
        Action<StubHandler> fail,
        bool isRetried
    )
    {
        fail(Server);

        var error = await FailToCreateIdentityAsync();

        Assert.That(error.Attempts, Is.EqualTo(isRetried ? 2 : 1));
    }

    [Test]
    public async Task Does_not_retry_a_timed_out_attempt_that_is_not_idempotent()
    {
        Server.Hangs().Responds(502);

        var call = FailToCreateIdentityAsync();
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That((await call).Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Does_not_retry_a_429_that_is_not_configured()
    {
        Options.Retry.StatusCodes = [503];
        Server.Responds(429);

        Assert.That((await FailToCreateIdentityAsync()).Attempts, Is.EqualTo(1));
    }

    [TestCase("GET", 2)]
    [TestCase("HEAD", 2)]
    [TestCase("PUT", 2)]
    [TestCase("DELETE", 2)]
    [TestCase("POST", 1)]
    [TestCase("PATCH", 1)]
    public async Task Some_methods_are_idempotent_by_definition(string method, int attempts)
    {
        Server.Responds(502);
        var request = new OrqRequest(new OrqOperation("Probe", new HttpMethod(method), "/v2/probe"));

        var error = await Expect.ExceptionAsync<OrqServerException>(() => SendAsync(request));

        Assert.That(error.Attempts, Is.EqualTo(attempts));
    }

    private static TestCaseData[] Failures =>
        [
            Case("429", true, s => s.Responds(429)),
            Case("429 with a wait", true, s => s.Responds(429, "", "Retry-After: 1")),
            Case("503 with a wait", true, s => s.Responds(503, "", "Retry-After: 1")),
            Case("503", false, s => s.Responds(503)),
            Case("503, wait 0", false, s => s.Responds(503, "", "Retry-After: 0")),
            Case("500", false, s => s.Responds(500, "", "Retry-After: 1")),
            Case("502", false, s => s.Responds(502)),
            Case("504", false, s => s.Responds(504)),
            Case("refused", true, s => s.Throws(Refused)),
            Case("reset", false, s => s.Throws(Reset)),
            Case("cut off", false, s => s.Responds(() => CutOff(200))),
        ];

    private static TestCaseData[] Outcomes =>
        [
            Case("400", false, s => s.Responds(400)),
            Case("503", false, s => s.Responds(503)),
            Case("501", false, s => s.Responds(501)),
            Case("429", false, s => s.Responds(429)),
            Case("500", true, s => s.Responds(500)),
            Case("502", true, s => s.Responds(502)),
            Case("504", true, s => s.Responds(504)),
            Case("504, then 400", true, s => s.Responds(504).Responds(400)),
            Case("a 503 that is cut off", true, s => s.Responds(() => CutOff(503))),
            Case("a 503 that is cut off, then 400", true, s => s.Responds(() => CutOff(503)).Responds(400)),
            Case("reset, then refused", true, s => s.Throws(Reset).Throws(Refused)),
            Case("reset, then 400", true, s => s.Throws(Reset).Responds(400)),
            Case("a success that is not JSON", true, s => s.Responds(200, "<html>")),
        ];

    [TestCaseSource(nameof(Outcomes))]
    public async Task Reports_whether_the_request_may_have_been_applied(
        Action<StubHandler> fail,
        bool mayHaveBeenApplied
    )
    {
        fail(Server);

        var error = await FailAsync<OrqException>();

        Assert.That(error.MayHaveBeenApplied, Is.EqualTo(mayHaveBeenApplied));
    }

    private static TestCaseData Case(string name, bool expected, Action<StubHandler> fail) =>
        new TestCaseData(fail, expected).SetArgDisplayNames(name);

    private static HttpRequestException Refused() => new(HttpRequestError.ConnectionError);

    private static HttpRequestException Reset() => new("failed", new SocketException((int)SocketError.ConnectionReset));

    private static HttpResponseMessage CutOff(int status) =>
        StubHandler.Response(status, new ScriptedStream(ScriptedStream.Fails(new IOException("cut off"))));

    /// <summary>Makes a call that is not idempotent, and must fail.</summary>
    private Task<OrqException> FailToCreateIdentityAsync() =>
        Expect.ExceptionAsync<OrqException>(() => Identities.CreateIdentityAsync(new() { ExternalId = "user_12345" }));
}
