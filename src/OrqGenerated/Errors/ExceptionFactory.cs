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
            Failure.Connection connection => Connection(connection, call),
            Failure.Unreadable unreadable => Response(unreadable, call),
            Failure.Status status => Api(status, call),
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

    private static OrqConnectionException Connection(Failure.Connection connection, Call call)
    {
        var cause = connection.Cause;
        var text = cause is null ? "" : TextOf(cause);
        var lines = Redactor.Redact(call, cause?.GetBaseException().Message, text);
        // Omitted if redaction would change its text, or if that is too long to tell.
        var inner = text.Length <= Redactor.LongestSearch && lines[1] == Redactor.Line(text) ? cause : null;
        return new OrqConnectionException(
            $"{call.Operation} got no complete response from {call.Settings.Server.Url.Authority}{After(call)}:"
                + $" {connection.Reason}{Excerpt(" (", lines[0].TrimEnd('.'), ")")}.",
            inner
        )
        {
            Outcome = call.Outcome,
        };
    }

    private static OrqResponseException Response(Failure.Unreadable unreadable, Call call)
    {
        var mismatch = unreadable.Mismatch;
        var lines = Redactor.Redact(call, mismatch.Path, ResponseHeaders.RequestId(unreadable.Headers));
        var requestId = Excerpt(" (request id ", lines[1], ")");
        return new OrqResponseException(
            $"{call.Operation} succeeded with {unreadable.Code}{After(call)}{requestId}, but its body cannot be read"
                + $"{Excerpt(" at ", lines[0])}: expected {mismatch.Expected}.",
            unreadable.Code
        )
        {
            Outcome = call.Outcome,
            Headers = unreadable.Headers,
            Body = unreadable.Body,
            Path = mismatch.Path,
            Expected = mismatch.Expected,
        };
    }

    private OrqApiException Api(Failure.Status status, Call call)
    {
        var body = ErrorBody.Parse(status.Body, status.ContentType);
        body = body with { RequestId = ResponseHeaders.RequestId(status.Headers) ?? body.RequestId };
        var error = (call.Outcome, status, body);
        string? hint = null;
        describeError(status.Code, ref hint);

        var lines = Redactor.Redact(call, body.Code, body.RequestId, body.Message);
        var code = Excerpt(" ", lines[0]);
        var requestId = Excerpt(" (request id ", lines[1], ")");
        var detail = Excerpt(": ", lines[2].TrimEnd('.'));
        var wait = status.RetryAfter is { } time ? $" The server asks to wait {Seconds(time)}." : "";
        var message =
            $"{call.Operation} failed with {status.Code}{code}{After(call)}{requestId}{detail}.{wait}"
            + (hint is null ? "" : $" {hint}");
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

    private static string Excerpt(string before, string line, string after = "") =>
        line is "" ? "" : before + Redactor.Excerpt(line) + after;

    /// <summary>The texts of an exception and of its data, without type names and stack traces.</summary>
    private static string TextOf(Exception exception)
    {
        var text = new StringBuilder(exception.ToString());
        foreach (var e in WithInner(exception))
        {
            if (e.StackTrace is { Length: > 0 } stack)
                text.Replace(stack, null);

            text.Replace(e.GetType().FullName!, null);
            foreach (DictionaryEntry entry in e.Data)
                text.Append(CultureInfo.InvariantCulture, $"\n{entry.Key} {entry.Value}");
        }

        return text.ToString();
    }

    /// <summary>An exception and all those inside it, of which an AggregateException has several.</summary>
    private static IEnumerable<Exception> WithInner(Exception? exception) =>
        exception is null ? []
        : exception is AggregateException several ? several.InnerExceptions.SelectMany(WithInner).Prepend(exception)
        : WithInner(exception.InnerException).Prepend(exception);
}
