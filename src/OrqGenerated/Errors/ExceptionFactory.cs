using System.Collections;
using System.Globalization;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>Lets a client's handwritten half add to the message of an API error.</summary>
internal sealed class ApiErrorDescription(string operation, int statusCode)
{
    public string Operation { get; } = operation;

    public int StatusCode { get; } = statusCode;

    /// <summary>A sentence to add to the message; null for none.</summary>
    public string? Hint { get; set; }
}

/// <summary>Turns the failure of a call into the exception that its caller gets.</summary>
/// <param name="client">The name of the client's class.</param>
/// <param name="describeError">Lets the client add to the message of an API error.</param>
internal sealed class ExceptionFactory(string client, Action<ApiErrorDescription> describeError)
{
    public Exception Create(
        Failure failure,
        OrqRequest request,
        CallSettings settings,
        CallProgress progress,
        TimeSpan elapsed
    )
    {
        var outcome = new CallOutcome(progress.Attempts, elapsed, progress.MayHaveBeenApplied);
        var name = request.Operation.Name;
        switch (failure)
        {
            case Failure.Cancelled cancelled:
                return new OperationCanceledException(cancelled.Token);
            case Failure.Disposed:
                return new ObjectDisposedException(client);
            // Does not look into the request, however long that is: the caller gets it in time.
            case Failure.Timeout timeout:
                var count = $"{outcome.Attempts} attempt{(outcome.Attempts == 1 ? "" : "s")}";
                return new OrqTimeoutException(
                    outcome,
                    $"{name} took longer than its {timeout.Limit} of {Seconds(timeout.Length)} after {count}."
                )
                {
                    Limit = timeout.Limit,
                    Timeout = timeout.Length,
                };
        }

        var redactor = new Redactor(request, settings, progress);
        return failure switch
        {
            Failure.Status status => Api(status, name, outcome, redactor),
            Failure.Unreadable unreadable => Response(unreadable, name, outcome, redactor),
            Failure.Connection connection => new OrqConnectionException(
                outcome,
                $"{name} got no answer from {settings.Server.Url.Authority}{After(outcome)}: {connection.Reason}"
                    + $"{Cause(connection.Cause, redactor)}.",
                Safe(connection.Cause, redactor)
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(failure)),
        };
    }

    private OrqApiException Api(Failure.Status status, string operation, CallOutcome outcome, Redactor redactor)
    {
        var body = ErrorBody.Parse(status.Body, status.ContentType);
        var requestId = ResponseHeaders.RequestId(status.Headers) ?? body.RequestId;
        var description = new ApiErrorDescription(operation, status.Code);
        describeError(description);

        var message = new StringBuilder(operation);
        message.Append(CultureInfo.InvariantCulture, $" failed with {status.Code}");
        if (body.Code is not null)
        {
            message.Append(' ').Append(redactor.Excerpt(body.Code));
        }

        message.Append(After(outcome)).Append(RequestId(requestId, redactor));
        if (body.Message is not null)
        {
            message.Append(": ").Append(redactor.Excerpt(body.Message).TrimEnd('.'));
        }

        message.Append('.');
        if (status.RetryAfter is { } wait)
        {
            message.Append(" The server asks to wait ").Append(Seconds(wait)).Append('.');
        }

        if (description.Hint is not null)
        {
            message.Append(' ').Append(description.Hint);
        }

        var error = new ApiError(message.ToString(), outcome, status, body, requestId);
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

    private static OrqResponseException Response(
        Failure.Unreadable unreadable,
        string operation,
        CallOutcome outcome,
        Redactor redactor
    )
    {
        var place = unreadable.Path.Length == 0 ? "" : $" at {redactor.Excerpt(unreadable.Path)}";
        var id = RequestId(ResponseHeaders.RequestId(unreadable.Headers), redactor);
        return new OrqResponseException(
            outcome,
            $"{operation} succeeded with {unreadable.Code}{After(outcome)}{id}, but its body cannot be read{place}:"
                + $" expected {unreadable.Expected}.",
            unreadable.Code
        )
        {
            Headers = unreadable.Headers,
            Body = unreadable.Body,
            Path = unreadable.Path,
            Expected = unreadable.Expected,
        };
    }

    private static string After(CallOutcome outcome) =>
        outcome.Attempts == 1 ? "" : $" after {outcome.Attempts} attempts";

    private static string Seconds(TimeSpan time) =>
        $"{time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s";

    private static string RequestId(string? id, Redactor redactor) =>
        id is null ? "" : $" (request id {redactor.Excerpt(id)})";

    private static string Cause(Exception? cause, Redactor redactor) =>
        cause is null ? "" : $" ({redactor.Excerpt(cause.GetBaseException().Message).TrimEnd('.')})";

    /// <summary>The inner exception, unless it repeats what must not be repeated.</summary>
    private static Exception? Safe(Exception? cause, Redactor redactor) =>
        cause is null || redactor.Holds(Words(cause)) ? null : cause;

    /// <summary>The words of an exception, without the types and methods that it names.</summary>
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
