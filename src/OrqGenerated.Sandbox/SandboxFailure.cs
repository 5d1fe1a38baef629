using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace OrqGenerated.Sandbox;

/// <summary>An answer that the sandbox gives instead of its own.</summary>
/// <param name="StatusCode">200 to 599.</param>
public sealed record SandboxFailure(int StatusCode)
{
    /// <summary>Further response headers, for example Retry-After.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// The body as text, JSON unless a Content-Type is among the headers; null for the error shape of the sandbox.
    /// </summary>
    public string? Body { get; init; }

    internal void WriteTo(HttpResponse response, IBufferWriter<byte> output, string requestId)
    {
        response.StatusCode = StatusCode;
        foreach (var (name, value) in Headers)
            response.Headers.Append(name, value);
        if (Body is null)
            ErrorBody.Write(output, CodeOf(StatusCode), $"The sandbox was asked to answer {StatusCode}.", requestId);
        else
            output.Write(Encoding.UTF8.GetBytes(Body));
    }

    private static string CodeOf(int statusCode) =>
        statusCode switch
        {
            400 => "invalid_request_body",
            401 => "invalid_api_key",
            402 => "quota_exceeded",
            403 => "insufficient_scope",
            404 => "route_not_found",
            408 => "request_timeout",
            429 => "rate_limit_exceeded",
            500 => "internal_error",
            502 => "provider_error",
            503 => "service_unavailable",
            _ => "sandbox_failure",
        };
}
