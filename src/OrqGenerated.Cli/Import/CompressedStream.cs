namespace OrqGenerated.Cli.Import;

/// <summary>
/// Notes whether a stream has been read to its end. GZipStream does so unless it finds something that is not gzip,
/// which it takes for the end. It calls only this method; MemoryStream implements the others.
/// </summary>
internal sealed class CompressedStream(Stream compressed) : MemoryStream
{
    public bool HasEnded { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await compressed.ReadAsync(buffer, cancellationToken);
        HasEnded = count == 0;
        return count;
    }
}
