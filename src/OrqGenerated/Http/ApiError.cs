namespace OrqGenerated.Internal;

/// <summary>How a call that failed went.</summary>
internal readonly record struct CallOutcome(
    int Attempts,
    TimeSpan Elapsed,
    bool MayHaveBeenApplied
);

/// <summary>All that an <see cref="OrqApiException"/> tells.</summary>
internal sealed record ApiError
{
    public required string Message { get; init; }

    public required CallOutcome Outcome { get; init; }

    public required int StatusCode { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required string? ContentType { get; init; }

    public required string Body { get; init; }

    public required string? ErrorCode { get; init; }

    public required string? ErrorMessage { get; init; }

    public required string? RequestId { get; init; }

    public required TimeSpan? RetryAfter { get; init; }
}
