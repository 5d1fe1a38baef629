using System.IO.Compression;

namespace OrqGenerated.Internal;

/// <summary>Unpacks a gzip body and tells a whole one from one that was cut off.</summary>
internal static class Gzip
{
    private static readonly byte[] EndMember = Pack(End);

    /// <summary>Comes out behind a body that was whole.</summary>
    public static ReadOnlySpan<byte> End => "\0whole\0"u8;

    public static bool IsUsedBy(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Encoding", out var encoding)
        && encoding.ToString() is var name
        && (
            name.Equals("gzip", StringComparison.OrdinalIgnoreCase)
            || name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>
    /// GZipStream takes the end of its input for the end of the data. So a second member (RFC 1952, section 2.2) is put
    /// behind the body: where the body was cut off, its bytes are lost as the body's own.
    /// </summary>
    public static Stream Unpack(Stream packed) =>
        new GZipStream(new Joined(packed), CompressionMode.Decompress);

    private static byte[] Pack(ReadOnlySpan<byte> data)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return packed.ToArray();
    }

    private sealed class Joined(Stream body) : Stream
    {
        private ReadOnlyMemory<byte> _end = EndMember;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (read > 0)
            {
                return read;
            }

            var part = _end[..Math.Min(_end.Length, buffer.Length)];
            part.CopyTo(buffer);
            _end = _end[part.Length..];
            return part.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) =>
            throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();
    }
}
