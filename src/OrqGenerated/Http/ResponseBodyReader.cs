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
        if (body.IsOverLimit && !ReferenceEquals(codec, JsonCodec.Nothing))
        {
            return new Unreadable("", $"at most {ReceivedBody.SuccessLimit / 1024 / 1024} MiB");
        }

        var mismatch = JsonCodec.Read(codec, body.Utf8(response.Content).Span, out value);
        if (mismatch is not null && response.Content.Headers.ContentEncoding.Count > 0)
        {
            return new Unreadable(
                "",
                "JSON, but the body is still compressed; set AutomaticDecompression on the HttpClient's handler"
            );
        }

        return mismatch is null ? null : new Unreadable(mismatch.Path, mismatch.Expected);
    }
}
