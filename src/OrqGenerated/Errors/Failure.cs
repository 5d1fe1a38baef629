using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OrqGenerated.Internal;

/// <summary>Why an attempt failed.</summary>
/// <param name="ErrorType">The value of <c>error.type</c>: the status, or the type of the call's exception.</param>
internal abstract record Failure(string ErrorType)
{
    /// <inheritdoc cref="OrqException.MayHaveBeenApplied"/>
    public virtual bool MayHaveBeenApplied { get; init; }

    /// <summary>A status other than 2xx, with as much of its body as arrived.</summary>
    public sealed record Status(
        int Code,
        IReadOnlyDictionary<string, string> Headers,
        string Body,
        TimeSpan? RetryAfter,
        bool IsComplete
    ) : Failure(Code.ToString(CultureInfo.InvariantCulture))
    {
        public string? ContentType => Headers.GetValueOrDefault("Content-Type");

        /// <summary>Whether the body was cut off, or a gateway cannot know what the server behind it did.</summary>
        public override bool MayHaveBeenApplied => !IsComplete || Code is 500 or 502 or 504;
    }

    /// <summary>A success whose body does not match the document.</summary>
    public sealed record Unreadable(
        int Code,
        IReadOnlyDictionary<string, string> Headers,
        string Body,
        Mismatch Mismatch
    ) : Failure(typeof(OrqResponseException).FullName!)
    {
        public override bool MayHaveBeenApplied => true;
    }

    /// <summary>No complete response; if the reason is transient, a retry may succeed.</summary>
    public sealed record Connection(string Reason, Exception? Cause, bool IsTransient)
        : Failure(typeof(OrqConnectionException).FullName!);

    /// <summary>A time limit passed. One that is per attempt starts anew with the next attempt.</summary>
    public sealed record Timeout(string Limit, TimeSpan Length, bool IsPerAttempt)
        : Failure(typeof(OrqTimeoutException).FullName!);

    public sealed record Disposed() : Failure(typeof(ObjectDisposedException).FullName!);

    public sealed record Cancelled(CancellationToken Token) : Failure(typeof(OperationCanceledException).FullName!);

    public static Failure Redirected() =>
        new Connection(
            "the HttpClient followed a redirect, which can lose the request;"
                + " set AllowAutoRedirect to false on its handler",
            null,
            IsTransient: false
        )
        {
            MayHaveBeenApplied = true,
        };

    /// <summary>Interprets an exception of the HTTP client, or of reading the body if there is a response.</summary>
    public static Failure Of(Exception exception, bool hasResponse, bool mayHaveBeenSent)
    {
        if (!hasResponse)
            return WithoutResponse(exception, mayHaveBeenSent);

        var isTransient = IsTransportError(exception);
        var reason = isTransient ? "the response was cut off" : HandlerFailed(exception);
        return new Connection(reason, exception, isTransient) { MayHaveBeenApplied = true };
    }

    private static Failure WithoutResponse(Exception exception, bool mayHaveBeenSent)
    {
        var http = exception as HttpRequestException;
        var error = http?.HttpRequestError;
        // A caller's handler may throw a status, as EnsureSuccessStatusCode does; a proxy's is not the server's.
        if ((int?)http?.StatusCode is { } status and (< 200 or > 299) && error is not HttpRequestError.ProxyTunnelError)
            return new Status(status, ResponseHeaders.None, "", null, IsComplete: true);

        var cause = exception.GetBaseException();
        var socketError = (cause as SocketException)?.SocketErrorCode;
        // SocketsHttpHandler reports its ConnectTimeout like this.
        var isConnectTimeout =
            exception is OperationCanceledException
            {
                InnerException: TimeoutException { InnerException: not OperationCanceledException }
            };
        var isTransportError = isConnectTimeout || IsTransportError(exception);
        var (reason, mayHaveBeenApplied) =
            !isTransportError ? (HandlerFailed(exception), mayHaveBeenSent)
            : error is HttpRequestError.NameResolutionError
            || socketError is SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                ? ("the host name could not be resolved", false)
            : error is HttpRequestError.ConnectionError || socketError is SocketError.ConnectionRefused
                ? ("the connection could not be made", false)
            : error is HttpRequestError.SecureConnectionError || cause is AuthenticationException
                ? ("TLS could not be established", false)
            : error is HttpRequestError.ProxyTunnelError ? ("the proxy refused", false)
            : isConnectTimeout ? ("the connection could not be made in time", false)
            : error is HttpRequestError.InvalidResponse ? ("the response is not HTTP", mayHaveBeenSent)
            : error is HttpRequestError.ResponseEnded ? ("the response was cut off", mayHaveBeenSent)
            : ("the connection broke", mayHaveBeenSent);
        return new Connection(reason, exception, isTransportError) { MayHaveBeenApplied = mayHaveBeenApplied };
    }

    private static bool IsTransportError(Exception exception) =>
        exception is HttpRequestException or IOException or SocketException or TimeoutException;

    private static string HandlerFailed(Exception exception) =>
        $"the HTTP handler failed with {exception.GetType().Name}";
}
