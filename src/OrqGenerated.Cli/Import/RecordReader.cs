namespace OrqGenerated.Cli.Import;

/// <summary>One record of the input: its bytes without the line end, or the reason why it cannot be read.</summary>
/// <param name="Line">The line that it starts on, from 1.</param>
/// <param name="Bytes">Valid until the next record is read.</param>
/// <param name="Error">Null for a record that is whole.</param>
internal readonly record struct Record(long Line, ReadOnlyMemory<byte> Bytes, string? Error);

/// <summary>
/// Cuts bytes into records: lines, or CSV records, which may hold line ends inside quotes. A quote that is never closed
/// costs its own line only: when the end of its record is not found within <see cref="MaxRecordBytes"/>, or stands in
/// the middle of a cell, reading continues at the next line.
/// </summary>
/// <param name="input">Without a byte order mark.</param>
/// <param name="maxLineBytes">The default is what a <see cref="Reject"/> can hold: 125 MB as base64.</param>
internal sealed class RecordReader(Stream input, int maxLineBytes = 120_000_000)
{
    /// <summary>The longest record that can be a contact.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    public const string UnclosedQuote = "a quote that is never closed";
    private const int BufferSize = 1 << 16;

    private byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private bool _isLastRead;
    private long _line = 1;
    private long _passed;

    /// <summary>How many bytes the records so far took.</summary>
    public long Consumed => _passed + _start;

    /// <summary>Whether the last record had a line end; a line that was cut off has none.</summary>
    public bool HasLineEnd { get; private set; }

    /// <summary>The next record, blank ones too; null at the end.</summary>
    /// <param name="separator">The separator of cells; null for lines, which end with LF or CR LF.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public async ValueTask<Record?> ReadAsync(byte? separator, CancellationToken cancellationToken)
    {
        if (await LineAsync(0, separator is null, int.MaxValue, cancellationToken) is not { } first)
        {
            return null;
        }

        var (length, end, lines) = (first.Length, first.End, 1);
        var isQuoted = separator is { } c && EndsInQuotes(_buffer.AsSpan(_start, length), c, isQuoted: false) == true;
        while (isQuoted)
        {
            var offset = length + end;
            var isTooLong = offset > MaxRecordBytes;
            var next = isTooLong ? null : await LineAsync(offset, false, int.MaxValue, cancellationToken);
            if (
                next is not { } line
                || EndsInQuotes(_buffer.AsSpan(_start + offset, line.Length), separator!.Value, isQuoted: true)
                    is not { } isStillQuoted
            )
            {
                return Take(first.Length, first.End, 1, UnclosedQuote);
            }

            (length, end, isQuoted) = (offset + line.Length, line.End, isStillQuoted);
            lines++;
        }

        return Take(length, end, lines, error: null);
    }

    /// <summary>The start of the input up to its first line end or so many bytes, without consuming it.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekLineAsync(int maximum, CancellationToken cancellationToken)
    {
        var line = await LineAsync(0, false, maximum, cancellationToken);
        return _buffer.AsMemory(_start, line?.Length ?? 0);
    }

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

    // The line that starts so many bytes behind the start of the record, up to so many bytes; null at the end of the
    // input. CR, LF and CR LF end a line, or only the last two.
    private async ValueTask<(int Length, int End)?> LineAsync(
        int offset,
        bool onlyLf,
        int maximum,
        CancellationToken cancellationToken
    )
    {
        for (var searched = 0; ; await FillAsync(cancellationToken))
        {
            var rest = _buffer.AsSpan(_start + offset, _end - _start - offset);
            var found = onlyLf
                ? rest[searched..].IndexOf((byte)'\n')
                : rest[searched..].IndexOfAny((byte)'\n', (byte)'\r');
            searched = found < 0 ? rest.Length : searched + found;
            // What follows a CR decides.
            var isWhole = found >= 0 && (rest[searched] == '\n' || searched + 1 < rest.Length || _isLastRead);
            if (isWhole && onlyLf)
            {
                return rest[..searched] is [.., (byte)'\r'] ? (searched - 1, 2) : (searched, 1);
            }

            if (isWhole)
            {
                return (searched, rest[searched..].StartsWith("\r\n"u8) ? 2 : 1);
            }

            if (_isLastRead || rest.Length > maximum)
            {
                return rest.IsEmpty ? null : (rest.Length, 0);
            }
        }
    }

    private Record Take(int length, int end, int lines, string? error)
    {
        error = length > MaxRecordBytes ? $"longer than {MaxRecordBytes / 1024 / 1024} MiB" : error;
        var record = new Record(_line, _buffer.AsMemory(_start, length), error);
        _line += lines;
        _start += length + end;
        HasLineEnd = end > 0;
        return record;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var rest = _end - _start;
        if (_start > 0 && (rest < _buffer.Length / 2 || _end == _buffer.Length))
        {
            var isFarTooLarge = _buffer.Length > 4 * BufferSize && rest < BufferSize;
            var target = isFarTooLarge ? new byte[BufferSize] : _buffer;
            _buffer.AsSpan(_start, rest).CopyTo(target);
            (_buffer, _passed) = (target, _passed + _start);
            (_start, _end) = (0, rest);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length == maxLineBytes)
            {
                throw new IOException(
                    $"Line {_line} is longer than {maxLineBytes / 1_000_000} MB: this is no file of contacts."
                );
            }

            Array.Resize(ref _buffer, Math.Min(2 * _buffer.Length, maxLineBytes));
        }

        // A read of a terminal or a pipe cannot be cancelled, but the wait for it can.
        var read = input.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        var count = read.IsCompletedSuccessfully ? read.Result : await read.AsTask().WaitAsync(cancellationToken);
        _end += count;
        _isLastRead = count == 0;
    }
}
