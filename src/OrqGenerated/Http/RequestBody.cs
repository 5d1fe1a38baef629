using System.Net;

namespace OrqGenerated.Internal;

/// <summary>A request's JSON, the same bytes for every attempt.</summary>
internal sealed class RequestBody(byte[] json)
{
    /// <summary>Whether the last content was asked for its bytes, so that a server may have seen them.</summary>
    public bool WasRead { get; private set; }

    public ReadOnlySpan<byte> Json => json;

    /// <summary>Creates the content of one attempt.</summary>
    public HttpContent ToContent(string contentType)
    {
        WasRead = false;
        var content = new Content(json, this);
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        return content;
    }

    private sealed class Content(byte[] json, RequestBody body) : HttpContent
    {
        protected override bool TryComputeLength(out long length)
        {
            length = json.Length;
            return true;
        }

        /// <remarks>For handlers that read the request synchronously, to sign it for example.</remarks>
        protected override void SerializeToStream(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            body.WasRead = true;
            stream.Write(json);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            body.WasRead = true;
            return stream.WriteAsync(json, cancellationToken).AsTask();
        }
    }
}
