using System.Buffers;
using System.IO.Pipelines;

namespace OrqGenerated.Cli.Import;

/// <summary>The bytes of an input in UTF-8: a file or standard input, unpacked if it is gzip.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    /// <summary>Reads large pieces, and leaves the stream open.</summary>
    public static readonly StreamPipeReaderOptions Buffering = new(bufferSize: 1 << 16, leaveOpen: true);

    private readonly Stream _raw;
    private bool _isPacked;

    /// <exception cref="CommandException">The file cannot be opened.</exception>
    public InputFile(string path, Stream standardInput)
    {
        Path = path;
        try
        {
            _raw = IsFile ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1) : standardInput;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(Directory.Exists(path) ? $"{path} is a directory." : e.Message);
        }
    }

    /// <summary>A file, or - for standard input.</summary>
    public string Path { get; }

    private bool IsFile => Path != "-";

    /// <summary>Whether the input can be read a second time.</summary>
    public bool CanBeReadAgain => IsFile && _raw.CanSeek;

    /// <summary>Whether an exception says that the input is damaged, or cannot be read further.</summary>
    public static bool IsDamage(Exception exception) => exception is IOException or InvalidDataException;

    /// <summary>Looks at the first bytes, and passes over a byte order mark.</summary>
    /// <returns>The text in UTF-8.</returns>
    /// <exception cref="CommandException">They are those of a file that no line can be read from.</exception>
    public async Task<PipeReader> StartAsync(CancellationToken cancellationToken)
    {
        var stream = PipeReader.Create(_raw, Buffering);
        var start = await PeekAsync(stream, cancellationToken);
        _isPacked = start is [0x1F, 0x8B, ..];
        if (_isPacked)
        {
            stream = PipeReader.Create(new GzipText(stream.AsStream()), Buffering);
            start = await PeekAsync(stream, cancellationToken);
        }

        if (start is [(byte)'P', (byte)'K', 3, 4] or [0xD0, 0xCF, 0x11, 0xE0] or [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new CommandException(
                $"{Path} is a spreadsheet, a zip file or UTF-16: unpack it, or save it as \"CSV UTF-8\"."
            );
        }

        var mark = start is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        await stream.AsStream().ReadExactlyAsync(new byte[mark], cancellationToken);
        return stream;
    }

    /// <summary>
    /// The part that has been read, from 0 to 1, when so many bytes of text have been; null if the length is unknown,
    /// as that of a pipe.
    /// </summary>
    public double? Share(long textBytes) =>
        !CanBeReadAgain ? null
        : _raw.Length == 0 ? 1
        : (double)(_isPacked ? _raw.Position : Math.Min(textBytes, _raw.Length)) / _raw.Length;

    public ValueTask DisposeAsync() => IsFile ? _raw.DisposeAsync() : ValueTask.CompletedTask;

    private static async Task<byte[]> PeekAsync(PipeReader stream, CancellationToken cancellationToken)
    {
        // A read of a terminal or a pipe cannot be cancelled, but the wait for it can.
        var read = await stream.ReadAtLeastAsync(4, cancellationToken).AsTask().WaitAsync(cancellationToken);
        var start = read.Buffer.Slice(0, Math.Min(4, read.Buffer.Length)).ToArray();
        stream.AdvanceTo(read.Buffer.Start);
        return start;
    }
}
