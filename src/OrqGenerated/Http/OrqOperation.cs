namespace OrqGenerated.Internal;

/// <summary>What the document says of an operation.</summary>
/// <param name="Name">The operationId.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, with parameters in braces.</param>
/// <param name="IsMarkedIdempotent">Whether the document marks it <c>x-idempotent</c>.</param>
internal sealed record OrqOperation(
    string Name,
    HttpMethod Method,
    string Path,
    bool IsMarkedIdempotent = false
)
{
    /// <summary>Whether sending it twice does what sending it once does (RFC 9110, section 9.2.2).</summary>
    public bool IsIdempotent { get; } =
        IsMarkedIdempotent
        || Method == HttpMethod.Get
        || Method == HttpMethod.Head
        || Method == HttpMethod.Put
        || Method == HttpMethod.Delete;
}
