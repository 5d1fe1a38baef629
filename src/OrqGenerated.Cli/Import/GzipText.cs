using System.IO.Compression;

namespace OrqGenerated.Cli.Import;

/// <summary>Unpacks gzip, and refuses what stands behind it, which .NET takes for the end.</summary>
internal sealed class GzipText : GZipStream
{
    private readonly PackedStream _packed;

    public GzipText(Stream packed)
        : this(new PackedStream(packed)) { }

    private GzipText(PackedStream packed)
        : base(packed, CompressionMode.Decompress) => _packed = packed;

    /// <exception cref="InvalidDataException">It is damaged, or something else stands behind it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        return count > 0 || _packed.HasEnded
            ? count
            : throw new InvalidDataException("The data behind the gzip data is of another kind.");
    }

    // GZipStream reads on to the end of the input, unless it finds something that is not gzip. It uses no other member,
    // and a MemoryStream has them all.
    private sealed class PackedStream(Stream packed) : MemoryStream
    {
        public bool HasEnded { get; private set; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var count = await packed.ReadAsync(buffer, cancellationToken);
            HasEnded = count == 0;
            return count;
        }
    }
}
