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
            new TestCaseData("HTTP/1.1 200 OK\r\nContent-Le").SetArgDisplayNames("within the headers"),
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
        Assert.That((error.Limit, error.MayHaveBeenApplied), Is.EqualTo(("AttemptTimeout", true)));
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
}
