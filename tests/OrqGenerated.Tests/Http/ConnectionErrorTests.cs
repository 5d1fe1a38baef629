using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// Calls without a complete response: the exception's message, and whether the request may have been applied.
/// </summary>
internal sealed class ConnectionErrorTests : ClientTest
{
    public ConnectionErrorTests() => Options.Retry = RetryConfig.None;

    private static IEnumerable<TestCaseData> Causes =>
        [
            Case(
                new HttpRequestException(HttpRequestError.NameResolutionError),
                "the host name could not be resolved",
                false
            ),
            Case(Inner(SocketError.HostNotFound), "the host name could not be resolved", false),
            Case(Inner(SocketError.TryAgain), "the host name could not be resolved", false),
            Case(Inner(SocketError.NoData), "the host name could not be resolved", false),
            Case(new HttpRequestException(HttpRequestError.ConnectionError), "the connection could not be made", false),
            Case(Inner(SocketError.ConnectionRefused), "the connection could not be made", false),
            Case(
                new HttpRequestException(HttpRequestError.SecureConnectionError),
                "TLS could not be established",
                false
            ),
            Case(new HttpRequestException("", new AuthenticationException()), "TLS could not be established", false),
            Case(new HttpRequestException(HttpRequestError.ProxyTunnelError), "the proxy refused", false),
            Case(
                new TaskCanceledException("", new TimeoutException()),
                "the connection could not be made in time",
                false
            ),
            Case(new HttpRequestException(HttpRequestError.InvalidResponse), "the response is not HTTP"),
            Case(new HttpRequestException(HttpRequestError.ResponseEnded), "the response was cut off"),
            Case(Inner(SocketError.ConnectionReset), "the connection broke"),
            Case(new IOException(), "the connection broke"),
            Case(new SocketException((int)SocketError.ConnectionReset), "the connection broke"),
            Case(new TimeoutException(), "the connection broke"),
        ];

    [TestCaseSource(nameof(Causes))]
    public async Task Names_the_cause_and_retries(Exception exception, string reason, bool mayHaveBeenApplied)
    {
        Options.Retry = new RetryConfig { MaxAttempts = 2 };
        PassesAtOnce = IsWait;
        Server.Throws(() => exception);

        var error = await FailAsync<OrqConnectionException>();

        Assert.Multiple(() =>
        {
            Assert.That(
                error.Message,
                Does.StartWith($"CreateContact got no complete response from my.orq.ai after 2 attempts: {reason}")
            );
            Assert.That(error.MayHaveBeenApplied, Is.EqualTo(mayHaveBeenApplied));
            Assert.That(error.InnerException, Is.SameAs(exception));
        });
    }

    [Test]
    public async Task The_message_quotes_the_innermost_exception()
    {
        Server.Throws(() => new HttpRequestException("see inside", new IOException("Reset by peer.")));

        Assert.That(
            (await FailAsync<OrqConnectionException>()).Message,
            Is.EqualTo("CreateContact got no complete response from my.orq.ai: the connection broke (Reset by peer).")
        );
    }

