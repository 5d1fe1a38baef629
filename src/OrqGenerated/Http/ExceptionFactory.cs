using System.Collections;
using System.Globalization;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>Turns what a call came to into the exception that its caller sees.</summary>
/// <param name="call">The call.</param>
/// <param name="settings">Its settings.</param>
/// <param name="secrets">What no message may hold.</param>
/// <param name="attempts">How many attempts were made.</param>
/// <param name="elapsed">How long they took, waits included.</param>
internal sealed class ExceptionFactory(
    OrqCall call,
    CallSettings settings,
    IReadOnlyList<string> secrets,
    int attempts,
    TimeSpan elapsed
)
{
    public static string TypeOf(OrqException exception) => exception.GetType().FullName!;

    public OrqException Create(
        Failure failure,
        bool mayHaveBeenApplied,
        Action<ApiErrorDescription> describeError
    ) =>
        failure switch
        {
            Failure.Status status => Api(status, mayHaveBeenApplied, describeError),
            Failure.Timeout timeout => new OrqTimeoutException(
                $"{call.Operation.Name} took longer than its {timeout.Limit} of {Seconds(timeout.Length)} after {Count()}.",
                Safe(timeout.Cause)
            )
            {
                Limit = timeout.Limit,
                Timeout = timeout.Length,
                Attempts = attempts,
                Elapsed = elapsed,
                MayHaveBeenApplied = mayHaveBeenApplied,
            },
            Failure.Connection connection => new OrqConnectionException(
                $"{call.Operation.Name} got no answer from {settings.ServerUrl.Authority}{Attempts()}: {connection.Reason}{Cause(connection.Cause)}.",
                Safe(connection.Cause)
            )
            {
                Attempts = attempts,
                Elapsed = elapsed,
                MayHaveBeenApplied = mayHaveBeenApplied,
            },
            _ => throw new ArgumentOutOfRangeException(nameof(failure)),
        };

    public OrqResponseException Unreadable(
        HttpResponseMessage response,
        ReceivedBody body,
        Unreadable unreadable
    )
    {
        var headers = ResponseHeaders.Of(response);
        var place = unreadable.Path.Length == 0 ? "" : $" at {Excerpt(unreadable.Path)}";
        var message =
            $"{call.Operation.Name} succeeded with {(int)response.StatusCode}{Attempts()}{RequestId(ResponseHeaders.RequestId(headers))}, but its body cannot be read{place}: expected {unreadable.Expected}.";
        return new OrqResponseException(message, (int)response.StatusCode)
        {
            Headers = headers,
            Body = body.Text(response.Content),
            Path = unreadable.Path,
            Expected = unreadable.Expected,
            Attempts = attempts,
            Elapsed = elapsed,
            MayHaveBeenApplied = true,
        };
    }

    private OrqApiException Api(
        Failure.Status status,
        bool mayHaveBeenApplied,
        Action<ApiErrorDescription> describeError
    )
    {
        var body = ErrorBody.Parse(status.Body, status.ContentType);
        var error = new ApiError
        {
            Message = "",
            Outcome = new CallOutcome(attempts, elapsed, mayHaveBeenApplied),
            StatusCode = status.Code,
            Headers = status.Headers,
            ContentType = status.ContentType,
            Body = status.Body,
            ErrorCode = body.Code,
            ErrorMessage = body.Message,
            RequestId = ResponseHeaders.RequestId(status.Headers) ?? body.RequestId,
            RetryAfter = status.RetryAfter,
        };
        error = error with { Message = Message(error, describeError) };
        return status.Code switch
        {
            400 or 422 => new OrqBadRequestException(error),
            401 => new OrqAuthenticationException(error),
            403 => new OrqPermissionException(error),
            404 => new OrqNotFoundException(error),
            409 => new OrqConflictException(error),
            429 => new OrqRateLimitException(error),
            >= 500 and < 600 => new OrqServerException(error),
            _ => new OrqApiException(error),
        };
    }

    private string Message(ApiError error, Action<ApiErrorDescription> describeError)
    {
        var description = new ApiErrorDescription(call.Operation.Name, error.StatusCode);
        describeError(description);
        var message = new StringBuilder(call.Operation.Name);
        message.Append(CultureInfo.InvariantCulture, $" failed with {error.StatusCode}");
        if (error.ErrorCode is not null)
        {
            message.Append(' ').Append(Excerpt(error.ErrorCode));
        }

        message.Append(Attempts()).Append(RequestId(error.RequestId));
        if (error.ErrorMessage is not null)
        {
            message.Append(": ").Append(Excerpt(error.ErrorMessage).TrimEnd('.'));
        }

        message.Append('.');
        if (error.RetryAfter is { } wait)
        {
            message.Append(" The server asks to wait ").Append(Seconds(wait)).Append('.');
        }

        if (description.Hint is not null)
        {
            message.Append(' ').Append(description.Hint);
        }

        return message.ToString();
    }

    private string Attempts() => attempts == 1 ? "" : $" after {Count()}";

    private string Count() =>
        $"{attempts.ToString(CultureInfo.InvariantCulture)} attempt{(attempts == 1 ? "" : "s")}";

    private static string Seconds(TimeSpan time) =>
        $"{time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s";

    private string RequestId(string? id) => id is null ? "" : $" (request id {Excerpt(id)})";

    private string Excerpt(string words) => Redaction.Excerpt(words, secrets);

    private string Cause(Exception? cause) =>
        cause is null ? "" : $" ({Excerpt(cause.GetBaseException().Message).TrimEnd('.')})";

    /// <summary>The inner exception, unless it repeats what must not be repeated.</summary>
    private Exception? Safe(Exception? cause) =>
        cause is null || Redaction.Holds(Words(cause), secrets) ? null : cause;

    /// <summary>What an exception says, without the types and methods that it names.</summary>
    private static string Words(Exception exception)
    {
        var words = new StringBuilder(exception.ToString());
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e.StackTrace is { Length: > 0 } stack)
            {
                words.Replace(stack, "");
            }

            words.Replace(e.GetType().FullName!, "");
            foreach (DictionaryEntry entry in e.Data)
            {
                words.Append(CultureInfo.InvariantCulture, $"\n{entry.Key} {entry.Value}");
            }
        }

        return words.ToString();
    }
}
