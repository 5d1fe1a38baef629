using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// Unpacks gzip, and refuses what stands behind it, which .NET takes for the end; zeros, as a tape has them, are none.
/// </summary>
internal sealed class GzipText : GZipStream
{
    private readonly PackedStream _packed;

    public GzipText(PipeReader packed)
        : this(new PackedStream(packed)) { }

    private GzipText(PackedStream packed)
        : base(packed, CompressionMode.Decompress) => _packed = packed;

    /// <exception cref="InvalidDataException">It is damaged, or something else stands behind it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        return count > 0 || await _packed.HasEndedAsync(cancellationToken)
            ? count
            : throw new InvalidDataException("The data behind the gzip data is of another kind.");
    }

    // GZipStream does not tell what it has read and left over. Near the end of the input it gets single bytes, so that
    // this is one byte at most; before that, there is more to read, in which the same is found. It uses no other
    // member, and a MemoryStream has them all.
    private sealed class PackedStream(PipeReader packed) : MemoryStream
    {
        private const int Tail = 1 << 15;
        private byte _last;

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var bytes = (await packed.ReadAtLeastAsync(Tail + 1, cancellationToken)).Buffer;
            var count = (int)
                Math.Min(
                    buffer.Length,
                    bytes.Length > Tail ? bytes.Length - Tail
                        : bytes.Length > 0 ? 1
                        : 0
                );
            bytes.Slice(0, count).CopyTo(buffer.Span);
            _last = count > 0 ? buffer.Span[count - 1] : (byte)0;
            packed.AdvanceTo(bytes.GetPosition(count));
            return count;
        }

        public async ValueTask<bool> HasEndedAsync(CancellationToken cancellationToken)
        {
            var isZero = _last == 0;
            ReadResult read;
            do
            {
                read = await packed.ReadAsync(cancellationToken);
                isZero &= !read.Buffer.ToArray().ContainsAnyExcept((byte)0);
                packed.AdvanceTo(read.Buffer.End);
            } while (isZero && !read.IsCompleted);

            return isZero;
        }
    }
}
