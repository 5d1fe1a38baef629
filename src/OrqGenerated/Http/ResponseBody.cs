using System.Buffers;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>A response's bytes, or as many of them as arrived, in a pooled buffer.</summary>
internal sealed class ResponseBody : IDisposable
{
    /// <summary>The maximum length of a success body, after decompression.</summary>
    public const int SuccessLimit = 16 * 1024 * 1024;

    /// <summary>The maximum number of bytes of a body in an exception.</summary>
    public const int ErrorLimit = 1024 * 1024;

    private const int FirstBuffer = 16 * 1024;

    private byte[] _buffer = [];
    private int _length;
    private bool _isBadlyEncoded;

    /// <summary>The body as text without a byte order mark, cut for an exception.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes[..Math.Min(_length, ErrorLimit)]).TrimStart('\ufeff');

    private ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>
    /// Reads to the end, to the limit, or to bytes that cannot be decompressed. If it throws, what had arrived is kept.
    /// </summary>
    public async ValueTask ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using var closing = stream.ConfigureAwait(false);
            // A longer body gets its memory as it arrives, since its Content-Length may be wrong.
            Grow((int)Math.Min(content.Headers.ContentLength ?? FirstBuffer, FirstBuffer) + 1);
            int read;
            do
            {
                if (_length == _buffer.Length)
                    Grow(2 * _length);

                // Reads one byte past the limit, to detect a body that exceeds it.
                var free = _buffer.AsMemory(_length, Math.Min(_buffer.Length, limit + 1) - _length);
                read = await stream.ReadAsync(free, cancellationToken).ConfigureAwait(false);
                // Throws if a handler's stream claims more than it was given room for.
                _length += free[..read].Length;
            } while (read > 0 && _length <= limit);
        }
        catch (Exception exception)
            when (exception is InvalidDataException or (InvalidOperationException and not ObjectDisposedException)
                && !cancellationToken.IsCancellationRequested
            )
        {
            // .NET's Brotli stream, which a caller's handler may use, throws an InvalidOperationException.
            _isBadlyEncoded = true;
        }
    }

    /// <summary>Parses a success body.</summary>
    /// <returns>Null on success; otherwise what was expected, and where.</returns>
    public Mismatch? Parse<T>(JsonCodec<T> codec, out T? value)
    {
        value = default;
        return _isBadlyEncoded ? new Mismatch("a body that can be decompressed")
            : _length > SuccessLimit ? new Mismatch($"at most {SuccessLimit / 1024 / 1024} MiB")
            : JsonCodec.Read(codec, Bytes, out value);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
