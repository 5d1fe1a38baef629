namespace OrqGenerated.Tests.Support;

/// <summary>
/// A body as it arrives over the wire: each read runs a step, and the body ends after the last one.
/// </summary>
internal sealed class ScriptedStream(params Func<CancellationToken, ValueTask<byte[]>>[] steps) : Stream
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _reads = new(0);
    private int _step;

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Returns the bytes of a string.</summary>
    public static Func<CancellationToken, ValueTask<byte[]>> Bytes(string text) =>
        _ => ValueTask.FromResult(System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>Returns nothing until the read is cancelled.</summary>
    public static async ValueTask<byte[]> Stall(CancellationToken token)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        return [];
    }

    /// <summary>Fails the read.</summary>
    public static Func<CancellationToken, ValueTask<byte[]>> Fails(Exception exception) =>
        _ => ValueTask.FromException<byte[]>(exception);

    /// <summary>Completes when one more read has begun; each read counts once.</summary>
    /// <exception cref="TimeoutException">No read began within 30 seconds.</exception>
    public async Task WaitForReadAsync()
    {
        if (!await _reads.WaitAsync(Guard))
            throw new TimeoutException($"Waited {Guard} for a read; {_step} have begun in all.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var step = _step++;
        _reads.Release();
        if (step >= steps.Length)
            return 0;

        var bytes = await steps[step](cancellationToken);
        var read = Math.Min(bytes.Length, buffer.Length);
        bytes.AsMemory(0, read).CopyTo(buffer);
        if (read < bytes.Length)
        {
            // The next read returns the bytes that did not fit.
            steps[step] = _ => ValueTask.FromResult(bytes[read..]);
            _step--;
        }

        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A body is never read synchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }
}
