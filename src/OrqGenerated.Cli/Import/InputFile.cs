using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace OrqGenerated.Cli.Import;

/// <summary>The UTF-8 text of a file or of standard input, decompressed if it is gzip.</summary>
internal sealed class InputFile(string path, Stream raw) : IAsyncDisposable
{
    public static readonly StreamPipeReaderOptions Buffering = new(bufferSize: 1 << 16, leaveOpen: true);

    private bool _isGzip;

    /// <summary>The path of a file, or - for standard input.</summary>
    public string Path => path;

    public bool CanBeReadAgain => IsFile && raw.CanSeek;

    private bool IsFile => path != "-";

    /// <exception cref="CommandException">The file cannot be opened.</exception>
    public static async Task<InputFile> OpenAsync(
        string path,
        Stream standardInput,
        CancellationToken cancellationToken
    )
    {
        if (path == "-")
            return new InputFile(path, standardInput);

        try
        {
            // A named pipe opens only with its other end. Without a buffer, closing it waits for no pending read.
            var open = () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return new InputFile(path, await Task.Run(open, cancellationToken).WaitAsync(cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(Directory.Exists(path) ? $"{path} is a directory." : e.Message);
        }
    }

    /// <summary>Whether an exception means that the input is damaged or cannot be read.</summary>
    public static bool IsReadError(Exception exception) => exception is IOException or InvalidDataException;

    /// <summary>Detects gzip, and skips a byte order mark.</summary>
    /// <returns>The text in UTF-8.</returns>
    /// <exception cref="CommandException">The first bytes are those of a spreadsheet, a zip file or UTF-16.</exception>
    public async Task<PipeReader> StartAsync(CancellationToken cancellationToken)
    {
        var input = new InputStream(raw);
        var stream = PipeReader.Create(input, Buffering);
        var start = await PeekAsync(stream, cancellationToken);
        _isGzip = start is [0x1F, 0x8B, ..];
        if (_isGzip)
        {
            var text = new GZipStream(stream.AsStream(), CompressionMode.Decompress);
            stream = PipeReader.Create(new InputStream(text, compressed: input), Buffering);
            start = await PeekAsync(stream, cancellationToken);
        }

        if (start is [(byte)'P', (byte)'K', 3, 4] or [0xD0, 0xCF, 0x11, 0xE0] or [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
        {
            throw new CommandException(
                $"{path} is a spreadsheet, a zip file or UTF-16: unpack it, or save it as \"CSV UTF-8\"."
            );
        }

        return stream;
    }

    /// <summary>The fraction that has been read; null if the length is unknown, as that of a pipe.</summary>
    /// <param name="textBytes">The bytes of text that have been read.</param>
    public double? FractionRead(long textBytes) =>
        !CanBeReadAgain ? null
        : raw.Length == 0 ? 1
        : (double)(_isGzip ? raw.Position : Math.Min(textBytes, raw.Length)) / raw.Length;

    public ValueTask DisposeAsync() => IsFile ? raw.DisposeAsync() : ValueTask.CompletedTask;

    /// <returns>The first bytes, of which only a byte order mark has been consumed.</returns>
    private static async Task<byte[]> PeekAsync(PipeReader stream, CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(4, cancellationToken);
        var start = read.Buffer.Slice(0, Math.Min(4, read.Buffer.Length)).ToArray();
        stream.AdvanceTo(read.Buffer.GetPosition(start is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0));
        return start;
    }
}
