namespace OrqGenerated;

/// <summary>
/// A call that failed. Its message, <see cref="object.ToString"/> and inner exceptions hold neither the API key nor a
/// text of the request.
/// </summary>
public abstract class OrqException : Exception
{
    private protected OrqException(string message, Exception? innerException)
        : base(message, innerException) { }

    private protected OrqException(CallOutcome outcome, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Attempts = outcome.Attempts;
        Elapsed = outcome.Elapsed;
        MayHaveBeenApplied = outcome.MayHaveBeenApplied;
    }

    /// <summary>The number of attempts that the call made.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The duration of the call, with its attempts and waits.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// Whether the server may have carried out the request although it did not say so: true if an attempt may have
    /// reached it without a complete answer, or was answered 500, 502 or 504 (a gateway does not know) or with a
    /// success that cannot be read.
    /// </summary>
    public bool MayHaveBeenApplied { get; init; }
}

/// <summary>
/// The server answered with a status that is not 2xx. The official SDKs call this <c>APIError</c>.
/// </summary>
public class OrqApiException : OrqException
{
    /// <summary>Creates the exception; tests of callers may do so too.</summary>
    /// <param name="message">One line about what happened.</param>
    /// <param name="statusCode">The HTTP status.</param>
    public OrqApiException(string message, int statusCode)
        : base(message, innerException: null) => StatusCode = statusCode;

