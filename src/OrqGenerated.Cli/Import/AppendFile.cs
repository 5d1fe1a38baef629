using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// A file of lines that is locked while it is open. It is unbuffered, so a killed process loses nothing it has written
/// and leaves at most half a line at the end.
/// </summary>
internal sealed class AppendFile : IDisposable
{
    private readonly FileStream _file;
    private long _end;

    /// <exception cref="CommandException">The file cannot be opened, or is in use.</exception>
    public AppendFile(string option, string path)
    {
        try
        {
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"{option}: {e.Message}");
        }
    }

    /// <summary>Whether there is nothing to read; always true for pipes and devices.</summary>
    public bool IsEmpty => !_file.CanSeek || _file.Length == 0;

    /// <summary>Reads the complete lines; each is valid until the next one is read.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var input = PipeReader.Create(IsEmpty ? Stream.Null : _file, InputFile.Buffering);
        // A reject can be six times as long as its row.
        var reader = new RecordReader(input, Array.MaxLength / 2);
        while (await reader.ReadAsync(null, cancellationToken) is { } line && reader.HasLineEnd)
        {
            _end = reader.Consumed;
            yield return line.Bytes;
        }
    }

    /// <summary>Removes everything after the lines that were read: half a line, or all if none were read.</summary>
    public void Truncate()
    {
        if (!IsEmpty)
        {
            _file.SetLength(_end);
            _file.Position = _end;
        }
    }

    public void Append(ReadOnlySpan<byte> line) => _file.Write(line);

    public void Dispose()
    {
        using (_file)
        {
            _file.Flush(flushToDisk: true);
        }
    }
}
