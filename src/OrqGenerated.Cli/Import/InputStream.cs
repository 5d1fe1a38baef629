namespace OrqGenerated.Cli.Import;

/// <summary>A stream that is only read forward, and whose reads can always be cancelled.</summary>
/// <param name="stream">The stream to read.</param>
/// <param name="compressed">What a <see cref="System.IO.Compression.GZipStream"/> decompresses, if it is one.</param>
internal sealed class InputStream(Stream stream, InputStream? compressed = null) : Stream
{
    private bool _hasEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // Reading from a terminal or a pipe cannot be cancelled, but waiting for it can.
        var count = await stream.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(cancellationToken);
        _hasEnded = count == 0;
        // A GZipStream takes what is not gzip for the end.
        return _hasEnded && compressed is { _hasEnded: false }
            ? throw new InvalidDataException("The gzip data is followed by data of another kind.")
            : count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();
}
