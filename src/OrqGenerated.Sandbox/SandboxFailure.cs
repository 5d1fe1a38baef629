using System.Buffers;
using System.Text;
using System.Text.Json;
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

    internal string? Code { get; init; }

    internal string? Message { get; init; }

    /// <summary>The problems of a request's body.</summary>
    internal List<BodyIssue>? Issues { get; init; }

    internal void WriteTo(HttpResponse response, IBufferWriter<byte> output, string requestId)
    {
        response.StatusCode = StatusCode;
        foreach (var (name, value) in Headers)
            response.Headers.Append(name, value);
        if (Body is null)
            WriteError(output, requestId);
        else
            output.Write(Encoding.UTF8.GetBytes(Body));
    }

    private void WriteError(IBufferWriter<byte> output, string requestId)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("code"u8, Code ?? CodeOf(StatusCode));
        writer.WriteString("message"u8, Message ?? $"The sandbox was asked to answer {StatusCode}.");
        writer.WriteString("request_id"u8, requestId);
        if (Issues is not null)
        {
            writer.WriteStartObject("details"u8);
            writer.WriteStartArray("issues"u8);
            foreach (var issue in Issues)
            {
                writer.WriteStartObject();
                writer.WriteString("path"u8, issue.Path);
                writer.WriteString("message"u8, issue.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

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
