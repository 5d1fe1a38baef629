using System.Globalization;
using System.Runtime.ExceptionServices;

namespace OrqGenerated;

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
    /// <param name="WasSent">False when the connection failed before the request could be sent.</param>
    public sealed record Connection(string Reason, Exception? Cause, bool IsTransient, bool WasSent)
        : Failure;

    /// <summary>A time limit passed.</summary>
    public sealed record Timeout(string Limit, TimeSpan Length, Exception? Cause) : Failure;

    /// <summary>An exception that reaches the caller as it is: of a key provider, or of a disposed client.</summary>
    public sealed record Thrown(ExceptionDispatchInfo Exception) : Failure;

    /// <summary>The caller's token was cancelled.</summary>
    public sealed record Cancelled : Failure;

    /// <summary>Reads an exception of the HTTP stack.</summary>
    public static Connection Of(Exception exception, bool wasSent)
    {
        var reason = exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                "the host name could not be resolved",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
                "the connection could not be made",
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
                "TLS could not be established",
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
                "the proxy refused",
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } =>
                "the answer is not HTTP",
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded }
            or HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } =>
                "the response was cut off",
            OperationCanceledException => "the connection could not be made in time",
            InvalidDataException => "the compressed response is broken",
            HttpRequestException or IOException => "the connection broke",
            _ => $"the HTTP handler failed with {exception.GetType().Name}",
        };
        var beforeSending =
            exception
                is HttpRequestException
                    {
                        HttpRequestError: HttpRequestError.NameResolutionError
                            or HttpRequestError.ConnectionError
                            or HttpRequestError.SecureConnectionError
                            or HttpRequestError.ProxyTunnelError
                    }
                    or OperationCanceledException
            || !wasSent;
        return new Connection(
            reason,
            exception,
            IsTransient: exception
                is HttpRequestException
                    or IOException
                    or InvalidDataException
                    or OperationCanceledException,
            WasSent: !beforeSending
        )
        {
            MayHaveReached = !beforeSending,
        };
    }
}
