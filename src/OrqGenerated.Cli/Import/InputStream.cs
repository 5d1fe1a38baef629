namespace OrqGenerated.Cli.Import;

/// <summary>A stream whose reads can always be cancelled. Implements the one method that its readers call.</summary>
internal sealed class InputStream(Stream stream) : MemoryStream
{
    /// <summary>Whether it has been read to its end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Called at the end of the stream; throws if that is not the true end.</summary>
    public Action? AtEnd { private get; init; }

    // Otherwise its length would determine the size of reads.
    public override bool CanSeek => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Reading from a terminal or a pipe cannot be cancelled, but waiting for it can.
        var count = await stream.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
        HasEnded = count == 0;
        if (HasEnded)
            AtEnd?.Invoke();

        return count;
    }
}
