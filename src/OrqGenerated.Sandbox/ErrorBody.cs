using System.Buffers;
using System.Text.Json;

namespace OrqGenerated.Sandbox;

/// <summary>
/// The one shape of the sandbox's errors: code, message, request id and, for a body, what is wrong where.
/// </summary>
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