    [TestCase(typeof(NotSupportedException))]
    [TestCase(typeof(TaskCanceledException))]
    [TestCase(typeof(ObjectDisposedException))]
    public async Task Names_any_other_exception_of_a_handler_and_does_not_retry(Type type)
    {
        Options.Retry = RetryConfig.Default;
        Server.Throws(() => (Exception)Activator.CreateInstance(type, "s")!);

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Message, Does.Contain($"the HTTP handler failed with {type.Name}"));
        Assert.That((error.Attempts, error.MayHaveBeenApplied), Is.EqualTo((1, true)));
        Assert.That(error.InnerException, Is.TypeOf(type));
    }

    [Test]
    public async Task Reports_an_HttpClient_timeout_inside_a_handler_like_any_other_exception()
    {
        Options.Retry = RetryConfig.Default;
        PassesAtOnce = IsWait;
        using var inner = new HttpClient(new StubHandler().Hangs()) { Timeout = TimeSpan.FromMilliseconds(20) };
        Server.Does((_, token) => inner.GetAsync("https://keys.example.com", token));

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Message, Does.Contain("the HTTP handler failed with TaskCanceledException"));
        Assert.That(error.Attempts, Is.EqualTo(1));
    }

    [Test]
    public async Task Does_not_mistake_a_handlers_exception_for_its_inner_exception()
    {
        var refused = new HttpRequestException("", new SocketException((int)SocketError.ConnectionRefused));
        Server.Throws(() => new NotSupportedException("no token", refused));

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Message, Does.Contain("the HTTP handler failed with NotSupportedException"));
        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [Test]
    public async Task Reports_a_thrown_status_as_that_status()
    {
        Server.Throws(() => new HttpRequestException("no", null, HttpStatusCode.BadRequest));

        var error = await FailAsync<OrqBadRequestException>();

        Assert.Multiple(() =>
        {
            Assert.That(error.Message, Is.EqualTo("CreateContact failed with 400."));
            Assert.That((error.Body, error.MayHaveBeenApplied), Is.EqualTo(("", false)));
            Assert.That(error.Headers, Is.Empty);
            Assert.That(error.ContentType, Is.Null);
            Assert.That(error.RetryAfter, Is.Null);
        });
    }

    [Test]
    public async Task Retries_a_thrown_status_like_a_returned_one()
    {
        Options.Retry = RetryConfig.Default;
        PassesAtOnce = IsWait;
        Server
            .Throws(() => new HttpRequestException("busy", null, HttpStatusCode.ServiceUnavailable))
            .Responds(200, Stored);

        Assert.That((await CreateAsync()).Attempts, Is.EqualTo(2));
    }

    [TestCase(200, HttpRequestError.Unknown)]
    [TestCase(299, HttpRequestError.Unknown)]
    [TestCase(407, HttpRequestError.ProxyTunnelError)]
    public async Task A_thrown_2xx_or_proxy_status_is_a_connection_error(int status, HttpRequestError error)
    {
        Server.Throws(() => new HttpRequestException(error, "no", null, (HttpStatusCode)status));

        Assert.That(await FailAsync<OrqConnectionException>(), Is.Not.Null);
    }

    [TestCase(199, HttpRequestError.Unknown)]
    [TestCase(300, HttpRequestError.Unknown)]
    [TestCase(401, HttpRequestError.UserAuthenticationError)]
    public async Task Reports_any_thrown_status_outside_2xx(int status, HttpRequestError error)
    {
        Server.Throws(() => new HttpRequestException(error, "no", null, (HttpStatusCode)status));

        Assert.That((await FailAsync<OrqApiException>()).StatusCode, Is.EqualTo(status));
    }

    [Test]
    public async Task A_handler_that_returns_null_is_a_connection_error()
    {
        Server.Does((_, _) => Task.FromResult<HttpResponseMessage>(null!));

        Assert.That(
            (await FailAsync<OrqConnectionException>()).Message,
            Does.StartWith("CreateContact got no complete response from my.orq.ai")
        );
    }

    [TestCase(typeof(HttpRequestException))]
    [TestCase(typeof(IOException))]
    public async Task A_cut_off_success_may_have_been_applied(Type type)
    {
        Server.Responds(() => BrokenSuccess(type));

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Message, Does.Contain("the response was cut off"));
        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [TestCase(typeof(NotSupportedException))]
    [TestCase(typeof(TaskCanceledException))]
    [TestCase(typeof(ObjectDisposedException))]
    public async Task Names_any_other_exception_of_a_body_and_does_not_retry(Type type)
    {
        Options.Retry = RetryConfig.Default;
        PassesAtOnce = IsWait;
        Server.Responds(() => BrokenSuccess(type));

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Message, Does.Contain($"the HTTP handler failed with {type.Name}"));
        Assert.That((error.Attempts, error.MayHaveBeenApplied), Is.EqualTo((1, true)));
    }

    [TestCase(int.MaxValue)]
    [TestCase(-1)]
    public async Task A_body_that_claims_an_impossible_length_may_have_been_applied(int length)
    {
        Server.Responds(() => StubHandler.Response(200, new LyingStream(length)));

        var error = await FailAsync<OrqConnectionException>();

        Assert.That(error.Message, Does.Contain("failed with ArgumentOutOfRangeException"));
        Assert.That((error.Attempts, error.MayHaveBeenApplied), Is.EqualTo((1, true)));
    }

    [TestCase(typeof(InvalidDataException))]
    [TestCase(typeof(InvalidOperationException))]
    public async Task Does_not_retry_a_success_that_cannot_be_decompressed(Type type)
    {
        Options.Retry = RetryConfig.Default;
        Server.Responds(() => BrokenSuccess(type));

        var error = await FailAsync<OrqResponseException>();

        Assert.Multiple(() =>
        {
            Assert.That((error.Attempts, error.MayHaveBeenApplied), Is.EqualTo((1, true)));
            Assert.That(error.Expected, Is.EqualTo("a body that can be decompressed"));
            Assert.That((error.StatusCode, error.Path), Is.EqualTo((200, "")));
            Assert.That(error.Headers["x-a"], Is.EqualTo("b"));
            Assert.That(error.Body, Is.EqualTo("half"));
        });
    }

    [Test]
    public async Task A_request_that_the_server_has_read_may_have_been_applied()
    {
        await using var server = new RawHttpServer(connection => connection.ReadRequestAsync());
        Options.ServerUrl = server.Address;
        using var client = new ContactsClient(Options);

        var error = await TimedOutAsync(client.CreateContactAsync(Contact), server.WaitForRequestsAsync(1));

        Assert.That(error.MayHaveBeenApplied, Is.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_request_that_waits_for_TLS_may_have_been_applied_only_if_it_has_no_body(bool hasBody)
    {
        var arrived = new TaskCompletionSource();
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadSomethingAsync();
            arrived.SetResult();
        });
        Options.ServerUrl = new Uri($"https://{server.Address.Authority}");
        using var contacts = new ContactsClient(Options);
        using var identities = new IdentitiesClient(Options);

        Task call = hasBody ? contacts.CreateContactAsync(Contact) : identities.ListIdentitiesAsync();
        var error = await TimedOutAsync(call, arrived.Task);

        Assert.That(error.MayHaveBeenApplied, Is.EqualTo(!hasBody));
    }

    private async Task<OrqTimeoutException> TimedOutAsync(Task call, Task arrived)
    {
        await arrived;
        Clock.Advance(TimeSpan.FromSeconds(30));
        return await Expect.ExceptionAsync<OrqTimeoutException>(() => call);
    }

    private static HttpResponseMessage BrokenSuccess(Type exception)
    {
        var failure = ScriptedStream.Fails((Exception)Activator.CreateInstance(exception, "s")!);
        return StubHandler.Response(200, new ScriptedStream(ScriptedStream.Bytes("half"), failure), "x-a: b");
    }

    private static HttpRequestException Inner(SocketError error) => new("", new SocketException((int)error));

    private static TestCaseData Case(Exception exception, string reason, bool mayHaveBeenApplied = true) =>
        new TestCaseData(exception, reason, mayHaveBeenApplied).SetArgDisplayNames(
            exception.GetType().Name,
            (exception as HttpRequestException)?.HttpRequestError.ToString() ?? "",
            (exception.GetBaseException() as SocketException)?.SocketErrorCode.ToString() ?? "",
            exception.InnerException?.GetType().Name ?? ""
        );

    private sealed class LyingStream(int length) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            ValueTask.FromResult(length);
    }
}
