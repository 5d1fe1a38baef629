using System.Buffers;
using System.IO.Pipelines;

namespace OrqGenerated.Cli.Import;

/// <summary>A record of the input, without its line end.</summary>
/// <param name="Line">The line that it starts on, from 1.</param>
/// <param name="Error">Why it cannot be read; null if it can.</param>
internal readonly record struct Record(long Line, ReadOnlyMemory<byte> Bytes, string? Error);

/// <summary>
/// Splits bytes into records: lines, or CSV records, which may contain line ends inside quotes. A quote that is never
/// closed costs only its own line: if no line within <see cref="MaxRecordBytes"/> completes the record, reading
/// continues at the next line.
/// </summary>
/// <param name="maxLineBytes">By default, as much as a <see cref="Reject"/> can hold: 125 MB as base64.</param>
internal sealed class RecordReader(PipeReader input, int maxLineBytes = 120_000_000)
{
    /// <summary>The longest record that can be a contact.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    private ReadOnlySequence<byte> _buffer;
    private bool _isLastRead;
    private long _line = 1;

    /// <summary>The bytes of all records read so far.</summary>
    public long Consumed { get; private set; }

    /// <summary>Whether the last record had a line end.</summary>
    public bool HasLineEnd { get; private set; }

    /// <summary>The next record, which may be blank; null at the end.</summary>
    /// <param name="separator">The separator of CSV cells; null to read lines.</param>
    public async ValueTask<Record?> ReadAsync(char? separator, CancellationToken cancellationToken)
    {
        if (await LineEndAsync(0, cancellationToken) is not { } firstEnd)
            return null;

        var (end, lines) = (firstEnd, 1);
        var isQuoted = separator is not null && HasOddQuotes(0, end);
        while (isQuoted && end <= MaxRecordBytes && await LineEndAsync(end, cancellationToken) is { } next)
        {
            isQuoted ^= HasOddQuotes(end, next);
            end = next;
            lines++;
        }

        var isRecord =
            lines == 1 || (!isQuoted && CsvFormat.Cells(Line(0, end).ToArray(), separator!.Value).Error is null);
        return isRecord ? Take(end, lines) : Take(firstEnd, 1);
    }

    /// <summary>The next line, without consuming it; empty at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekLineAsync(CancellationToken cancellationToken) =>
        await LineEndAsync(0, cancellationToken) is { } end ? Line(0, end).ToArray() : default;

    // A complete record has an even number of quotes, since quotes inside a cell are doubled.
    private bool HasOddQuotes(long start, long end) => int.IsOddInteger(Line(start, end).Count((byte)'"'));

    // The position after the line that begins at start, both relative to the record; null at the end of the input.
    private async ValueTask<long?> LineEndAsync(long start, CancellationToken cancellationToken)
    {
        var searched = start;
        while (true)
        {
            if (_buffer.Slice(searched).PositionOf((byte)'\n') is { } lineFeed)
                return _buffer.Slice(0, lineFeed).Length + 1;

            searched = _buffer.Length;
            if (_isLastRead)
                return searched == start ? null : searched;

            await FillAsync(cancellationToken);
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

    private Record Take(long end, int lines)
    {
        var error = end > MaxRecordBytes ? $"longer than {MaxRecordBytes / 1024 / 1024} MiB" : null;
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
        var read = await input.ReadAsync(cancellationToken);
        (_buffer, _isLastRead) = (read.Buffer, read.IsCompleted);
    }
}
