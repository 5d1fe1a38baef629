using System.Net.Sockets;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// What may be repeated when sending twice is not the same as sending once, and what a caller is told of it.
/// </summary>
internal sealed class IdempotencyTests : ClientTest
{
    public IdempotencyTests()
    {
        Options.Retry.MaxAttempts = 2;
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(30);
    }

    private static TestCaseData[] Failures =>
        [
            Failure("429", repeatable: true, s => s.Answers(429)),
            Failure("429 with a wait", repeatable: true, s => s.Answers(429, "", "Retry-After: 1")),
            Failure("503 with a wait", repeatable: true, s => s.Answers(503, "", "Retry-After: 1")),
            Failure("503", repeatable: false, s => s.Answers(503)),
            Failure("503, wait 0", repeatable: false, s => s.Answers(503, "", "Retry-After: 0")),
            Failure("500", repeatable: false, s => s.Answers(500, "", "Retry-After: 1")),
            Failure("502", repeatable: false, s => s.Answers(502)),
            Failure("504", repeatable: false, s => s.Answers(504)),
            Failure("DNS", repeatable: true, Error(HttpRequestError.NameResolutionError)),
            Failure("refused", repeatable: true, Error(HttpRequestError.ConnectionError)),
            Failure("TLS", repeatable: true, Error(HttpRequestError.SecureConnectionError)),
            Failure("proxy", repeatable: true, Error(HttpRequestError.ProxyTunnelError)),
            Failure("refused socket", repeatable: true, Socket(SocketError.ConnectionRefused)),
            Failure("unknown host", repeatable: true, Socket(SocketError.HostNotFound)),
            Failure(
                "connect timeout",
                repeatable: true,
                s =>
                    s.Throws(() =>
                        new TaskCanceledException("x", new TimeoutException("the configured ConnectTimeout."))
                    )
            ),
            Failure("reset", repeatable: false, Socket(SocketError.ConnectionReset)),
            Failure("no answer", repeatable: false, Error(HttpRequestError.ResponseEnded)),
            Failure("not HTTP", repeatable: false, Error(HttpRequestError.InvalidResponse)),
            Failure(
                "a handler's own cancellation",
                repeatable: false,
                s => s.Throws(() => new TaskCanceledException("given up"))
            ),
            Failure(
                "cut off",
                repeatable: false,
                s =>
                    s.Answers(() =>
                        StubHandler.Response(
                            200,
                            new StreamContent(new ScriptedStream(ScriptedStream.Fails(new IOException("cut off"))))
                        )
                    )
            ),
        ];

    [TestCaseSource(nameof(Failures))]
    public async Task A_call_that_is_not_idempotent_is_repeated_only_where_it_was_not_carried_out(
        Action<StubHandler> fail,
        bool isRepeatable
    )
    {
        fail(Server);
        Server.Answers(200, Stored);

        var attempts = await AttemptsAsync(new OrqOperation("Probe", HttpMethod.Post, "/v2/probe"));

        Assert.That(attempts, Is.EqualTo(isRepeatable ? 2 : 1));
    }

    [TestCaseSource(nameof(Failures))]
    public async Task A_call_that_is_idempotent_is_repeated_after_all_of_these(
        Action<StubHandler> fail,
        bool isRepeatable
    )
    {
        _ = isRepeatable;
        fail(Server);
        Server.Answers(200, Stored);

        var attempts = await AttemptsAsync(
            new OrqOperation("Probe", HttpMethod.Post, "/v2/probe", IsMarkedIdempotent: true)
        );

        Assert.That(attempts, Is.EqualTo(2));
    }

    [TestCase("GET", 2)]
    [TestCase("HEAD", 2)]
    [TestCase("PUT", 2)]
    [TestCase("DELETE", 2)]
    [TestCase("POST", 1)]
    [TestCase("PATCH", 1)]
    public async Task Only_some_methods_are_idempotent_by_themselves(string method, int attempts)
    {
        Server.Answers(502).Answers(200, Stored);

        Assert.That(
            await AttemptsAsync(new OrqOperation("Probe", new HttpMethod(method), "/v2/probe")),
            Is.EqualTo(attempts)
        );
    }

