using CsvHelper;

namespace OrqGenerated.Cli.Import;

/// <summary>A row of the input.</summary>
internal sealed record ImportRow(long Number, long Line, ReadOnlyMemory<byte> Bytes, RowFormat Format)
{
    /// <summary>Why it is not a contact; null if it is.</summary>
    public string? Error { get; init; }

    /// <summary>Null if there is an error.</summary>
    public CreateContactRequestBody? Contact { get; init; }

    /// <summary>A field that the contact sets to null, if any.</summary>
    public string? Removed { get; init; }

    public string Name => $"row {Number} (line {Line})";
}

/// <summary>Reads the rows of an input one by one; a row that is a reject brings its own format.</summary>
/// <param name="delimiter">The separator of CSV cells; null to detect it.</param>
internal sealed class RowReader(InputFile input, Columns columns, char? delimiter, bool nullIsAbsent)
{
    private RecordReader _records = null!;
    private RowFormat _format = null!;
    private Record _record;

    /// <summary>The number of the last row read, from 1; blank rows do not count.</summary>
    public long Number { get; private set; }

    /// <inheritdoc cref="InputFile.FractionRead"/>
    public double? FractionRead => input.FractionRead(_records.Consumed);

    /// <summary>Detects the format by the input's name and first line, and reads the header of a CSV file.</summary>
    /// <exception cref="CommandException">The input cannot be read as contacts.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _records = new RecordReader(await input.StartAsync(cancellationToken));
            _format = await DetectAsync(cancellationToken) with { NullIsAbsent = nullIsAbsent };
        }
        catch (Exception e) when (InputFile.IsReadError(e))
        {
            throw new CommandException($"{input.Path} cannot be read: {e.Message}");
        }
    }

    /// <summary>Advances to the next row that is not blank.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        var separator = (_format as CsvFormat)?.Delimiter;
        while (await _records.ReadAsync(separator, cancellationToken) is { } record)
        {
            if (record.Bytes.Span.ContainsAnyExcept((byte)(separator ?? ' '), (byte)' ', (byte)'\t'))
            {
                _record = record;
                Number++;
                return true;
            }
        }

        return false;
    }

    /// <summary>The row that <see cref="MoveNextAsync"/> advanced to.</summary>
    public ImportRow Current()
    {
        var row = new ImportRow(Number, _record.Line, _record.Bytes, _format) { Error = _record.Error };
        try
        {
            row = _format is JsonFormat json ? Reject.Unwrap(row, json) : row;
            if (row.Error is not null)
                return row;

            var contact = new ContactBuilder(row.Format.NullIsAbsent);
            row.Format.Fill(contact, row.Bytes);
            return row with { Contact = contact.Build(), Removed = contact.Removed };
        }
        catch (FormatException e)
        {
            return row with { Error = e.Message };
        }
    }

    private async Task<RowFormat> DetectAsync(CancellationToken cancellationToken)
    {
        var line = await _records.PeekLineAsync(cancellationToken);
        var start = line.Span.TrimStart(" \t"u8);
        var name = input.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? input.Path[..^3] : input.Path;
        var extension = Path.GetExtension(name).ToUpperInvariant();
        if (start is [(byte)'[', ..] && extension != ".CSV" || start.TrimEnd(" \t"u8).SequenceEqual("{"u8))
        {
            throw new CommandException(
                $"{input.Path} is one JSON document; give one contact on each line, as jq -c '.[]' writes them."
            );
        }

        return start is [(byte)'{', ..] || extension is ".JSONL" or ".NDJSON"
            ? new JsonFormat(columns)
            : await HeaderAsync(line, cancellationToken);
    }

    private async Task<CsvFormat> HeaderAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        if (line.IsEmpty)
            throw new CommandException($"{input.Path} has no first line: a CSV file begins with a header.");

        // CsvHelper takes the separator from a first line "sep=;", and reads no record from it.
        using var first = CsvReader.Create(line, CsvReaderOptions.Default with { HasHeader = false });
        char? hint = first.Read() ? null : first.Separator;
        if (hint is not null)
            await _records.ReadAsync(null, cancellationToken);

        // The usual separator that yields the most fields. A name may contain the others, as "Name, first" does.
        var separator = delimiter ?? hint ?? ",;\t|".MaxBy(c => CsvFormat.Cells(line, c).Cells.Count(columns.IsField));
        var header = await _records.ReadAsync(separator, cancellationToken) ?? default;
        var (names, error) = CsvFormat.Cells(header.Bytes, separator);
        error =
            header.Error is not null ? "a line " + header.Error
            : !CsvFormat.IsText(header.Bytes.Span) ? "bytes that are not UTF-8 text"
            : error;
        if (error is not null)
        {
            throw new CommandException(
                $"{input.Path}: the header has {error}: save the file as \"CSV UTF-8\" with lines that end with LF or "
                    + "CR LF, or say with --delimiter what separates its columns."
            );
        }

        // A trailing comma adds a column without a name, whose cells must be empty.
        names = names.ConvertAll(name => name.Trim());
        names = names.GetRange(0, names.FindLastIndex(name => name.Length > 0) + 1);
        return new CsvFormat(separator, columns.FieldsOf(names));
    }
}
