using System.Collections;
using System.Globalization;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>Lets the handwritten part of a client add a sentence to the message of an API error.</summary>
internal delegate void DescribeError(int statusCode, ref string? hint);

/// <summary>Turns the failure of a call into the exception for its caller.</summary>
internal sealed class ExceptionFactory(string client, DescribeError describeError)
{
    public Exception Create(Failure failure, Call call) =>
        failure switch
        {
            Failure.Cancelled cancelled => new OperationCanceledException(cancelled.Token),
            Failure.Disposed => new ObjectDisposedException(client),
            Failure.Timeout timeout => Timeout(timeout, call),
            Failure.Connection connection => Connection(connection, call, new Redactor(call)),
            Failure.Unreadable unreadable => Response(unreadable, call, new Redactor(call)),
            Failure.Status status => Api(status, call, new Redactor(call)),
            _ => throw new ArgumentOutOfRangeException(nameof(failure)),
        };

    // Does not look into the request, which can be long: a timeout must be reported in time.
    private static OrqTimeoutException Timeout(Failure.Timeout timeout, Call call) =>
        new(
            $"{call.Operation} took longer than its {timeout.Limit} of {Seconds(timeout.Length)}"
                + $" after {call.Attempts} attempt{(call.Attempts == 1 ? "" : "s")}."
        )
        {
            Outcome = call.Outcome,
            Limit = timeout.Limit,
            Timeout = timeout.Length,
        };

    private static OrqConnectionException Connection(Failure.Connection connection, Call call, Redactor redactor)
    {
        var cause = connection.Cause;
        var quote = cause is null ? "" : $" ({redactor.Excerpt(cause.GetBaseException().Message).TrimEnd('.')})";
        // Omitted if it repeats what must not be repeated.
        var inner = cause is null || redactor.MayNeedRedaction(TextOf(cause)) ? null : cause;
        return new OrqConnectionException(
            $"{call.Operation} got no answer from {call.Settings.Server.Url.Authority}{After(call)}:"
                + $" {connection.Reason}{quote}.",
            inner
        )
        {
            Outcome = call.Outcome,
        };
    }

    private static OrqResponseException Response(Failure.Unreadable unreadable, Call call, Redactor redactor)
    {
        var place = unreadable.Mismatch.Path.Length == 0 ? "" : $" at {redactor.Excerpt(unreadable.Mismatch.Path)}";
        var id = RequestIdNote(ResponseHeaders.RequestId(unreadable.Headers), redactor);
        return new OrqResponseException(
            $"{call.Operation} succeeded with {unreadable.Code}{After(call)}{id}, but its body cannot be read{place}:"
                + $" expected {unreadable.Mismatch.Expected}.",
            unreadable.Code
        )
        {
            Outcome = call.Outcome,
            Headers = unreadable.Headers,
            Body = unreadable.Body,
            Path = unreadable.Mismatch.Path,
            Expected = unreadable.Mismatch.Expected,
        };
    }

    private OrqApiException Api(Failure.Status status, Call call, Redactor redactor)
    {
        var body = ErrorBody.Parse(status.Body, status.ContentType);
        var error = new ApiError(call.Outcome, status, body);
        string? hint = null;
        describeError(status.Code, ref hint);

        var code = body.Code is null ? "" : $" {redactor.Excerpt(body.Code)}";
        var detail = body.Message is null ? "" : $": {redactor.Excerpt(body.Message).TrimEnd('.')}";
        var wait = status.RetryAfter is { } time ? $" The server asks to wait {Seconds(time)}." : "";
        var message =
            $"{call.Operation} failed with {status.Code}{code}{After(call)}{RequestIdNote(error.RequestId, redactor)}"
            + $"{detail}.{wait}{(hint is null ? "" : $" {hint}")}";
        return status.Code switch
        {
            400 or 422 => new OrqBadRequestException(message, status.Code) { Error = error },
            401 => new OrqAuthenticationException(message) { Error = error },
            403 => new OrqPermissionException(message) { Error = error },
            404 => new OrqNotFoundException(message) { Error = error },
            409 => new OrqConflictException(message) { Error = error },
            429 => new OrqRateLimitException(message) { Error = error },
            >= 500 and < 600 => new OrqServerException(message, status.Code) { Error = error },
            _ => new OrqApiException(message, status.Code) { Error = error },
        };
    }

    private static string After(Call call) => call.Attempts == 1 ? "" : $" after {call.Attempts} attempts";

    private static string Seconds(TimeSpan time) =>
        $"{time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s";

    private static string RequestIdNote(string? id, Redactor redactor) =>
        id is null ? "" : $" (request id {redactor.Excerpt(id)})";

    /// <summary>The text of an exception, without its type names and stack traces.</summary>
    private static string TextOf(Exception exception)
    {
        var text = new StringBuilder(exception.ToString());
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e.StackTrace is { Length: > 0 } stack)
                text.Replace(stack, null);

            text.Replace(e.GetType().FullName!, null);
            foreach (DictionaryEntry entry in e.Data)
                text.Append(CultureInfo.InvariantCulture, $"\n{entry.Key} {entry.Value}");
        }

        return text.ToString();
    }
}