    [TestCase(true, 2)]
    [TestCase(false, 1)]
    public async Task An_attempt_that_took_too_long_is_repeated_only_when_idempotent(bool isIdempotent, int attempts)
    {
        Server.Hangs().Answers(200, Stored);

        var call = AttemptsAsync(new OrqOperation("Probe", HttpMethod.Post, "/v2/probe", isIdempotent));
        await Server.WaitForRequestAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.That(await call, Is.EqualTo(attempts));
    }

    [Test]
    public async Task A_429_is_repeated_only_if_it_is_among_the_statuses()
    {
        Options.Retry.StatusCodes = [503];
        Server.Answers(429).Answers(200, Stored);

        Assert.That(await AttemptsAsync(new OrqOperation("Probe", HttpMethod.Post, "/v2/probe")), Is.EqualTo(1));
    }

    private static TestCaseData[] Outcomes =>
        [
            Outcome("an answer", false, s => s.Answers(400)),
            Outcome("503", false, s => s.Answers(503)),
            Outcome("501", false, s => s.Answers(501)),
            Outcome("429", false, s => s.Answers(429)),
            Outcome("500", true, s => s.Answers(500)),
            Outcome("502", true, s => s.Answers(502)),
            Outcome("504", true, s => s.Answers(504)),
            Outcome("504, then a refusal", true, s => s.Answers(504).Answers(400)),
            Outcome("a wrong encoding", false, s => s.Answers(Broken(400, new InvalidDataException()))),
            Outcome("an answer that is cut off", true, s => s.Answers(Broken(503))),
            Outcome("cut off, then an answer", true, s => s.Answers(Broken(503)).Answers(400)),
            Outcome("refused", false, Error(HttpRequestError.ConnectionError)),
            Outcome("refused socket", false, Socket(SocketError.ConnectionRefused)),
            Outcome("unknown host", false, Error(HttpRequestError.NameResolutionError)),
            Outcome("TLS", false, Error(HttpRequestError.SecureConnectionError)),
            Outcome("reset", true, Socket(SocketError.ConnectionReset)),
            Outcome(
                "reset, then refused",
                true,
                s =>
                {
                    Socket(SocketError.ConnectionReset)(s);
                    Error(HttpRequestError.ConnectionError)(s);
                }
            ),
            Outcome(
                "reset, then an answer",
                true,
                s =>
                {
                    Socket(SocketError.ConnectionReset)(s);
                    s.Answers(400);
                }
            ),
            Outcome("a success that is cut off", true, s => s.Answers(Broken(200))),
            Outcome("a success that is no JSON", true, s => s.Answers(200, "<html>")),
            Outcome("a handler's mistake", true, s => s.Throws(() => new InvalidCastException())),
        ];

    [TestCaseSource(nameof(Outcomes))]
    public async Task Tells_whether_the_request_may_have_been_applied(Action<StubHandler> fail, bool mayHaveBeenApplied)
    {
        fail(Server);

        var error = await FailAsync<OrqException>();

        Assert.That(error.MayHaveBeenApplied, Is.EqualTo(mayHaveBeenApplied));
    }

    private static TestCaseData Failure(string name, bool repeatable, Action<StubHandler> fail) =>
        new TestCaseData(fail, repeatable).SetArgDisplayNames(name);

    private static TestCaseData Outcome(string name, bool mayHaveBeenApplied, Action<StubHandler> fail) =>
        new TestCaseData(fail, mayHaveBeenApplied).SetArgDisplayNames(name);

    private static Action<StubHandler> Error(HttpRequestError error) =>
        server => server.Throws(() => new HttpRequestException(error));

    private static Action<StubHandler> Socket(SocketError error) =>
        server => server.Throws(() => new HttpRequestException("failed", new SocketException((int)error)));

    private static Func<HttpResponseMessage> Broken(int status, Exception? exception = null) =>
        () =>
            StubHandler.Response(
                status,
                new StreamContent(new ScriptedStream(ScriptedStream.Fails(exception ?? new IOException("cut off"))))
            );

    private async Task<int> AttemptsAsync(OrqOperation operation)
    {
        using var transport = new OrqTransport(typeof(ContactsClient), Http, Options, (_, ref _) => { });
        var call = new OrqRequest(operation);
        call.SetBody(Contact, JsonCodec.Model<CreateContactRequestBody>());
        try
        {
            var response = await transport.SendAsync(
                call,
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
}
