using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OrqGenerated.Internal;

/// <summary>Why an attempt has no result that can be returned.</summary>
/// <param name="ErrorType">
/// The value of <c>error.type</c>: the status, or the type of the exception that the caller gets.
/// </param>
internal abstract record Failure(string ErrorType)
{
    /// <summary>Whether the server may have carried out the request although no complete answer says so.</summary>
    public virtual bool MayHaveReached { get; init; }

    /// <summary>A status that is not 2xx, with as much of its body as arrived.</summary>
    public sealed record Status(
        int Code,
        IReadOnlyDictionary<string, string> Headers,
        string Body,
        TimeSpan? RetryAfter,
        bool IsComplete
    ) : Failure(Code.ToString(CultureInfo.InvariantCulture))
    {
        public string? ContentType => Headers.GetValueOrDefault("Content-Type");

        /// <summary>A gateway does not know what the server behind it has done.</summary>
        public override bool MayHaveReached => !IsComplete || Code is 500 or 502 or 504;
    }

    /// <summary>A success whose body is not what the document promises.</summary>
    public sealed record Unreadable(
        int Code,
        IReadOnlyDictionary<string, string> Headers,
        string Body,
        Mismatch Mismatch
    ) : Failure(typeof(OrqResponseException).FullName!)
    {
        public override bool MayHaveReached => true;
    }

    /// <summary>No complete response, for a reason in words; if it is transient, a retry may succeed.</summary>
    public sealed record Connection(string Reason, Exception? Cause, bool IsTransient)
        : Failure(typeof(OrqConnectionException).FullName!);

    /// <summary>A time limit passed; if it is one of an attempt, the next attempt has its own time.</summary>
    public sealed record Timeout(string Limit, TimeSpan Length, bool IsOfAttempt)
        : Failure(typeof(OrqTimeoutException).FullName!);

    public sealed record Disposed() : Failure(typeof(ObjectDisposedException).FullName!);

    public sealed record Cancelled(CancellationToken Token) : Failure(typeof(OperationCanceledException).FullName!);

    /// <summary>The HTTP client has followed a redirect.</summary>
    public static Failure Redirected =>
        new Connection(
            "the HttpClient followed a redirect, which can lose the request;"
                + " set AllowAutoRedirect to false on its handler",
            null,
            IsTransient: false
        )
        {
            MayHaveReached = true,
        };

    /// <summary>Interprets an exception of the HTTP client, or of the body of a response that had begun.</summary>
    public static Failure Of(Exception exception, HttpResponseMessage? response, string body, bool wasSent)
    {
        if (response is not null)
        {
            return IsBadEncoding(exception)
                ? new Unreadable(
                    (int)response.StatusCode,
                    new ResponseHeaders(response).ToDictionary(),
                    body,
                    new Mismatch("a body that can be decompressed")
                )
                : new Connection(
                    IsOfTransport(exception) ? "the response was cut off" : OfHandler(exception),
                    exception,
                    IsOfTransport(exception)
                )
                {
                    MayHaveReached = true,
                };
        }

        // A caller's handler throws a status, as EnsureSuccessStatusCode does; that of a proxy is not the server's.
        return
            exception
                is HttpRequestException
                {
                    StatusCode: { } code,
                    HttpRequestError: not HttpRequestError.ProxyTunnelError
                }
            && (int)code is < 200 or > 299
            ? new Status((int)code, ResponseHeaders.None, "", null, IsComplete: true)
            : BeforeAnswer(exception, wasSent);
    }

    /// <summary>Whether a whole body is not in the encoding that its header names.</summary>
    public static bool IsBadEncoding(Exception exception) =>
        exception is InvalidDataException or (InvalidOperationException and not ObjectDisposedException);

    private static Connection BeforeAnswer(Exception exception, bool wasSent)
    {
        var error = (exception as HttpRequestException)?.HttpRequestError;
        var cause = exception.GetBaseException();
        var socketError = (cause as SocketException)?.SocketErrorCode;
        // This is how SocketsHttpHandler reports its ConnectTimeout.
        var isConnectTimeout =
            exception is OperationCanceledException
            {
                InnerException: TimeoutException { InnerException: not OperationCanceledException }
            };
        var isTransportError = isConnectTimeout || IsOfTransport(exception);
        var (reason, mayHaveReached) =
            !isTransportError ? (OfHandler(exception), wasSent)
            : error is HttpRequestError.NameResolutionError
            || socketError is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                ? ("the host name could not be resolved", false)
            : error is HttpRequestError.ConnectionError || socketError is SocketError.ConnectionRefused
                ? ("the connection could not be made", false)
            : error is HttpRequestError.SecureConnectionError || cause is AuthenticationException
                ? ("TLS could not be established", false)
            : error is HttpRequestError.ProxyTunnelError ? ("the proxy refused", false)
            : isConnectTimeout ? ("the connection could not be made in time", false)
            : error is HttpRequestError.InvalidResponse ? ("the answer is not HTTP", wasSent)
            : error is HttpRequestError.ResponseEnded ? ("the response was cut off", wasSent)
            : ("the connection broke", wasSent);
        return new Connection(reason, exception, isTransportError) { MayHaveReached = mayHaveReached };
    }

    private static bool IsOfTransport(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or TimeoutException;

    private static string OfHandler(Exception exception) => $"the HTTP handler failed with {exception.GetType().Name}";
}
