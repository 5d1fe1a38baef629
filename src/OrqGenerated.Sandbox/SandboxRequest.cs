using System.Text;

namespace OrqGenerated.Sandbox;

/// <summary>A request as it arrived, before anything was checked.</summary>
/// <param name="Method">The HTTP method, for example <c>POST</c>.</param>
/// <param name="Path">The path with its query, for example <c>/v2/contacts</c>.</param>
/// <param name="Headers">The headers; names ignore case, several values of one name are joined by <c>", "</c>.</param>
/// <param name="Body">The bytes of the body; empty when there was none.</param>
public sealed record SandboxRequest(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>The body read as UTF-8.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Method and path only: headers hold the key, the body personal data.</summary>
    public override string ToString() => $"{Method} {Path}";
}