    internal OrqApiException(ApiError error)
        : base(error.Outcome, error.Message)
    {
        StatusCode = error.Status.Code;
        Headers = error.Status.Headers;
        ContentType = error.Status.ContentType;
        Body = error.Status.Body;
        ErrorCode = error.Body.Code;
        ErrorMessage = error.Body.Message;
        RequestId = error.RequestId;
        RetryAfter = error.Status.RetryAfter;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The response's headers by case-insensitive name; repeated ones are joined by <c>", "</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ResponseHeaders.None;

    /// <summary>The response's media type with its parameters, as sent; null if it is absent.</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// The response's body as UTF-8 text: up to 1 MiB of it, or as much as arrived before it broke off.
    /// </summary>
    public string Body { get; init; } = "";

    /// <summary>The server's own code for the error, a name or a number as text; null if the body has none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The server's own words, unredacted; null if none are found in the body.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The server's id of the request, from its headers or its body; null if there is none.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// The wait that the server asks for (<c>retry-after-ms</c> or <c>Retry-After</c>, RFC 9110, section 10.2.3). Null
    /// if the header is absent, malformed or not positive.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Status 400 or 422: the server refused the request's content.</summary>
public sealed class OrqBadRequestException : OrqApiException
{
    /// <inheritdoc/>
    public OrqBadRequestException(string message, int statusCode = 400)
        : base(message, statusCode) { }

    internal OrqBadRequestException(ApiError error)
        : base(error) { }
}

/// <summary>Status 401: the API key is missing, wrong or expired.</summary>
public sealed class OrqAuthenticationException : OrqApiException
{
    /// <inheritdoc/>
    public OrqAuthenticationException(string message, int statusCode = 401)
        : base(message, statusCode) { }

    internal OrqAuthenticationException(ApiError error)
        : base(error) { }
}

/// <summary>Status 403: the API key may not do this.</summary>
public sealed class OrqPermissionException : OrqApiException
{
    /// <inheritdoc/>
    public OrqPermissionException(string message, int statusCode = 403)
        : base(message, statusCode) { }

    internal OrqPermissionException(ApiError error)
        : base(error) { }
}

/// <summary>Status 404: the server does not have what was asked for.</summary>
public sealed class OrqNotFoundException : OrqApiException
{
    /// <inheritdoc/>
    public OrqNotFoundException(string message, int statusCode = 404)
        : base(message, statusCode) { }

    internal OrqNotFoundException(ApiError error)
        : base(error) { }
}

/// <summary>Status 409: the request conflicts with what the server holds.</summary>
public sealed class OrqConflictException : OrqApiException
{
    /// <inheritdoc/>
    public OrqConflictException(string message, int statusCode = 409)
        : base(message, statusCode) { }

    internal OrqConflictException(ApiError error)
        : base(error) { }
}

/// <summary>Status 429: too many requests; see <see cref="OrqApiException.RetryAfter"/>.</summary>
public sealed class OrqRateLimitException : OrqApiException
{
    /// <inheritdoc/>
    public OrqRateLimitException(string message, int statusCode = 429)
        : base(message, statusCode) { }

    internal OrqRateLimitException(ApiError error)
        : base(error) { }
}

/// <summary>A status from 500 to 599: the server, or a proxy before it, failed.</summary>
public sealed class OrqServerException : OrqApiException
{
    /// <inheritdoc/>
    public OrqServerException(string message, int statusCode = 500)
        : base(message, statusCode) { }

    internal OrqServerException(ApiError error)
        : base(error) { }
}

/// <summary>
/// The server answered 2xx, so it has done its work, but the body cannot be read: it is empty, not JSON, over the limit
/// of 16 MiB, or lacks a required field. Such a call is never retried.
/// </summary>
public sealed class OrqResponseException : OrqException
{
    /// <summary>Creates the exception; tests of callers may do so too.</summary>
    /// <param name="message">One line about what happened.</param>
    /// <param name="statusCode">The HTTP status, from 200 to 299.</param>
    public OrqResponseException(string message, int statusCode)
        : base(message, innerException: null) => StatusCode = statusCode;

    internal OrqResponseException(CallOutcome outcome, string message, int statusCode)
        : base(outcome, message) => StatusCode = statusCode;

    /// <summary>The HTTP status, from 200 to 299.</summary>
    public int StatusCode { get; }

    /// <inheritdoc cref="OrqApiException.Headers"/>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ResponseHeaders.None;

    /// <summary>The response's body as text, cut after 1 MiB.</summary>
    public string Body { get; init; } = "";

    /// <summary>The JSON path of the fault (<c>created</c>, <c>data[3]._id</c>); empty for the whole body.</summary>
    public string Path { get; init; } = "";

    /// <summary>A description of what was expected at <see cref="Path"/>.</summary>
    public string Expected { get; init; } = "";
}

/// <summary>
/// A time limit ended the call: <see cref="OrqClientOptions.AttemptTimeout"/>, <see
/// cref="OrqClientOptions.TotalTimeout"/> or a given <c>HttpClient</c>'s own.
/// </summary>
public sealed class OrqTimeoutException : OrqException
{
    /// <summary>Creates the exception; tests of callers may do so too.</summary>
    /// <param name="message">One line about what happened.</param>
    /// <param name="innerException">The exception of the HTTP stack, if any.</param>
    public OrqTimeoutException(string message, Exception? innerException = null)
        : base(message, innerException) { }

    internal OrqTimeoutException(CallOutcome outcome, string message)
        : base(outcome, message) { }

    /// <summary>
    /// The name of the limit: <c>AttemptTimeout</c>, <c>TotalTimeout</c> or <c>HttpClient.Timeout</c>.
    /// </summary>
    public string Limit { get; init; } = nameof(OrqClientOptions.TotalTimeout);

    /// <summary>The length of the limit.</summary>
    public TimeSpan Timeout { get; init; }
}

/// <summary>
/// There was no complete response: the name could not be resolved, the connection was refused or reset, TLS failed, the
/// body was cut off, or a handler of the caller's failed.
/// </summary>
public sealed class OrqConnectionException : OrqException
{
    /// <summary>Creates the exception; tests of callers may do so too.</summary>
    /// <param name="message">One line about what happened.</param>
    /// <param name="innerException">The exception of the HTTP stack, if any.</param>
    public OrqConnectionException(string message, Exception? innerException = null)
        : base(message, innerException) { }

    internal OrqConnectionException(CallOutcome outcome, string message, Exception? innerException)
        : base(outcome, message, innerException) { }
}

/// <summary>How a failed call went.</summary>
internal readonly record struct CallOutcome(int Attempts, TimeSpan Elapsed, bool MayHaveBeenApplied);

/// <summary>The content of an <see cref="OrqApiException"/>.</summary>
internal sealed record ApiError(
    string Message,
    CallOutcome Outcome,
    Failure.Status Status,
    ErrorBody Body,
    string? RequestId
);
