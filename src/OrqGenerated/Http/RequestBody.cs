using System.Buffers;
using System.Net;

namespace OrqGenerated.Internal;

/// <summary>A request's JSON in a pooled buffer, the same bytes for every attempt.</summary>
internal sealed class RequestBody(byte[] buffer, int length)
{
    private int _writers;

    /// <summary>Whether the last content was asked for its bytes, so that a server may have seen them.</summary>
    public bool WasRead { get; private set; }

    public ReadOnlySpan<byte> Json => buffer.AsSpan(0, length);

    /// <summary>Creates the content of one attempt.</summary>
    public HttpContent ToContent(string contentType)
    {
        WasRead = false;
        return new Content(this, contentType);
    }

    /// <summary>
    /// Returns the buffer to the pool, unless it is still being sent: an attempt that was broken off, or whose answer
    /// came early, may go on doing so. Then it is left to the garbage collector.
    /// </summary>
    public void Release()
    {
        if (Volatile.Read(ref _writers) == 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        WasRead = true;
        Interlocked.Increment(ref _writers);
        try
        {
            await stream.WriteAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _writers);
        }
    }

    private sealed class Content : HttpContent
    {
        private readonly RequestBody _body;

        public Content(RequestBody body, string contentType)
        {
            _body = body;
            Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        /// <remarks>For handlers that read the request synchronously, to sign it for example.</remarks>
        protected override void SerializeToStream(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            _body.WasRead = true;
            stream.Write(_body.Json);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            _body.WriteToAsync(stream, CancellationToken.None);

        protected override Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        ) => _body.WriteToAsync(stream, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Json.Length;
            return true;
        }
    }
}
