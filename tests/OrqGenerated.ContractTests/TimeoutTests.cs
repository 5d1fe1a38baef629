using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>Timeouts and cancellation on a real socket, with a clock that the tests move.</summary>
internal sealed class TimeoutTests : ContractTest
{
    // Much longer than the 29 bytes that drip within the timeout.
    private static readonly string Body = Example.Stored;
    private static readonly string Head = $"{OkHead}Content-Length: {Body.Length}\r\n\r\n";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _clock = new();

    /// <summary>The bytes that the server writes before it falls silent.</summary>
    private static IEnumerable<TestCaseData> Stages =>
        [
            new TestCaseData("").SetArgDisplayNames("before the headers"),
            new TestCaseData("HTTP/1.1 200 OK\r\nContent-Le").SetArgDisplayNames("within the headers"),
            new TestCaseData(Head).SetArgDisplayNames("after the headers"),
            new TestCaseData(Head + Body[..^1]).SetArgDisplayNames("before the last byte"),
        ];

    [TestCaseSource(nameof(Stages))]
    public async Task A_silent_server_ends_the_attempt_at_its_timeout(string head)
    {
        await using var server = new RawHttpServer(Stalls(head));
        var call = ClientOf(server.Address, WithOneAttempt).CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        _clock.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.That(call.IsCompleted, Is.False, "the call ended before its timeout");
        _clock.Advance(TimeSpan.FromTicks(1));

        var error = await FailAsync<OrqTimeoutException>(call);
        Assert.That(error.Limit, Is.EqualTo("AttemptTimeout"));
        Assert.That(error.Timeout, Is.EqualTo(Limit));
        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(error.Elapsed, Is.EqualTo(Limit));
        Assert.That(error.MayHaveBeenApplied, Is.True);
        Assert.That(error.Message, Does.Contain("AttemptTimeout").And.Contain("30"));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task A_steadily_dripping_body_does_not_extend_the_timeout()
    {
        using var drops = new SemaphoreSlim(0);
        await using var server = new RawHttpServer(Drips(Body, drops));
        var call = ClientOf(server.Address, WithOneAttempt).CreateContactAsync(Example.Contact);

        await server.WaitForRequestsAsync(1);
        for (var i = 0; i < 29; i++)
        {
            drops.Release();
            _clock.Advance(Second);
        }

        Assert.That(call.IsCompleted, Is.False, "the call ended before its timeout");
        _clock.Advance(Second);

        await FailAsync<OrqTimeoutException>(call);
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task An_error_whose_body_stalls_keeps_its_status()
    {
        await using var server = new RawHttpServer(
            Stalls("HTTP/1.1 403 No\r\nContent-Length: 99\r\n\r\n{\"message\":")
        );
        using var watcher = new HeaderWatcher();
        using var http = new HttpClient(watcher);
        using var client = new ContactsClient(http, OptionsFor(server.Address, WithOneAttempt));
        var call = client.CreateContactAsync(Example.Contact);

        await watcher.HeadersHaveArrived;
        _clock.Advance(Limit);

        var error = await FailAsync<OrqPermissionException>(call);
        Assert.That(error.StatusCode, Is.EqualTo(403));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [TestCaseSource(nameof(Stages))]
    public async Task Cancellation_ends_a_call_at_once_whatever_the_server_has_sent(string head)
    {
        await using var server = new RawHttpServer(Stalls(head));
        using var source = new CancellationTokenSource();
        var call = ClientOf(server.Address, options => options.TimeProvider = _clock)
            .CreateContactAsync(Example.Contact, cancellationToken: source.Token);

        await server.WaitForRequestsAsync(1);
        await source.CancelAsync();

        var error = await FailAsync<OperationCanceledException>(call);
        Assert.That(error.CancellationToken, Is.EqualTo(source.Token), "the token is not the caller's");
        Assert.That(server.Accepted, Is.EqualTo(1), "a cancelled call is not retried");
        await server.WaitUntilNoneIsOpenAsync();
    }

    private void WithOneAttempt(OrqClientOptions options)
    {
        options.TimeProvider = _clock;
        options.Retry = RetryConfig.None;
    }

    /// <summary>Signals that the headers of a response have reached the client.</summary>
    private sealed class HeaderWatcher() : DelegatingHandler(new SocketsHttpHandler())
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task HeadersHaveArrived => _arrived.Task;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var response = await base.SendAsync(request, cancellationToken);
            _arrived.SetResult();
            return response;
        }
    }
}
