using System.Globalization;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Authentication;

namespace OrqGenerated.Internal;

/// <summary>Why an attempt gave no answer that can be returned.</summary>
internal abstract record Failure
{
    /// <summary>Whether the request may have reached the server although no complete answer came.</summary>
    public bool MayHaveReached { get; init; }

    /// <summary>The value of <c>error.type</c>: the status, or the type of the exception that the caller sees.</summary>
    public string ErrorType =>
        this switch
        {
            Status status => status.Code.ToString(CultureInfo.InvariantCulture),
            Connection => typeof(OrqConnectionException).FullName!,
            Timeout => typeof(OrqTimeoutException).FullName!,
            Thrown thrown => thrown.Exception.SourceException.GetType().FullName!,
            _ => typeof(OperationCanceledException).FullName!,
        };

    /// <summary>A status that is not 2xx, with what came of its body.</summary>
    public sealed record Status(
        int Code,
        IReadOnlyDictionary<string, string> Headers,
        string? ContentType,
        string Body,
        TimeSpan? RetryAfter
    ) : Failure;

    /// <summary>No complete response.</summary>
    /// <param name="Reason">What happened, in words.</param>
    /// <param name="Cause">What the HTTP stack said.</param>
    /// <param name="IsTransient">Whether another attempt may go better.</param>
    public sealed record Connection(string Reason, Exception? Cause, bool IsTransient) : Failure;

    /// <summary>A time limit passed.</summary>
    public sealed record Timeout(string Limit, TimeSpan Length, Exception? Cause) : Failure
    {
        /// <summary>Whether it was the server that took so long, and not the call or the provider of its key.</summary>
        public bool IsOfServer { get; init; }
    }

    /// <summary>An exception that reaches the caller as it is: of a key provider, or of a disposed client.</summary>
    public sealed record Thrown(ExceptionDispatchInfo Exception) : Failure;

    /// <summary>The caller's token was cancelled.</summary>
    public sealed record Cancelled : Failure;

    /// <summary>Reads an exception of the HTTP stack.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="wasSent">Whether the request, or a part of it, may have been sent.</param>
    /// <param name="hasAnswer">Whether the answer had begun, so that its body is what failed.</param>
    public static Connection Of(Exception exception, bool wasSent, bool hasAnswer)
    {
        var error = (exception as HttpRequestException)?.HttpRequestError;
        var cause = exception.GetBaseException();
        var (reason, beforeSending) = (error, cause) switch
        {
            _ when hasAnswer && exception is not (IOException or HttpRequestException) => (
                "the compressed response is broken",
                false
            ),
            _ when hasAnswer => ("the response was cut off", false),
            (HttpRequestError.NameResolutionError, _)
            or (
                _,
                SocketException
                {
                    SocketErrorCode: SocketError.HostNotFound
                        or SocketError.TryAgain
                        or SocketError.NoData
                }
            ) => ("the host name could not be resolved", true),
            (HttpRequestError.ConnectionError, _)
            or (_, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) => (
                "the connection could not be made",
                true
            ),
            (HttpRequestError.SecureConnectionError, _) or (_, AuthenticationException) => (
                "TLS could not be established",
                true
            ),
            (HttpRequestError.ProxyTunnelError, _) => ("the proxy refused", true),
            (HttpRequestError.InvalidResponse, _) => ("the answer is not HTTP", false),
            (HttpRequestError.ResponseEnded, _) => ("the response was cut off", false),
            _ when IsConnectTimeout(exception) => (
                "the connection could not be made in time",
                true
            ),
            _ when IsTransportError(exception) => ("the connection broke", false),
            _ => ($"the HTTP handler failed with {exception.GetType().Name}", false),
        };
        return new Connection(
            reason,
            exception,
            IsTransient: hasAnswer || IsTransportError(exception)
        )
        {
            MayHaveReached = wasSent && !beforeSending,
        };
    }

    private static bool IsTransportError(Exception exception) =>
        exception
            is HttpRequestException
                or IOException
                or SocketException
                or TimeoutException
                or OperationCanceledException;

    private static bool IsConnectTimeout(Exception exception) =>
        exception is OperationCanceledException { InnerException: TimeoutException timeout }
        && timeout.Message.Contains("ConnectTimeout", StringComparison.Ordinal);
}
