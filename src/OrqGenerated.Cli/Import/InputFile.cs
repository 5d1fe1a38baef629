using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace OrqGenerated.Cli.Import;

/// <summary>The UTF-8 text of a file or of standard input, decompressed if it is gzip.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    public static readonly StreamPipeReaderOptions Buffering = new(bufferSize: 1 << 16, leaveOpen: true);

    private readonly Stream _raw;
    private readonly InputStream _input;
    private bool _isGzip;

    /// <exception cref="CommandException">The file cannot be opened.</exception>
    public InputFile(string path, Stream standardInput)
    {
        Path = path;
        try
        {
            // Without a buffer, closing it waits for no read that is pending, such as that of a named pipe.
            _raw = IsFile ? new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0) : standardInput;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(Directory.Exists(path) ? $"{path} is a directory." : e.Message);
        }

        _input = new InputStream(_raw);
    }

    /// <summary>The path of a file, or - for standard input.</summary>
    public string Path { get; }

    public bool CanBeReadAgain => IsFile && _raw.CanSeek;

    private bool IsFile => Path != "-";

    /// <summary>Whether an exception means that the input is damaged or cannot be read.</summary>
    public static bool IsReadError(Exception exception) => exception is IOException or InvalidDataException;

    /// <summary>Detects gzip, and skips a byte order mark.</summary>
    /// <returns>The text in UTF-8.</returns>
    /// <exception cref="CommandException">The first bytes are those of a spreadsheet, a zip file or UTF-16.</exception>
    public async Task<PipeReader> StartAsync(CancellationToken cancellationToken)
    {
        var stream = PipeReader.Create(_input, Buffering);
        var start = await PeekAsync(stream, cancellationToken);
        _isGzip = start is [0x1F, 0x8B, ..];
        if (_isGzip)
        {
            var text = new GZipStream(stream.AsStream(), CompressionMode.Decompress);
            stream = PipeReader.Create(new InputStream(text) { AtEnd = CheckEnd }, Buffering);
            start = await PeekAsync(stream, cancellationToken);
        }

        if (start is [(byte)'P', (byte)'K', 3, 4] or [0xD0, 0xCF, 0x11, 0xE0] or [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new CommandException(
                $"{Path} is a spreadsheet, a zip file or UTF-16: unpack it, or save it as \"CSV UTF-8\"."
            );
        }

        var markLength = start is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        await stream.AsStream().ReadExactlyAsync(new byte[markLength], cancellationToken);
        return stream;
    }

    /// <summary>The fraction that has been read; null if the length is unknown, as that of a pipe.</summary>
    /// <param name="textBytes">The bytes of text that have been read.</param>
    public double? FractionRead(long textBytes) =>
        !CanBeReadAgain ? null
        : _raw.Length == 0 ? 1
        : (double)(_isGzip ? _raw.Position : Math.Min(textBytes, _raw.Length)) / _raw.Length;

    public ValueTask DisposeAsync() => IsFile ? _raw.DisposeAsync() : ValueTask.CompletedTask;

    // .NET takes what is not gzip for the end.
    private void CheckEnd()
    {
        if (!_input.HasEnded)
            throw new InvalidDataException("The gzip data is followed by data of another kind.");
    }

    private static async Task<byte[]> PeekAsync(PipeReader stream, CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(4, cancellationToken);
        var start = read.Buffer.Slice(0, Math.Min(4, read.Buffer.Length)).ToArray();
        stream.AdvanceTo(read.Buffer.Start);
        return start;
    }
}
