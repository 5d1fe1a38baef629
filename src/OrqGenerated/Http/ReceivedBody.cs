using System.Buffers;
using System.Text;

namespace OrqGenerated.Internal;

/// <summary>A response's body, or as much of it as came, in a pooled buffer.</summary>
internal sealed class ReceivedBody
{
    /// <summary>The longest success body that is read, after decompression.</summary>
    public const int SuccessLimit = 16 * 1024 * 1024;

    /// <summary>How much of a body an exception carries.</summary>
    public const int ErrorLimit = 1024 * 1024;

    private const int FirstBuffer = 4096;

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Whether the body is longer than the limit that it was read with.</summary>
    public bool IsOverLimit { get; private set; }

    /// <summary>Reads to the end, or to the limit. What came before an exception stays.</summary>
    public async ValueTask ReadAsync(
        HttpContent content,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            // One byte more than the limit, to see whether there is one.
            if (Gzip.IsUsedBy(content))
            {
                await UnpackAsync(stream, limit + 1, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var length = content.Headers.ContentLength;
                var expected = (int)Math.Min(length ?? FirstBuffer, limit) + 1;
                await FillAsync(stream, expected, limit + 1, cancellationToken)
                    .ConfigureAwait(false);
                // .NET's own handler sees to this itself; a caller's may not.
                if (_length < Math.Min(length ?? 0, limit))
                {
                    throw new IOException("The body is shorter than its Content-Length.");
                }
            }

            if (_length > limit)
            {
                _length = limit;
                IsOverLimit = true;
            }
        }
    }

    /// <summary>The body, cut to what an exception carries, in the charset that its content type names.</summary>
    public string Text(HttpContent content) =>
        Decoded(Math.Min(_length, ErrorLimit), EncodingOf(content));

    /// <summary>The body as UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8(HttpContent content)
    {
        return EncodingOf(content) is { CodePage: not 65001 and not 20127 } other
            ? Encoding.UTF8.GetBytes(Decoded(_length, other))
            : Bytes;
    }

    public void Release()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _length = 0;
        IsOverLimit = false;
    }

    /// <summary>Where there is a byte order mark, it counts for more than the charset.</summary>
    private string Decoded(int length, Encoding encoding)
    {
        using var reader = new StreamReader(new MemoryStream(_buffer, 0, length), encoding);
        return reader.ReadToEnd();
    }

    /// <summary>
    /// JSON is UTF-8 (RFC 8259, section 8.1), and many who send it name a charset that it is not in. So the charset only
    /// counts for bytes that are no UTF-8, or hold zeros as UTF-16 and UTF-32 do.
    /// </summary>
    private Encoding EncodingOf(HttpContent content)
    {
        if (
            content.Headers.ContentType?.CharSet is not { Length: > 0 } name
            || (System.Text.Unicode.Utf8.IsValid(Bytes.Span) && !Bytes.Span.Contains((byte)0))
        )
        {
            return Encoding.UTF8;
        }

        try
        {
            return Encoding.GetEncoding(name.Trim('"'));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            // .NET has no such charset, or, as with UTF-7, refuses it.
            return Encoding.UTF8;
        }
    }

    private async ValueTask UnpackAsync(
        Stream packed,
        int most,
        CancellationToken cancellationToken
    )
    {
        most += Gzip.End.Length;
        var stream = Gzip.Unpack(packed);
        await using (stream.ConfigureAwait(false))
        {
            await FillAsync(stream, FirstBuffer, most, cancellationToken).ConfigureAwait(false);
        }

        if (Bytes.Span.EndsWith(Gzip.End))
        {
            _length -= Gzip.End.Length;
        }
        else if (_length < most)
        {
            throw new InvalidDataException("The gzip data was cut off.");
        }
    }

    private async ValueTask FillAsync(
        Stream stream,
        int expected,
        int most,
        CancellationToken cancellationToken
    )
    {
        Grow(expected);
        while (_length < most)
        {
            if (_length == _buffer.Length)
            {
                Grow(2 * _length);
            }

            var free = _buffer.AsMemory(_length, Math.Min(_buffer.Length, most) - _length);
            var read = await stream.ReadAsync(free, cancellationToken).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            _length += read;
        }
    }

    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
