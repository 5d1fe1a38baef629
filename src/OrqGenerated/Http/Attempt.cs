using System.Diagnostics.CodeAnalysis;

namespace OrqGenerated.Internal;

/// <summary>The result of one attempt: a failure, or a successful answer with its body.</summary>
internal readonly record struct Attempt(
    Failure? Failure,
    int? Status,
    HttpResponseMessage? Response,
    ResponseBody? Body
) : IDisposable
{
    /// <summary>Reads the body of a successful answer as the document describes it.</summary>
    public bool TryRead<T>(
        JsonCodec<T> codec,
        int attempts,
        [NotNullWhen(true)] out OrqResponse<T>? response,
        [NotNullWhen(false)] out Failure? failure
    )
    {
        var headers = new ResponseHeaders(Response!);
        var status = (int)Response!.StatusCode;
        var isEncoded = Response.Content.Headers.ContentEncoding.Count > 0;
        if (Body!.Parse(codec, isEncoded, out var value) is { } mismatch)
        {
            response = null;
            failure = new Failure.Unreadable(
                status,
                headers.ToDictionary(),
                Body.Text,
                mismatch.Path,
                mismatch.Expected
            );
            return false;
        }

        failure = null;
        response = new OrqResponse<T>(value!, status) { Attempts = attempts, Source = headers };
        return true;
    }

    public void Dispose()
    {
        Response?.Dispose();
        Body?.Dispose();
    }
}
