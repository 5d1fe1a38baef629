namespace OrqGenerated.Cli.Import;

/// <summary>A row of the input: where it stands, its bytes and how they are read.</summary>
internal sealed record ImportRow(long Number, long Line, ReadOnlyMemory<byte> Bytes, RowFormat Format)
{
    /// <summary>Whether null leaves a field as it is.</summary>
    public bool NullIsAbsent { get; init; }

    /// <summary>The reason why it is not a contact; null if it is one.</summary>
    public string? Error { get; init; }

    /// <summary>Null if there is an error.</summary>
    public CreateContactRequestBody? Contact { get; init; }

    /// <summary>A field that the contact sets to null; null for none.</summary>
    public string? Removed { get; init; }

    public string Name => $"row {Number} (line {Line})";
}

/// <summary>
/// Reads the rows of an input one by one, beginning behind the header; those that are rejects have a format of their
/// own.
/// </summary>
internal sealed class RowReader(
    InputFile input,
    RecordReader records,
    RowFormat format,
    Columns columns,
    bool nullIsAbsent
)
{
    private Record _record;

    /// <summary>The row that was read last, counted from 1; blank ones do not count.</summary>
    public long Number { get; private set; }

    /// <summary>The part of the input that has been read, from 0 to 1; null if its length is unknown.</summary>
    public double? Share => input.Share(records.Consumed);

    /// <summary>Moves on to the next row that is not blank.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (await records.ReadAsync(format.Separator, cancellationToken) is { } record)
        {
            if (!format.IsBlank(record.Bytes.Span))
            {
                _record = record;
                Number++;
                return true;
            }
        }

        return false;
    }

    /// <summary>The row that <see cref="MoveNextAsync"/> has come to.</summary>
    public ImportRow Current()
    {
        var row = new ImportRow(Number, _record.Line, _record.Bytes, format)
        {
            Error = _record.Error,
            NullIsAbsent = nullIsAbsent,
        };
        try
        {
            row = format is JsonFormat ? Reject.Unwrap(row, columns) : row;
            if (row.Error is not null)
            {
                return row;
            }

            var contact = new ContactBuilder(row.NullIsAbsent);
            row.Format.Fill(contact, row.Bytes);
            return row with { Contact = contact.Build(), Removed = contact.Removed };
        }
        catch (FormatException e)
        {
            return row with { Error = e.Message };
        }
    }
}
