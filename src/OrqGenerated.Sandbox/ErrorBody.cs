using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace OrqGenerated.Sandbox;

/// <summary>The one shape of the sandbox's errors: code, message, request id and, for a body, what is wrong where.</summary>
internal static class ErrorBody
{
    public static void Write(
        IBufferWriter<byte> output,
        string code,
        string message,
        string requestId,
        List<BodyIssue>? issues = null
    )
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("code"u8, code);
        writer.WriteString("message"u8, message);
        writer.WriteString("request_id"u8, requestId);
        if (issues is not null)
        {
            writer.WriteStartObject("details"u8);
            writer.WriteStartArray("issues"u8);
            foreach (var issue in issues)
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
}

/// <summary>An answer that was asked for with <see cref="OrqSandbox.FailNext"/>.</summary>
internal sealed record PlannedFailure(
    int StatusCode,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    byte[]? Body
)
{
    public void WriteTo(HttpResponse response, IBufferWriter<byte> output, string requestId)
    {
        response.StatusCode = StatusCode;
        foreach (var (name, value) in Headers)
            response.Headers.Append(name, value);
        if (Body is null)
            ErrorBody.Write(
                output,
                CodeOf(StatusCode),
                $"The sandbox was asked to answer {StatusCode}.",
                requestId
            );
        else
            output.Write(Body);
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
