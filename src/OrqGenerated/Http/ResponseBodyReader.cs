using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>Why a complete success body cannot be read.</summary>
internal sealed record Unreadable(string Path, string Expected);

/// <summary>Reads a success body as what the document promises.</summary>
internal static class ResponseBodyReader
{
    public static Unreadable? Read<T>(
        ReceivedBody body,
        HttpResponseMessage response,
        JsonCodec<T> codec,
        out T? value
    )
    {
        value = default;
        if (codec is NothingCodec)
        {
            return null;
        }

        if (body.IsOverLimit)
        {
            return new Unreadable("", $"at most {ReceivedBody.SuccessLimit / 1024 / 1024} MiB");
        }

        var json = body.Utf8(response.Content);
        if (json.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            if (codec.AllowsNothing)
            {
                return null;
            }

            return new Unreadable("", "JSON, but the body is empty");
        }

        var reader = new OrqJsonReader(json.Span);
        try
        {
            reader.Read();
            if (codec.TryRead(ref reader, out value))
            {
                // Anything but the end is an exception here.
                reader.Read();
                return null;
            }
        }
        catch (JsonException) { }

        if (response.Content.Headers.ContentEncoding.Count > 0)
        {
            return new Unreadable(
                "",
                "JSON, but the body is still compressed; set AutomaticDecompression on the HttpClient's handler"
            );
        }

        var (path, expected) = reader.DescribeFailure();
        return new Unreadable(path, expected);
    }
}
