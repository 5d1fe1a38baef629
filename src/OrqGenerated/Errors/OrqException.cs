namespace OrqGenerated;

/// <summary>
/// A failed call. Its message, <see cref="object.ToString"/> and inner exceptions contain neither the API key nor a
/// string of the request. The exceptions can be created in tests.
/// </summary>
public abstract class OrqException : Exception
{
    private protected OrqException(string message, Exception? innerException = null)
        : base(message, innerException) { }

    /// <summary>The number of attempts of the call.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The duration of the call, including all attempts and waits.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>
    /// Whether the server may have carried out the request: true if an attempt may have reached it without a complete
    /// response, or got a 500, 502 or 504 (a gateway cannot know) or a success that cannot be read.
    /// </summary>
    public bool MayHaveBeenApplied { get; init; }

    internal CallOutcome Outcome
    {
        init => (Attempts, Elapsed, MayHaveBeenApplied) = value;
    }
}

/// <summary>The server responded with a status other than 2xx. The official SDKs call this <c>APIError</c>.</summary>
/// <param name="message">One line about what happened.</param>
/// <param name="statusCode">The HTTP status.</param>
public class OrqApiException(string message, int statusCode) : OrqException(message)
{
    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; } = statusCode;

    /// <summary>The response's headers by case-insensitive name; repeated ones are joined by <c>", "</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ResponseHeaders.None;

    /// <summary>The response's <c>Content-Type</c>, unchanged; null if absent.</summary>
    public string? ContentType { get; init; }

    /// <summary>The response's body as UTF-8 text: at most 1 MiB, or as much as arrived before it broke off.</summary>
    public string Body { get; init; } = "";

    /// <summary>The server's own error code, a name or a number as text; null if the body has none.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The server's own message, unredacted; null if the body has none.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The server's request id, from its headers or its body; null if absent.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// The server's requested wait (<c>retry-after-ms</c> or <c>Retry-After</c>, RFC 9110, section 10.2.3). Null if the
    /// header is absent, malformed or not positive.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    internal (CallOutcome Outcome, Failure.Status Status, ErrorBody Body) Error
    {
        init
        {
            Outcome = value.Outcome;
            Headers = value.Status.Headers;
            ContentType = value.Status.ContentType;
            Body = value.Status.Body;
            ErrorCode = value.Body.Code;
            ErrorMessage = value.Body.Message;
            RequestId = value.Body.RequestId;
            RetryAfter = value.Status.RetryAfter;
        }
    }
}

/// <summary>Status 400 or 422: the server rejected the request's content.</summary>
/// <inheritdoc cref="OrqApiException" path="/param"/>
public sealed class OrqBadRequestException(string message, int statusCode = 400) : OrqApiException(message, statusCode);

/// <summary>Status 401: the API key is missing, wrong or expired.</summary>
/// <inheritdoc cref="OrqApiException" path="/param"/>
public sealed class OrqAuthenticationException(string message, int statusCode = 401)
    : OrqApiException(message, statusCode);

/// <summary>Status 403: the API key may not do this.</summary>
/// <inheritdoc cref="OrqApiException" path="/param"/>
public sealed class OrqPermissionException(string message, int statusCode = 403) : OrqApiException(message, statusCode);

/// <summary>Status 404: the server does not have the requested resource.</summary>
/// <inheritdoc cref="OrqApiException" path="/param"/>
public sealed class OrqNotFoundException(string message, int statusCode = 404) : OrqApiException(message, statusCode);

/// <summary>Status 409: the request conflicts with what is stored.</summary>
/// <inheritdoc cref="OrqApiException" path="/param"/>
public sealed class OrqConflictException(string message, int statusCode = 409) : OrqApiException(message, statusCode);

/// <summary>Status 429: too many requests; see <see cref="OrqApiException.RetryAfter"/>.</summary>
/// <inheritdoc cref="OrqApiException" path="/param"/>
public sealed class OrqRateLimitException(string message, int statusCode = 429) : OrqApiException(message, statusCode);

/// <summary>Status 500 to 599: the server, or a proxy in front of it, failed.</summary>
/// <inheritdoc cref="OrqApiException" path="/param"/>
public sealed class OrqServerException(string message, int statusCode = 500) : OrqApiException(message, statusCode);

/// <summary>
/// The server responded with 2xx, so it carried out the request, but the body cannot be read: it is empty, damaged, not
/// JSON, over the limit of 16 MiB, or has a required field missing or of the wrong kind. Such a call is never retried.
/// </summary>
/// <param name="message">One line about what happened.</param>
/// <param name="statusCode">The HTTP status, from 200 to 299.</param>
public sealed class OrqResponseException(string message, int statusCode) : OrqException(message)
{
    /// <summary>The HTTP status, from 200 to 299.</summary>
    public int StatusCode { get; } = statusCode;

    /// <inheritdoc cref="OrqApiException.Headers"/>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ResponseHeaders.None;

    /// <summary>The response's body as text, cut after 1 MiB.</summary>
    public string Body { get; init; } = "";

    /// <summary>The JSON path of the error (<c>_id</c>, <c>data[3]._id</c>); empty for the whole body.</summary>
    public string Path { get; init; } = "";

    /// <summary>A description of what was expected at <see cref="Path"/>.</summary>
    public string Expected { get; init; } = "";
}

/// <summary>
/// A time limit ended the call: <see cref="OrqClientOptions.AttemptTimeout"/>, <see
/// cref="OrqClientOptions.TotalTimeout"/> or the timeout of the caller's own <c>HttpClient</c>.
/// </summary>
/// <param name="message">One line about what happened.</param>
/// <param name="innerException">The exception of the HTTP stack, if any.</param>
public sealed class OrqTimeoutException(string message, Exception? innerException = null)
    : OrqException(message, innerException)
{
    /// <summary>The limit: <c>AttemptTimeout</c>, <c>TotalTimeout</c> or <c>HttpClient.Timeout</c>.</summary>
    public string Limit { get; init; } = nameof(OrqClientOptions.TotalTimeout);

    /// <summary>The length of the limit.</summary>
    public TimeSpan Timeout { get; init; }
}

/// <summary>
/// There was no complete response: the host name could not be resolved, the connection was refused or reset, TLS
/// failed, the body was cut off, or the caller's own handler failed.
/// </summary>
/// <param name="message">One line about what happened.</param>
/// <param name="innerException">The exception of the HTTP stack, if any.</param>
public sealed class OrqConnectionException(string message, Exception? innerException = null)
    : OrqException(message, innerException);

/// <summary>The facts about a call that all exceptions share.</summary>
internal readonly record struct CallOutcome(int Attempts, TimeSpan Elapsed, bool MayHaveBeenApplied);
