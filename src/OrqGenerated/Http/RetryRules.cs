namespace OrqGenerated.Internal;

/// <summary>What may be repeated.</summary>
internal static class RetryRules
{
    /// <summary>
    /// Whether another attempt may follow a failure, waits and budgets aside. An operation that is not idempotent is only
    /// repeated where the server has not done its work: it says so (429, 503 with a wait), or has not had the request.
    /// </summary>
    public static bool Allow(Failure? failure, RetryConfig retry, bool isIdempotent) =>
        failure switch
        {
            Failure.Status status => retry.Covers(status.Code)
                && (
                    isIdempotent
                    || status.Code == 429
                    || (status.Code == 503 && status.RetryAfter is not null)
                ),
            Failure.Connection connection => retry.RetryConnectionErrors
                && connection.IsTransient
                && (isIdempotent || !connection.MayHaveReached),
            Failure.Timeout { IsOfServer: true } => retry.RetryConnectionErrors && isIdempotent,
            _ => false,
        };
}
