namespace OrqGenerated;

/// <summary>
/// A call that did not succeed. Its message, its <see cref="object.ToString"/> and its inner exceptions hold neither the
/// API key nor a value of the request.
/// </summary>
public abstract class OrqException : Exception
{
    /// <summary>Creates the exception.</summary>
    private protected OrqException(string message, Exception? innerException)
        : base(message, innerException) { }

    private protected OrqException(string message, CallOutcome outcome)
        : base(message)
    {
        Attempts = outcome.Attempts;
        Elapsed = outcome.Elapsed;
        MayHaveBeenApplied = outcome.MayHaveBeenApplied;
    }

    /// <summary>How many attempts the call made.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>How long the call took, attempts and waits together.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// Whether the server may have carried out the request although no complete answer says so: true when an attempt may
    /// have reached it and its answer was lost, cut off or could not be read.
    /// </summary>
    public bool MayHaveBeenApplied { get; init; }
}

/// <summary>
/// The server answered with a status that is not 2xx. The official SDKs call this <c>APIError</c>.
/// </summary>
public class OrqApiException : OrqException
{
    /// <summary>Creates the exception, for a test as well.</summary>
    /// <param name="message">One line that says what happened.</param>
    /// <param name="statusCode">The HTTP status.</param>
    public OrqApiException(string message, int statusCode)
        : base(message, (Exception?)null) => StatusCode = statusCode;

    internal OrqApiException(ApiError error)
        : base(error.Message, error.Outcome)
    {
        StatusCode = error.StatusCode;
        Headers = error.Headers;
        ContentType = error.ContentType;
        Body = error.Body;
        ErrorCode = error.ErrorCode;
        ErrorMessage = error.ErrorMessage;
        RequestId = error.RequestId;
        RetryAfter = error.RetryAfter;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The response's headers by name, without regard to case; repeated ones joined by <c>", "</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ResponseHeaders.None;

    /// <summary>The response's media type with its parameters, as sent; null when there was none.</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// The response's body as text: all of it up to 1 MiB, the first 1 MiB of a longer one, and what had arrived of one
    /// that broke off.
    /// </summary>
    public string Body { get; init; } = "";

    /// <summary>The server's own code for the error, a name or a number as text; null when the body held none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The server's own words, unredacted; null when the body held none that could be found.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The id under which the server knows the request, from its headers or the body; null when it sent none.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// How long the server asked to wait (<c>retry-after-ms</c> or <c>Retry-After</c>, RFC 9110, section 10.2.3); null
    /// when it did not, or asked for nothing.
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

/// <summary>Status 404: there is no such thing at the server.</summary>
public sealed class OrqNotFoundException : OrqApiException
{
    /// <inheritdoc/>
    public OrqNotFoundException(string message, int statusCode = 404)
        : base(message, statusCode) { }

    internal OrqNotFoundException(ApiError error)
        : base(error) { }
}

/// <summary>Status 409: the request contradicts what the server holds.</summary>
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
/// The server answered 2xx, so it has done its work, but the body cannot be read: empty, not JSON, over the limit of
/// 16 MiB, or without a required field. Such a call is never repeated.
/// </summary>
public sealed class OrqResponseException : OrqException
{
    /// <summary>Creates the exception, for a test as well.</summary>
    /// <param name="message">One line that says what happened.</param>
    /// <param name="statusCode">The HTTP status, from 200 to 299.</param>
    public OrqResponseException(string message, int statusCode)
        : base(message, (Exception?)null) => StatusCode = statusCode;

    /// <summary>The HTTP status, from 200 to 299.</summary>
    public int StatusCode { get; }

    /// <inheritdoc cref="OrqApiException.Headers"/>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ResponseHeaders.None;

    /// <summary>The response's body as text, cut after 1 MiB.</summary>
    public string Body { get; init; } = "";

    /// <summary>Where in the body the trouble is, as a JSON path (<c>created</c>, <c>data[3]._id</c>); empty for the whole.</summary>
    public string Path { get; init; } = "";

    /// <summary>What was expected at <see cref="Path"/>, in words.</summary>
    public string Expected { get; init; } = "";
}

/// <summary>
/// A time limit ended the call: <see cref="OrqClientOptions.AttemptTimeout"/>, <see cref="OrqClientOptions.TotalTimeout"/>
/// or a given <c>HttpClient</c>'s own.
/// </summary>
public sealed class OrqTimeoutException : OrqException
{
    /// <summary>Creates the exception, for a test as well.</summary>
    /// <param name="message">One line that says what happened.</param>
    /// <param name="innerException">What the HTTP stack said, if anything.</param>
    public OrqTimeoutException(string message, Exception? innerException = null)
        : base(message, innerException) { }

    /// <summary>The name of the limit: <c>AttemptTimeout</c>, <c>TotalTimeout</c> or <c>HttpClient.Timeout</c>.</summary>
    public string Limit { get; init; } = nameof(OrqClientOptions.TotalTimeout);

    /// <summary>How long the limit is.</summary>
    public TimeSpan Timeout { get; init; }
}

/// <summary>
/// There was no complete response: the name could not be resolved, the connection was refused or reset, TLS failed, or
/// the body was cut off.
/// </summary>
public sealed class OrqConnectionException : OrqException
{
    /// <summary>Creates the exception, for a test as well.</summary>
    /// <param name="message">One line that says what happened.</param>
    /// <param name="innerException">What the HTTP stack said, if anything.</param>
    public OrqConnectionException(string message, Exception? innerException = null)
        : base(message, innerException) { }
}
