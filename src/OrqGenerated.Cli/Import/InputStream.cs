namespace OrqGenerated.Cli.Import;

/// <summary>A stream whose reads can always be cancelled. Implements the one method that its readers call.</summary>
internal sealed class InputStream(Stream stream) : MemoryStream
{
    /// <summary>Whether it has been read to its end.</summary>
    public bool HasEnded { get; private set; }

    // Otherwise its length would determine the size of reads.
    public override bool CanSeek => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Reading from a terminal or a pipe cannot be cancelled, but waiting for it can.
        var count = await stream.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
        HasEnded = count == 0;
        return count;
    }
}
