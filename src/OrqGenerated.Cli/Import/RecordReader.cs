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
    /// <param name="separator">The separator of cells; null for lines, which end with LF or CR LF.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public async ValueTask<Record?> ReadAsync(byte? separator, CancellationToken cancellationToken)
    {
        if (await LineAsync(0, separator is null, cancellationToken) is not { } first)
        {
            return null;
        }

        var (length, end, lines) = (first.Length, first.End, 1);
        var isQuoted = separator is { } c && EndsInQuotes(Bytes(0, length), c, isQuoted: false) == true;
        while (isQuoted)
        {
            var offset = length + end;
            var next = offset > MaxRecordBytes ? null : await LineAsync(offset, false, cancellationToken);
            if (
                next is not { } line
                || EndsInQuotes(Bytes(offset, line.Length), separator!.Value, isQuoted: true) is not { } isStillQuoted
            )
            {
                return Take(first.Length, first.End, 1, UnclosedQuote);
            }

            (length, end, isQuoted) = (offset + line.Length, line.End, isStillQuoted);
            lines++;
        }

        var record = Take(length, end, lines, error: null);
        return separator is null ? record with { Bytes = record.Bytes.TrimEnd((byte)'\r') } : record;
    }

    /// <summary>The next line, without consuming it; empty at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekLineAsync(CancellationToken cancellationToken) =>
        await LineAsync(0, false, cancellationToken) is { } line ? _buffer.Slice(0, line.Length).ToArray() : default;

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

    // The line that starts so many bytes behind the start of the record; null at the end of the input. LF ends a line,
    // or CR, LF and CR LF.
    private async ValueTask<(long Length, int End)?> LineAsync(
        long offset,
        bool onlyLf,
        CancellationToken cancellationToken
    )
    {
        for (var searched = offset; ; await FillAsync(cancellationToken))
        {
            var rest = new SequenceReader<byte>(_buffer.Slice(searched));
            if (rest.TryAdvanceToAny(onlyLf ? "\n"u8 : "\n\r"u8, advancePastDelimiter: false))
            {
                searched += rest.Consumed;
                // What follows a CR decides.
                if (rest.IsNext((byte)'\n') || rest.Remaining > 1 || _isLastRead)
                {
                    return (searched - offset, rest.IsNext("\r\n"u8) ? 2 : 1);
                }
            }
            else
            {
                searched = _buffer.Length;
                if (_isLastRead)
                {
                    return searched == offset ? null : (searched - offset, 0);
                }
            }
        }
    }

    private ReadOnlySpan<byte> Bytes(long offset, long length)
    {
        var bytes = _buffer.Slice(offset, length);
        return bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray();
    }

    private Record Take(long length, int end, int lines, string? error)
    {
        error = length > MaxRecordBytes ? $"longer than {MaxRecordBytes / 1024 / 1024} MiB" : error;
        var record = new Record(_line, _buffer.Slice(0, length).ToArray(), error);
        _buffer = _buffer.Slice(length + end);
        Consumed += length + end;
        _line += lines;
        HasLineEnd = end > 0;
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
