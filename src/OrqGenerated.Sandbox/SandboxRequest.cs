using System.Text;

namespace OrqGenerated.Sandbox;

/// <summary>A request as it arrived, before any check.</summary>
/// <param name="Method">The HTTP method, for example <c>POST</c>.</param>
/// <param name="Path">The path with its query, for example <c>/v2/contacts</c>.</param>
/// <param name="Headers">The headers by case-insensitive name; repeated ones are joined by <c>", "</c>.</param>
/// <param name="Body">The bytes of the body; empty if there was none.</param>
public sealed record SandboxRequest(
    string Method,
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>The body as UTF-8 text.</summary>
    public string BodyText => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Method and path only: headers contain the key, the body personal data.</summary>
    public override string ToString() => $"{Method} {Path}";
}
