using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace OrqGenerated.Sandbox;

/// <summary>An answer that the sandbox gives instead of its own.</summary>
/// <param name="StatusCode">200 to 599.</param>
public sealed record SandboxFailure(int StatusCode)
{
    private static readonly JsonSerializerOptions ErrorOptions = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Further response headers, for example Retry-After.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// The body as text, JSON unless a Content-Type is among the headers; null for the error shape of the sandbox.
    /// </summary>
    public string? Body { get; init; }

    internal string? Code { get; init; }

    internal string? Message { get; init; }

    /// <summary>The problems of a request's body.</summary>
    internal List<BodyIssue>? Issues { get; init; }

    internal void WriteTo(HttpResponse response, IBufferWriter<byte> output, string requestId)
    {
        response.StatusCode = StatusCode;
        foreach (var (name, value) in Headers)
            response.Headers.Append(name, value);
        output.Write(Body is null ? Error(requestId) : Encoding.UTF8.GetBytes(Body));
    }

    private byte[] Error(string requestId) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                code = Code ?? CodeOf(StatusCode),
                message = Message ?? $"The sandbox was asked to answer {StatusCode}.",
                request_id = requestId,
                details = Issues is null ? null : new { issues = Issues },
            },
            ErrorOptions
        );

    private static string CodeOf(int statusCode) =>
        statusCode switch
        {
            400 => "invalid_request_body",
            401 => "invalid_api_key",
            402 => "quota_exceeded",
            403 => "insufficient_scope",
            404 => "route_not_found",
            405 => "method_not_allowed",
            408 => "request_timeout",
            413 => "request_too_large",
            415 => "unsupported_media_type",
            429 => "rate_limit_exceeded",
            500 => "internal_error",
            502 => "provider_error",
            503 => "service_unavailable",
            _ => "sandbox_failure",
        };
}
