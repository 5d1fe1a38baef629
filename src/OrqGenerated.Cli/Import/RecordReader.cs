namespace OrqGenerated.Cli.Import;

/// <summary>One record of the input: its bytes without the line end, or the reason why it cannot be read.</summary>
/// <param name="Line">The line that it starts on, from 1.</param>
/// <param name="Bytes">Valid until the next record is read.</param>
/// <param name="Error">Null for a record that is whole.</param>
internal readonly record struct Record(long Line, ReadOnlyMemory<byte> Bytes, string? Error = null);

/// <summary>
/// Cuts bytes into records: lines, or CSV records, which may hold line ends inside quotes. A quote that is never closed
/// costs its own line only: when the end of its record is not found within <see cref="MaxRecordBytes"/>, or stands in
/// the middle of a cell, reading continues at the next line.
/// </summary>
internal sealed class RecordReader(Stream input)
{
    /// <summary>The longest record that can be a contact.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    public const string UnclosedQuote = "a quote that is never closed";
    private const int BufferSize = 1 << 16;

    private byte[] _buffer = new byte[BufferSize];
    private int _start;
    private int _end;
    private int _scan;
    private int _noLineEnd;
    private bool _isQuoted;
    private bool _isLastRead;
    private long _line = 1;
    private long _passed;

    /// <summary>How many bytes the records so far took.</summary>
    public long Consumed => _passed + _start;

    /// <summary>Whether the last record had a line end; a line that was cut off has none.</summary>
    public bool HasLineEnd { get; private set; }

    /// <summary>The next record, line ends and all blank records passed over; null at the end.</summary>
    /// <param name="separator">The separator of cells; null for lines, which end with a line feed only.</param>
    /// <param name="cancellationToken">Ends the wait for input.</param>
    public async ValueTask<Record?> ReadAsync(byte? separator, CancellationToken cancellationToken)
    {
        (_scan, _isQuoted) = (_start, false);
        while (true)
        {
            if (FindEnd(separator) is { } found)
            {
                return Take(separator, found.Length, found.Skip, found.Error);
            }

            // The end of the input ends the last record; within quotes, only its first line is one.
            if (_isLastRead)
            {
                return _start == _end ? null
                    : _isQuoted && FirstLine() is { } line ? Take(separator, line.Length, line.Skip, UnclosedQuote)
                    : Take(separator, _end - _start, 0, _isQuoted ? UnclosedQuote : null);
            }

            if (_end - _start > MaxRecordBytes && separator is not null && FirstLine() is { } first)
            {
                return Take(separator, first.Length, first.Skip, UnclosedQuote);
            }

            await FillAsync(cancellationToken);
        }
    }

    /// <summary>The start of the input up to its first line end or so many bytes, without consuming it.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> PeekLineAsync(int maximum, CancellationToken cancellationToken)
    {
        while (FirstLine() is null && _end - _start <= maximum && !_isLastRead)
        {
            await FillAsync(cancellationToken);
        }

        return _buffer.AsMemory(_start, FirstLine()?.Length ?? _end - _start);
    }

    private (int Length, int Skip, string? Error)? FindEnd(byte? separator)
    {
        var bytes = _buffer.AsSpan(0, _end);
        while (_scan < _end)
        {
            var next =
                separator is null ? bytes[_scan..].IndexOf((byte)'\n')
                : _isQuoted ? bytes[_scan..].IndexOf((byte)'"')
                : bytes[_scan..].IndexOfAny((byte)'\n', (byte)'\r', (byte)'"');
            if (next < 0)
            {
                _scan = _end;
                return null;
            }

            _scan += next;
            var isAtEnd = _scan + 1 == _end;
            if (isAtEnd && !_isLastRead && bytes[_scan] != '\n')
            {
                // What follows decides.
                return null;
            }

            var follower = isAtEnd ? (byte)'\n' : bytes[_scan + 1];
            if (_isQuoted)
            {
                if (follower == '"')
                {
                    _scan += 2;
                    continue;
                }

                _isQuoted = false;
                if (
                    follower != separator
                    && follower is not ((byte)'\n' or (byte)'\r')
                    && FirstLine() is { } line
                    && line.Length < _scan - _start
                )
                {
                    // Not the end of this cell, but the start of one on a later line.
                    return (line.Length, line.Skip, UnclosedQuote);
                }

                _scan++;
            }
            else if (bytes[_scan] == '"')
            {
                _isQuoted = _scan == _start || bytes[_scan - 1] == separator;
                _scan++;
            }
            else
            {
                return (_scan - _start, bytes[_scan] == '\r' && follower == '\n' && !isAtEnd ? 2 : 1, null);
            }
        }

        return null;
    }

    // The position is kept between calls, because a long line comes in many parts.
    private (int Length, int Skip)? FirstLine()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        var next = rest[_noLineEnd..].IndexOfAny((byte)'\n', (byte)'\r');
        _noLineEnd = next < 0 ? rest.Length : _noLineEnd + next;
        return next < 0 ? null : (_noLineEnd, rest[_noLineEnd..].StartsWith("\r\n"u8) ? 2 : 1);
    }

    private Record Take(byte? separator, int length, int skip, string? error)
    {
        var bytes = _buffer.AsMemory(_start, length);
        error = length > MaxRecordBytes ? $"longer than {MaxRecordBytes / 1024 / 1024} MiB" : error;
        var record = new Record(_line, bytes, error);
        _line += (separator is null ? 0 : LineEnds(bytes.Span)) + 1;
        _start += length + skip;
        _noLineEnd = 0;
        HasLineEnd = skip > 0;
        return record;
    }

    // CR, LF and CR LF each end a line.
    private static int LineEnds(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        for (int next; (next = bytes.IndexOfAny((byte)'\n', (byte)'\r')) >= 0; count++)
        {
            bytes = bytes[(next + (bytes[next..].StartsWith("\r\n"u8) ? 2 : 1))..];
        }

        return count;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var rest = _end - _start;
        if (_start > 0 && (rest < _buffer.Length / 2 || _end == _buffer.Length))
        {
            var isFarTooLarge = _buffer.Length > 4 * BufferSize && rest < BufferSize;
            var target = isFarTooLarge ? new byte[BufferSize] : _buffer;
            _buffer.AsSpan(_start, rest).CopyTo(target);
            (_buffer, _passed, _scan) = (target, _passed + _start, _scan - _start);
            (_start, _end) = (0, rest);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= Array.MaxLength / 2)
            {
                throw new IOException($"Line {_line} is longer than 1 GB: this is no file of contacts.");
            }

            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        // A read of a terminal or a pipe cannot be cancelled, but the wait for it can.
        var read = input.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        var count = read.IsCompletedSuccessfully ? read.Result : await read.AsTask().WaitAsync(cancellationToken);
        _end += count;
        _isLastRead = count == 0;
    }
}
