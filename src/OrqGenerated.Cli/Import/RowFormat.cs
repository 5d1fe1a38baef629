using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using CsvHelper;

namespace OrqGenerated.Cli.Import;

/// <summary>How to read a contact from the bytes of a row.</summary>
[JsonDerivedType(typeof(JsonFormat), "json")]
[JsonDerivedType(typeof(CsvFormat), "csv")]
internal abstract record RowFormat
{
    /// <summary>Whether null leaves a field unchanged instead of removing it.</summary>
    public bool NullIsAbsent { get; init; }

    /// <summary>Sets the fields of a contact.</summary>
    /// <exception cref="FormatException">The row is not a contact; the message says what is wrong where.</exception>
    public abstract void Fill(ContactBuilder contact, ReadOnlyMemory<byte> row);
}

/// <summary>A contact as one line of JSON, with the API's names or known spellings of them.</summary>
internal sealed record JsonFormat(Columns Columns) : RowFormat
{
    public override void Fill(ContactBuilder contact, ReadOnlyMemory<byte> row)
    {
        var root = ContactJson.Parse(row);
        if (root.ValueKind != JsonValueKind.Object)
            throw new FormatException("not a JSON object");

        var names = new Dictionary<ContactField, string>();
        foreach (var property in root.EnumerateObject())
        {
            if (Columns.Find(property.Name) is { } field)
            {
                if (!names.TryAdd(field, property.Name) && names[field] != property.Name)
                    throw new FormatException($"\"{names[field]}\" and \"{property.Name}\" are both {field.Name}");

                contact.Set(field, property.Value);
            }
        }
    }
}

/// <summary>
/// A CSV record (RFC 4180). An empty cell is absent, <c>\N</c> is null, and cells beyond the header must be empty.
/// </summary>
/// <param name="Columns">The field of each column; null if it is left out.</param>
internal sealed record CsvFormat(char Delimiter, IReadOnlyList<ContactField?> Columns) : RowFormat
{
    private const string Null = @"\N";

    public static bool IsSeparator(char c) => char.IsAscii(c) && c is not ('"' or '\n' or '\r');

    /// <summary>Whether it is UTF-8 without NUL characters.</summary>
    public static bool IsText(ReadOnlySpan<byte> record) => Utf8.IsValid(record) && !record.Contains((byte)0);

    /// <summary>The cells of a record; the error is a violation of the quoting rules, or a second record.</summary>
    public static (List<string> Cells, string? Error) Cells(ReadOnlyMemory<byte> record, char separator)
    {
        var malformed = (CsvMalformedReason?)null;
        var options = CsvReaderOptions.Default with
        {
            Separator = separator,
            HasHeader = false,
            SkipEmptyLines = false,
            OnMalformedRecord = found => malformed ??= found.Reason,
        };
        using var csv = CsvReader.Create(record, options);
        csv.Read();
        List<string> cells = [.. Enumerable.Range(0, csv.FieldCount).Select(csv.GetString)];
        var error = malformed switch
        {
            null => csv.Read() ? "more than one row" : null,
            CsvMalformedReason.StrayQuote => "a quote inside a cell that has none around it",
            CsvMalformedReason.TextAfterClosingQuote => "text after a closing quote",
            _ => "a quote that is never closed",
        };
        return (cells, error);
    }

    public override void Fill(ContactBuilder contact, ReadOnlyMemory<byte> row)
    {
        var (cells, error) = Cells(row, Delimiter);
        if (!IsText(row.Span) || error is not null)
            throw new FormatException(error ?? "not UTF-8 text");

        if (cells.Count < Columns.Count || cells.Skip(Columns.Count).Any(cell => cell.Length > 0))
            throw new FormatException($"has {cells.Count} cells, but the header has {Columns.Count}");

        foreach (var (field, cell) in Columns.Zip(cells))
        {
            // A blank cell is absent. As an empty list it would remove what the API has.
            if (field is not null && (field.IsList ? cell.Trim() : cell).Length > 0)
                contact.Set(field, cell == Null ? ContactJson.Null : field.FromText(cell));
        }
    }
}
