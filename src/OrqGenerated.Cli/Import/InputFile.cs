using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>The bytes of an input in UTF-8: a file or standard input, unpacked if it is gzip.</summary>
internal sealed class InputFile : IAsyncDisposable
{
    private readonly Stream _raw;
    private readonly bool _isFile;

    private InputFile(string path, Stream raw, bool isFile)
    {
        Path = path;
        _raw = raw;
        _isFile = isFile;
        Reader = new RecordReader(Stream.Null);
    }

    public string Path { get; }

    /// <summary>Valid once <see cref="StartAsync"/> has returned.</summary>
    public RecordReader Reader { get; private set; }

    /// <summary>Whether the input can be read a second time.</summary>
    public bool CanBeReadAgain => _isFile && _raw.CanSeek;

    /// <summary>
    /// The part that has been read, from 0 to 1; null if the length is unknown, as that of a pipe.
    /// </summary>
    public double? Progress =>
        !CanBeReadAgain ? null
        : _raw.Length == 0 ? 1
        : (double)(IsPacked ? _raw.Position : Math.Min(Reader.Consumed, _raw.Length)) / _raw.Length;

    private bool IsPacked { get; set; }

    /// <param name="path">A file, or - for standard input.</param>
    /// <param name="standardInput">The standard input.</param>
    /// <exception cref="CommandException">The file cannot be opened.</exception>
    public static InputFile Open(string path, Stream standardInput)
    {
        if (path == "-")
        {
            return new InputFile(path, standardInput, isFile: false);
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, useAsync: false);
            return new InputFile(path, file, isFile: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(Directory.Exists(path) ? $"{path} is a directory." : e.Message);
        }
    }

    /// <summary>Looks at the first bytes, and passes over a byte order mark.</summary>
    /// <exception cref="CommandException">They are those of a file that no line can be read from.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var stream = PipeReader.Create(_raw, new(bufferSize: 1 << 16, leaveOpen: true));
        var start = await PeekAsync(stream, cancellationToken);
        IsPacked = start is [0x1F, 0x8B, ..];
        if (IsPacked)
        {
            stream = PipeReader.Create(new GZipStream(stream.AsStream(), CompressionMode.Decompress));
            start = await PeekAsync(stream, cancellationToken);
        }

        if (start is [(byte)'P', (byte)'K', 3, 4] or [0xD0, 0xCF, 0x11, 0xE0])
        {
            throw new CommandException(
                $"{Path} is a spreadsheet or a zip file: save it as \"CSV UTF-8\", or unpack it, and import that."
            );
        }

        var text = stream.AsStream();
        var mark = start switch
        {
            [0xEF, 0xBB, 0xBF, ..] => 3,
            [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => 2,
            _ => 0,
        };
        await text.ReadExactlyAsync(new byte[mark], cancellationToken);
        if (mark == 2)
        {
            // "Unicode text" of a spreadsheet.
            var encoding = start[0] == 0xFF ? Encoding.Unicode : Encoding.BigEndianUnicode;
            text = Encoding.CreateTranscodingStream(text, encoding, new UTF8Encoding(false));
        }

        Reader = new RecordReader(text);
    }

    public ValueTask DisposeAsync() => _isFile ? _raw.DisposeAsync() : ValueTask.CompletedTask;

    private static async Task<byte[]> PeekAsync(PipeReader stream, CancellationToken cancellationToken)
    {
        // A read of a terminal or a pipe cannot be cancelled, but the wait for it can.
        var read = await stream.ReadAtLeastAsync(4, cancellationToken).AsTask().WaitAsync(cancellationToken);
        var start = read.Buffer.Slice(0, Math.Min(4, read.Buffer.Length)).ToArray();
        stream.AdvanceTo(
            read.Buffer.Start,
            read.IsCompleted ? read.Buffer.Start : read.Buffer.GetPosition(start.Length)
        );
        return start;
    }
}
