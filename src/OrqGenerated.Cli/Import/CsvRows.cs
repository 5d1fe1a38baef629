using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// Rows of a CSV file (RFC 4180, commas, UTF-8) under a header of the API's field names. An empty cell is absent;
/// <c>\N</c> is null; <c>tags</c> are separated by <c>;</c>; <c>metadata</c> is a JSON object, and a column
/// <c>metadata.KEY</c> a text under that key.
/// </summary>
internal static class CsvRows
{
    private const string Null = @"\N";
    private const string MetadataPrefix = "metadata.";
    private const int MaxRowBytes = 16 * 1024 * 1024;

    private static readonly string[] Columns =
    [
        "external_id",
        "display_name",
        "email",
        "avatar_url",
        "tags",
        "metadata",
    ];

    /// <exception cref="UsageException">The header is not one of contacts, or a row is too long to be one.</exception>
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        Stream input,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? malformed = null;
        var options = CsvReaderOptions.Default with
        {
            Separator = ',',
            Encoding = Encoding.UTF8,
            DetectSeparatorHint = false,
            MaxRecordSize = MaxRowBytes,
            TrackLineNumbers = true,
            OnMalformedRecord = record => malformed = Describe(record.Reason),
        };
        var csv = CsvReader.Create(input, options, leaveOpen: true);
        await using (csv.ConfigureAwait(false))
        {
            var header = await HeaderAsync(csv, cancellationToken).ConfigureAwait(false);
            while (await MoveNextAsync(csv, cancellationToken).ConfigureAwait(false))
            {
                yield return Row(csv, header, malformed);
                malformed = null;
            }
        }
    }

    private static async ValueTask<string[]> HeaderAsync(
        CsvReader csv,
        CancellationToken cancellationToken
    )
    {
        await csv.ReadHeaderAsync(cancellationToken).ConfigureAwait(false);
        string[] header = [.. csv.Headers.Select(name => name.Trim())];
        var isKnown = (string name) =>
            Columns.Contains(name, StringComparer.Ordinal)
            || (
                name.StartsWith(MetadataPrefix, StringComparison.Ordinal)
                && name.Length > MetadataPrefix.Length
            );
        if (Array.Find(header, name => !isKnown(name)) is { } unknown)
        {
            throw new UsageException(
                $"The column \"{unknown}\" is unknown; there are {string.Join(", ", Columns)} and metadata.KEY."
            );
        }

        if (
            header
                .GroupBy(name => name, StringComparer.Ordinal)
                .FirstOrDefault(g => g.Count() > 1) is
            { } twice
        )
        {
            throw new UsageException($"The column {twice.Key} is there more than once.");
        }

        return header.Contains("external_id", StringComparer.Ordinal)
            ? header
            : throw new UsageException("The column external_id is missing.");
    }

    private static async ValueTask<bool> MoveNextAsync(
        CsvReader csv,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await csv.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (CsvFormatException e)
        {
            throw new UsageException($"line {e.LineNumber}: {e.Message}");
        }
    }

    private static ImportRow Row(CsvReader csv, string[] header, string? malformed)
    {
        var row = new ImportRow(
            csv.RowNumber,
            csv.LineNumber,
            Encoding.UTF8.GetString(csv.RawRecord)
        );
        if (malformed is not null)
        {
            return row with { Error = malformed };
        }

        if (!Utf8.IsValid(csv.RawRecord))
        {
            return row with { Error = "not UTF-8" };
        }

        if (csv.FieldCount != header.Length)
        {
            return row with
            {
                Error = $"has {csv.FieldCount} cells, but the header has {header.Length}",
            };
        }

        try
        {
            return row with { Contact = Contact(csv, header) };
        }
        catch (FormatException e)
        {
            return row with { Error = e.Message };
        }
    }

    private static CreateContactRequestBody Contact(CsvReader csv, string[] header)
    {
        var contact = new CreateContactRequestBody { ExternalId = "" };
        Dictionary<string, object?>? metadata = null;
        Dictionary<string, object?>? columns = null;
        for (var i = 0; i < header.Length; i++)
        {
            if (csv.GetSpan(i).IsEmpty)
            {
                continue;
            }

            var cell = csv.GetString(i);
            var isNull = string.Equals(cell, Null, StringComparison.Ordinal);
            switch (header[i])
            {
                case "external_id":
                    contact.ExternalId = isNull ? throw NotNull(header[i]) : cell;
                    break;
                case "display_name":
                    contact.DisplayName = isNull ? null : cell;
                    break;
                case "email":
                    contact.Email = isNull ? null : cell;
                    break;
                case "avatar_url":
                    contact.AvatarUrl = isNull ? null : cell;
                    break;
                case "tags":
                    contact.Tags = isNull
                        ? throw NotNull(header[i])
                        : cell.Split(
                            ';',
                            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries
                        );
                    break;
                case "metadata":
                    metadata = ContactJson.Metadata(ContactJson.Value(cell, header[i]), header[i]);
                    break;
                default:
                    (columns ??= new(StringComparer.Ordinal))[header[i][MetadataPrefix.Length..]] =
                        isNull ? null : cell;
                    break;
            }
        }

        foreach (var (key, value) in columns ?? [])
        {
            (metadata ??= new(StringComparer.Ordinal))[key] = value;
        }

        contact.Metadata = metadata;
        return contact;
    }

    private static FormatException NotNull(string column) => new($"{column}: must not be null");

    private static string Describe(CsvMalformedReason reason) =>
        reason switch
        {
            CsvMalformedReason.StrayQuote => "a quote inside a cell that has none around it",
            CsvMalformedReason.TextAfterClosingQuote => "text after a closing quote",
            CsvMalformedReason.UnterminatedQuote =>
                "a quote that is never closed; all the rest of the file is in it",
            _ => $"malformed ({reason})",
        };
}
