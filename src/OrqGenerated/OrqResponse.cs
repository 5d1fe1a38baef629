namespace OrqGenerated;

/// <summary>What came with a successful answer besides its body.</summary>
public class OrqResponse
{
    private IReadOnlyDictionary<string, string>? _headers;

    /// <summary>Creates a response, for a test.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    public OrqResponse(int statusCode) => StatusCode = statusCode;

    /// <summary>The HTTP status, from 200 to 299.</summary>
    public int StatusCode { get; }

    /// <summary>The response's headers by name, without regard to case; repeated ones joined by <c>", "</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers
    {
        get => _headers ??= Source is null ? ResponseHeaders.None : ResponseHeaders.Of(Source);
        init => _headers = value;
    }

    /// <summary>
    /// The id under which the server knows the request (<c>x-orq-trace-id</c> or <c>x-request-id</c>); null when it sent none.
    /// </summary>
    public string? RequestId => ResponseHeaders.RequestId(Headers);

    /// <summary>How many attempts the call took, the successful one included.</summary>
    public int Attempts { get; init; } = 1;

    internal HttpResponseMessage? Source { private get; init; }
}

/// <summary>A successful answer with its body.</summary>
/// <typeparam name="T">The type of the body.</typeparam>
public sealed class OrqResponse<T> : OrqResponse
{
    /// <summary>Creates a response, for a test.</summary>
    /// <param name="value">The body.</param>
    /// <param name="statusCode">The HTTP status.</param>
    public OrqResponse(T value, int statusCode = 200)
        : base(statusCode) => Value = value;

    /// <summary>The body.</summary>
    public T Value { get; }
}
