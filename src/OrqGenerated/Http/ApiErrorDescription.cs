namespace OrqGenerated.Internal;

/// <summary>What a client's handwritten half may add to an API error before it is thrown.</summary>
/// <param name="operation">The operation that failed.</param>
/// <param name="statusCode">The HTTP status.</param>
internal sealed class ApiErrorDescription(string operation, int statusCode)
{
    public string Operation { get; } = operation;

    public int StatusCode { get; } = statusCode;

    /// <summary>A sentence that is added to the message; null for none.</summary>
    public string? Hint { get; set; }
}
