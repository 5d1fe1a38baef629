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
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(30);
    }

    private static Failure[] Failures =>
        [
            new("429", true, s => s.Responds(429)),
            new("429 with a wait", true, s => s.Responds(429, "", "Retry-After: 1")),
            new("503 with a wait", true, s => s.Responds(503, "", "Retry-After: 1")),
            new("503", false, s => s.Responds(503)),
            new("503, wait 0", false, s => s.Responds(503, "", "Retry-After: 0")),
            new("500", false, s => s.Responds(500, "", "Retry-After: 1")),
            new("502", false, s => s.Responds(502)),
            new("504", false, s => s.Responds(504)),
            new("refused", true, s => s.Throws(Refused)),
            new("reset", false, s => s.Throws(Reset)),
            new("cut off", false, s => s.Responds(() => CutOff(200))),
        ];

    [Test]
    public async Task Retries_an_operation_that_is_not_idempotent_only_if_it_was_not_applied(
        [ValueSource(nameof(Failures))] Failure failure,
        [Values] bool isIdempotent
    )
    {
        failure.Fail(Server);
        Server.Responds(200, Stored);

        var attempts = await AttemptsAsync(Probe(HttpMethod.Post, isIdempotent));

        Assert.That(attempts, Is.EqualTo(isIdempotent || failure.IsSafeToRetry ? 2 : 1));
    }

    [TestCase("GET", 2)]
    [TestCase("HEAD", 2)]
    [TestCase("PUT", 2)]
    [TestCase("DELETE", 2)]
    [TestCase("POST", 1)]
    [TestCase("PATCH", 1)]
    public async Task Some_methods_are_idempotent_by_definition(string method, int attempts)
    {
        Server.Responds(502).Responds(200, Stored);

        Assert.That(await AttemptsAsync(Probe(new HttpMethod(method))), Is.EqualTo(attempts));
    }

    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public async Task Retries_a_timed_out_attempt_only_when_idempotent(bool isIdempotent, int attempts)
    {
        Server.Hangs().Responds(200, Stored);

        var call = AttemptsAsync(Probe(HttpMethod.Post, isIdempotent));
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That(await call, Is.EqualTo(attempts));
    }

    [Test]
    public async Task Does_not_retry_a_429_that_is_not_configured()
    {
        Options.Retry.StatusCodes = [503];
        Server.Responds(429).Responds(200, Stored);

        Assert.That(await AttemptsAsync(Probe(HttpMethod.Post)), Is.EqualTo(1));
    }

    private static TestCaseData[] Outcomes =>
        [
            Outcome("400", false, s => s.Responds(400)),
            Outcome("503", false, s => s.Responds(503)),
            Outcome("501", false, s => s.Responds(501)),
            Outcome("429", false, s => s.Responds(429)),
            Outcome("500", true, s => s.Responds(500)),
            Outcome("502", true, s => s.Responds(502)),
            Outcome("504", true, s => s.Responds(504)),
            Outcome("504, then 400", true, s => s.Responds(504).Responds(400)),
            Outcome("a 503 that is cut off", true, s => s.Responds(() => CutOff(503))),
            Outcome("a 503 that is cut off, then 400", true, s => s.Responds(() => CutOff(503)).Responds(400)),
            Outcome("reset, then refused", true, s => s.Throws(Reset).Throws(Refused)),
            Outcome("reset, then 400", true, s => s.Throws(Reset).Responds(400)),
            Outcome("a success that is not JSON", true, s => s.Responds(200, "<html>")),
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

    private static TestCaseData Outcome(string name, bool mayHaveBeenApplied, Action<StubHandler> fail) =>
        new TestCaseData(fail, mayHaveBeenApplied).SetArgDisplayNames(name);

    private static HttpRequestException Refused() => new(HttpRequestError.ConnectionError);

    private static HttpRequestException Reset() => SocketException(SocketError.ConnectionReset);

    private static HttpRequestException SocketException(SocketError error) =>
        new("failed", new SocketException((int)error));

    private static HttpResponseMessage CutOff(int status) =>
        StubHandler.Response(status, new ScriptedStream(ScriptedStream.Fails(new IOException("cut off"))));

    private static OrqOperation Probe(HttpMethod method, bool isIdempotent = false) =>
        new("Probe", method, "/v2/probe", IsMarkedIdempotent: isIdempotent);

    private async Task<int> AttemptsAsync(OrqOperation operation)
    {
        var request = new OrqRequest(operation);
        request.SetBody(Contact, JsonCodec.Model<CreateContactRequestBody>());
        try
        {
            var response = await Transport.SendAsync(
                request,
                JsonCodec.Model<CreateContactResponseBody>(),
                null,
                CancellationToken.None
            );
            return response.Attempts;
        }
        catch (OrqException exception)
        {
            return exception.Attempts;
        }
    }

    /// <summary>A failure, and whether an operation that is not idempotent may be retried after it.</summary>
    internal sealed record Failure(string Name, bool IsSafeToRetry, Action<StubHandler> Fail)
    {
        public override string ToString() => Name;
    }
}
