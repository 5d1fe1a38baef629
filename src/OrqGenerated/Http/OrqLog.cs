using Microsoft.Extensions.Logging;

namespace OrqGenerated.Internal;

/// <summary>What the client logs. Never a key, a header or a value of a request.</summary>
internal static partial class OrqLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Operation} attempt {Attempt}: {Result}")]
    public static partial void Attempted(
        this ILogger log,
        string operation,
        int attempt,
        string result
    );

    [LoggerMessage(
        2,
        LogLevel.Information,
        "{Operation} attempt {Attempt} failed with {ErrorType}; next attempt in {DelaySeconds} s"
    )]
    public static partial void Retrying(
        this ILogger log,
        string operation,
        int attempt,
        double delaySeconds,
        string errorType
    );

    [LoggerMessage(
        3,
        LogLevel.Warning,
        "{Operation} failed with {ErrorType} after {Attempts} attempts"
    )]
    public static partial void Failed(
        this ILogger log,
        string operation,
        int attempts,
        string errorType
    );
}
