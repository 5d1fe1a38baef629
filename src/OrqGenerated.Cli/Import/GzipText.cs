using System.IO.Compression;

namespace OrqGenerated.Cli.Import;

/// <summary>Decompresses gzip, and refuses other data after it, which .NET takes for the end.</summary>
internal sealed class GzipText : GZipStream
{
    private readonly CompressedStream _compressed;

    public GzipText(Stream compressed)
        : this(new CompressedStream(compressed)) { }

    private GzipText(CompressedStream compressed)
        : base(compressed, CompressionMode.Decompress) => _compressed = compressed;

    /// <exception cref="InvalidDataException">The data is damaged, or is followed by other data.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await base.ReadAsync(buffer, cancellationToken);
        return count > 0 || _compressed.HasEnded
            ? count
            : throw new InvalidDataException("The gzip data is followed by data of another kind.");
    }

    // GZipStream reads to the end of the input unless it finds something that is not gzip. It calls only this method;
    // MemoryStream implements the others.
    private sealed class CompressedStream(Stream compressed) : MemoryStream
    {
        public bool HasEnded { get; private set; }

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            var count = await compressed.ReadAsync(buffer, cancellationToken);
            HasEnded = count == 0;
            return count;
        }
    }
}
