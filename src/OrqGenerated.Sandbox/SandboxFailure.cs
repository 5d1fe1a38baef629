namespace OrqGenerated.Sandbox;

/// <summary>A response that the sandbox gives instead of its own.</summary>
/// <param name="StatusCode">A status from 200 to 599.</param>
public sealed record SandboxFailure(int StatusCode)
{
    /// <summary>Additional response headers, for example Retry-After.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// The body, JSON unless the headers contain a Content-Type; null for the sandbox's own error shape with the code
    /// <c>sandbox_failure</c>.
    /// </summary>
    public string? Body { get; init; }
}
