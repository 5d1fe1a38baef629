using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using CsvHelper;

namespace OrqGenerated.Cli.Import;

/// <summary>How the bytes of a row are read as a contact.</summary>
internal abstract class RowFormat
{
    /// <summary>The separator of cells; null where a record is a line.</summary>
    public abstract char? Separator { get; }

    /// <summary>Whether a record is empty, and thus no row.</summary>
    public bool IsBlank(ReadOnlySpan<byte> record) =>
        !record.ContainsAnyExcept((byte)(Separator ?? ' '), (byte)' ', (byte)'\t');

    /// <summary>Adds to a reject what is needed to read it again.</summary>
    public abstract Reject AddTo(Reject reject);

    /// <summary>Sets the fields that a row holds.</summary>
    /// <exception cref="FormatException">It is no contact; the message says what is wrong where.</exception>
    public void Fill(ContactBuilder contact, ReadOnlyMemory<byte> row)
    {
        if (!Utf8.IsValid(row.Span))
        {
            throw new FormatException("not UTF-8");
        }

        FillFromText(contact, row);
    }

    protected abstract void FillFromText(ContactBuilder contact, ReadOnlyMemory<byte> row);
}

/// <summary>A line with a contact as JSON, under the API's names or known spellings of them.</summary>
internal sealed class JsonFormat(Columns columns) : RowFormat
{
    public override char? Separator => null;

    public override Reject AddTo(Reject reject) =>
        reject with
        {
            Map =
                columns.Map.Count == 0
                    ? null
                    : columns.Map.ToDictionary(pair => pair.Key, pair => pair.Value.Name, StringComparer.Ordinal),
            Others = columns.Others,
        };

    protected override void FillFromText(ContactBuilder contact, ReadOnlyMemory<byte> row)
    {
        var root = ContactJson.Parse(row);
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("not a JSON object");
        }

        foreach (var property in root.EnumerateObject())
        {
            if (columns.Find(property.Name) is { } target)
            {
                contact.Set(target, property.Value);
            }
        }
    }
}

/// <summary>
/// A CSV record (RFC 4180). An empty cell is absent, <c>\N</c> is null, and a cell of an unnamed column must be empty.
/// </summary>
/// <param name="separator">The separator of cells.</param>
/// <param name="targets">The target of each column; null for one that is left out.</param>
internal sealed class CsvFormat(char separator, IReadOnlyList<Target?> targets) : RowFormat
{
    private const string Null = @"\N";

    public override char? Separator => separator;

    public override Reject AddTo(Reject reject) =>
        reject with
        {
            Delimiter = separator,
            Columns = [.. targets.Select(target => target?.Name)],
        };

    public static bool IsSeparator(char c) => char.IsAscii(c) && c is not ('"' or '\n' or '\r');

    /// <summary>The cells of one record, and what breaks the rules of quotes, or that it is more than one.</summary>
    public static (List<string> Cells, string? Error) Cells(ReadOnlyMemory<byte> record, char separator)
    {
        var malformed = (CsvMalformedReason?)null;
        var options = CsvReaderOptions.Default with
        {
            Separator = separator,
            HasHeader = false,
            Encoding = Encoding.UTF8,
            BufferSize = 4096,
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

    protected override void FillFromText(ContactBuilder contact, ReadOnlyMemory<byte> row)
    {
        if (row.Span.Contains((byte)0))
        {
            throw new FormatException("holds a NUL character");
        }

        var (cells, error) = Cells(row, separator);
        if (error is not null)
        {
            throw new FormatException(error);
        }

        if (cells.Count < targets.Count || cells.Skip(targets.Count).Any(cell => cell.Length > 0))
        {
            throw new FormatException($"has {cells.Count} cells, but the header has {targets.Count}");
        }

        foreach (var (target, cell) in targets.Zip(cells))
        {
            if (target is not null && cell.Length > 0)
            {
                contact.Set(target, Value(target, cell));
            }
        }
    }

    private static JsonElement Value(Target target, string cell) =>
        cell == Null ? ContactJson.Null
        : target.Key is null ? target.Field.FromText(cell)
        : JsonSerializer.SerializeToElement(cell);
}
