using System.Buffers;
using System.Net;

namespace OrqGenerated.Internal;

/// <summary>A request's JSON in a pooled buffer, the same bytes for every attempt.</summary>
internal sealed class RequestBody
{
    /// <summary>What the count of contents being sent is set to at the end; far enough below zero to stay there.</summary>
    private const int Released = int.MinValue / 2;

    private readonly byte[] _buffer;
    private readonly int _length;
    private int _sending;

    private RequestBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    /// <summary>Whether the last content made of it was asked for its bytes, so that a server may have seen them.</summary>
    public bool WasRead { get; private set; }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    public static RequestBody Of<T>(T body, JsonCodec<T> codec)
    {
        var (buffer, length) = JsonCodec.Write(codec, body);
        return new RequestBody(buffer, length);
    }

    /// <summary>The content for one attempt.</summary>
    public HttpContent ToContent()
    {
        WasRead = false;
        return new Content(this);
    }

    /// <summary>Gives the buffer back, unless an abandoned attempt still sends from it.</summary>
    public void Release()
    {
        if (Interlocked.CompareExchange(ref _sending, Released, 0) == 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private sealed class Content : HttpContent
    {
        private readonly RequestBody _body;

        public Content(RequestBody body)
        {
            _body = body;
            Headers.TryAddWithoutValidation("Content-Type", "application/json");
        }

        /// <remarks>For a handler of the caller's that looks into the request.</remarks>
        protected override void SerializeToStream(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            Begin();
            try
            {
                stream.Write(_body.Span);
            }
            finally
            {
                End();
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            Begin();
            try
            {
                await stream
                    .WriteAsync(_body._buffer.AsMemory(0, _body._length), cancellationToken)
                    .ConfigureAwait(false);
            }
            finally
            {
                End();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body._length;
            return true;
        }

        private void Begin()
        {
            _body.WasRead = true;
            if (Interlocked.Increment(ref _body._sending) <= 0)
            {
                // The call has ended and the buffer may already serve another.
                End();
                throw new ObjectDisposedException(nameof(RequestBody));
            }
        }

        private void End() => Interlocked.Decrement(ref _body._sending);
    }
}
