using System.Buffers;
using System.IO.Pipelines;

namespace OrqGenerated.Cli.Import;

/// <summary>One record of the input: its bytes without the line end, or the reason why it cannot be read.</summary>
/// <param name="Line">The line that it starts on, from 1.</param>
/// <param name="Error">Null for a record that is whole.</param>
internal readonly record struct Record(long Line, ReadOnlyMemory<byte> Bytes, string? Error);

/// <summary>
/// Cuts bytes into records: lines, or CSV records, which may hold line ends inside quotes. A quote that is never closed
/// costs its own line only: when the end of its record is not found within <see cref="MaxRecordBytes"/>, or stands in
/// the middle of a cell, reading continues at the next line.
/// </summary>
/// <param name="input">Without a byte order mark.</param>
/// <param name="maxLineBytes">The default is what a <see cref="Reject"/> can hold: 125 MB as base64.</param>
internal sealed class RecordReader(PipeReader input, int maxLineBytes = 120_000_000)
{
    /// <summary>The longest record that can be a contact.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    public const string UnclosedQuote = "a quote that is never closed";

    private ReadOnlySequence<byte> _buffer;
    private bool _isLastRead;
    private long _line = 1;

    /// <summary>How many bytes the records so far took.</summary>
    public long Consumed { get; private set; }

    /// <summary>Whether the last record had a line end; a line that was cut off has none.</summary>
    public bool HasLineEnd { get; private set; }

    /// <summary>The next record, blank ones too; null at the end.</summary>
    /// <param name="separator">The separator of cells; null for lines.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public async ValueTask<Record?> ReadAsync(byte? separator, CancellationToken cancellationToken)
    {
        if (await LineEndAsync(0, cancellationToken) is not { } firstEnd)
        {
            return null;
        }

        var (end, lines) = (firstEnd, 1);
        var isQuoted = separator is { } c && EndsInQuotes(Line(0, end), c, isQuoted: false) == true;
        while (isQuoted)
        {
            var next = end > MaxRecordBytes ? null : await LineEndAsync(end, cancellationToken);
            if (
                next is not { } lineEnd
                || EndsInQuotes(Line(end, lineEnd), separator!.Value, isQuoted: true) is not { } isStillQuoted
            )
            {
                return Take(firstEnd, 1, UnclosedQuote);
            }

            (end, isQuoted) = (lineEnd, isStillQuoted);
            lines++;
        }

        return Take(end, lines, error: null);
    }

    /// <summary>The next line, without consuming it; empty at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekLineAsync(CancellationToken cancellationToken) =>
        await LineEndAsync(0, cancellationToken) is { } end ? Line(0, end).ToArray() : default;

    // Whether a line that starts outside or inside quotes ends in them. Null if a quote inside does not end its
    // cell: then it is the start of another one, and what seemed to be quoted is not.
    private static bool? EndsInQuotes(ReadOnlySpan<byte> line, byte separator, bool isQuoted)
    {
        var startsInQuotes = isQuoted;
        for (int at = 0, next; (next = line[at..].IndexOf((byte)'"')) >= 0; at++)
        {
            at += next;
            var follower = at + 1 < line.Length ? line[at + 1] : separator;
            if (!isQuoted)
            {
                isQuoted = at == 0 || line[at - 1] == separator;
            }
            else if (follower == '"')
            {
                at++;
            }
            else if (startsInQuotes && follower != separator)
            {
                return null;
            }
            else
            {
                isQuoted = false;
            }
        }

        return isQuoted;
    }

    // The position behind the line that starts there, both counted from the start of the record; null at the end.
    private async ValueTask<long?> LineEndAsync(long start, CancellationToken cancellationToken)
    {
        for (var searched = start; ; await FillAsync(cancellationToken))
        {
            if (_buffer.Slice(searched).PositionOf((byte)'\n') is { } lineFeed)
            {
                return _buffer.Slice(0, lineFeed).Length + 1;
            }

            searched = _buffer.Length;
            if (_isLastRead)
            {
                return searched == start ? null : searched;
            }
        }
    }

    // Without its LF or CR LF.
    private ReadOnlySpan<byte> Line(long start, long end)
    {
        var bytes = _buffer.Slice(start, end - start);
        var line = bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
        line = line.EndsWith("\n"u8) ? line[..^1] : line;
        return line.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private Record Take(long end, int lines, string? error)
    {
        error = end > MaxRecordBytes ? $"longer than {MaxRecordBytes / 1024 / 1024} MiB" : error;
        var record = new Record(_line, Line(0, end).ToArray(), error);
        HasLineEnd = _buffer.Slice(end - 1).FirstSpan[0] == '\n';
        _buffer = _buffer.Slice(end);
        Consumed += end;
        _line += lines;
        return record;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_buffer.Length >= maxLineBytes)
        {
            throw new IOException(
                $"Line {_line} is longer than {maxLineBytes / 1_000_000} MB: this is no file of contacts."
            );
        }

        input.AdvanceTo(_buffer.Start, _buffer.End);
        // A read of a terminal or a pipe cannot be cancelled, but the wait for it can.
        var read = await input.ReadAsync(cancellationToken).AsTask().WaitAsync(cancellationToken);
        (_buffer, _isLastRead) = (read.Buffer, read.IsCompleted);
    }
}
