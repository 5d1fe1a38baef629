namespace OrqGenerated.Sandbox;

/// <summary>An answer that the sandbox gives instead of its own.</summary>
/// <param name="StatusCode">200 to 599.</param>
public sealed record SandboxFailure(int StatusCode)
{
    /// <summary>Further response headers, for example Retry-After.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// The body as text, JSON unless a Content-Type is among the headers; null for the error shape of the sandbox with
    /// the code <c>sandbox_failure</c>.
    /// </summary>
    public string? Body { get; init; }
}
