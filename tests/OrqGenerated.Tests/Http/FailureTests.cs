using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OrqGenerated.Tests.Http;

/// <summary>What the exceptions of the HTTP stack mean.</summary>
internal sealed class FailureTests
{
    private const string NoTime =
        "A connection could not be established within the configured ConnectTimeout.";

    private static IEnumerable<TestCaseData> BeforeAnAnswer =>
        [
            Case(
                new HttpRequestException(HttpRequestError.NameResolutionError),
                "the host name could not be resolved",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException("", new SocketException((int)SocketError.HostNotFound)),
                "the host name could not be resolved",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException("", new SocketException((int)SocketError.TryAgain)),
                "the host name could not be resolved",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException("", new SocketException((int)SocketError.NoData)),
                "the host name could not be resolved",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException(HttpRequestError.ConnectionError),
                "the connection could not be made",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException(
                    "",
                    new SocketException((int)SocketError.ConnectionRefused)
                ),
                "the connection could not be made",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException(HttpRequestError.SecureConnectionError),
                "TLS could not be established",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException("", new AuthenticationException()),
                "TLS could not be established",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException(HttpRequestError.ProxyTunnelError),
                "the proxy refused",
                mayHaveReached: false
            ),
            Case(
                new TaskCanceledException(NoTime, new TimeoutException(NoTime)),
                "the connection could not be made in time",
                mayHaveReached: false
            ),
            Case(
                new HttpRequestException(HttpRequestError.InvalidResponse),
                "the answer is not HTTP"
            ),
            Case(
                new HttpRequestException(HttpRequestError.ResponseEnded),
                "the response was cut off"
            ),
            Case(
                new HttpRequestException("", new SocketException((int)SocketError.ConnectionReset)),
                "the connection broke"
            ),
            Case(new IOException(), "the connection broke"),
            Case(new SocketException((int)SocketError.ConnectionReset), "the connection broke"),
            Case(new TimeoutException(), "the connection broke"),
            Case(new OperationCanceledException(), "the connection broke"),
            Case(
                new TaskCanceledException("", new TimeoutException("too slow")),
                "the connection broke"
            ),
            Case(
                new InvalidOperationException(),
                "the HTTP handler failed with InvalidOperationException",
                isTransient: false
            ),
        ];

    [TestCaseSource(nameof(BeforeAnAnswer))]
    public void Before_an_answer_it_says_how_far_the_request_came(
        Exception exception,
        string reason,
        bool mayHaveReached,
        bool isTransient
    )
    {
        var failure = Failure.Of(exception, wasSent: true, hasAnswer: false);

        Assert.Multiple(() =>
        {
            Assert.That(failure.Reason, Is.EqualTo(reason));
            Assert.That(failure.MayHaveReached, Is.EqualTo(mayHaveReached));
            Assert.That(failure.IsTransient, Is.EqualTo(isTransient));
            Assert.That(failure.Cause, Is.SameAs(exception));
            Assert.That(
                Failure.Of(exception, wasSent: false, hasAnswer: false).MayHaveReached,
                Is.False,
                "what was not sent has not reached anybody"
            );
        });
    }

    [TestCase(typeof(HttpRequestException), "the response was cut off")]
    [TestCase(typeof(IOException), "the response was cut off")]
    [TestCase(typeof(InvalidDataException), "the compressed response is broken")]
    [TestCase(typeof(NotSupportedException), "the compressed response is broken")]
    public void Within_an_answer_it_says_what_broke(Type type, string reason)
    {
        var exception = (Exception)Activator.CreateInstance(type)!;

        var failure = Failure.Of(exception, wasSent: true, hasAnswer: true);

        Assert.That(failure.Reason, Is.EqualTo(reason));
        Assert.That(failure.MayHaveReached, Is.True);
        Assert.That(failure.IsTransient, Is.True);
    }

    private static TestCaseData Case(
        Exception exception,
        string reason,
        bool mayHaveReached = true,
        bool isTransient = true
    ) =>
        new TestCaseData(exception, reason, mayHaveReached, isTransient).SetArgDisplayNames(
            exception.GetType().Name,
            (exception as HttpRequestException)?.HttpRequestError.ToString() ?? "",
            (exception.GetBaseException() as SocketException)?.SocketErrorCode.ToString() ?? "",
            exception.InnerException?.GetType().Name ?? ""
        );
}
