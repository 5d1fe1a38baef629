using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace OrqGenerated.Cli.Import;

/// <summary>A row of the input: where it stands, its bytes and how they are read.</summary>
internal sealed record ImportRow(long Number, long Line, ReadOnlyMemory<byte> Bytes, RowFormat Format)
{
    /// <summary>The reason why it is not a contact; null if it is one.</summary>
    public string? Error { get; init; }

    /// <summary>Set by <see cref="Read"/>, unless there is an error.</summary>
    public CreateContactRequestBody? Contact { get; private init; }

    /// <summary>A field that the contact sets to null; null for none.</summary>
    public string? Removed { get; private init; }

    public string Name => $"row {Number} (line {Line})";

    /// <summary>Reads the contact.</summary>
    public ImportRow Read(bool nullIsAbsent)
    {
        var contact = new ContactBuilder(nullIsAbsent);
        try
        {
            Format.Fill(contact, Bytes);
            return this with { Contact = contact.Build(), Removed = contact.Removed };
        }
        catch (FormatException e)
        {
            return this with { Error = e.Message };
        }
    }
}

/// <summary>Detects the format of an input, and reads its rows one by one.</summary>
internal sealed class RowReader(InputFile input, Columns columns, char? delimiter, bool nullIsAbsent)
{
    private const int MaxHeaderBytes = 1 << 20;
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    private RowFormat _format = null!;
    private Record _record;

    /// <summary>The row that was read last, counted from 1; blank ones do not count.</summary>
    public long Number { get; private set; }

    /// <summary>Decides by extension and first line, and reads the header of a CSV file.</summary>
    /// <exception cref="CommandException">
    /// The header is not one of contacts, or the input is of another kind.
    /// </exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await input.StartAsync(cancellationToken);
        var line = await input.Reader.PeekLineAsync(MaxHeaderBytes, cancellationToken);
        var start = line.Span.TrimStart(" \t"u8);
        var path = input.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? input.Path[..^3] : input.Path;
        var extension = Path.GetExtension(path).ToUpperInvariant();
        if (start is [(byte)'[', ..] && extension != ".CSV" || start.TrimEnd(" \t"u8).SequenceEqual("{"u8))
        {
            throw new CommandException(
                $"{input.Path} is one JSON document; give one contact on each line, as jq -c '.[]' writes them."
            );
        }

        _format =
            start is [(byte)'{', ..] || extension is ".JSONL" or ".NDJSON"
                ? new JsonFormat(columns)
                : await HeaderAsync(line, cancellationToken);
    }

    /// <summary>Moves on to the next row that is not blank.</summary>
    public async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        while (await input.Reader.ReadAsync(_format.Separator, cancellationToken) is { } record)
        {
            if (!_format.IsBlank(record.Bytes.Span))
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
        var bytes = _record.Bytes;
        if (_format is JsonFormat && bytes.Span is [.., (byte)'\r'])
        {
            bytes = bytes[..^1];
        }

        var row = new ImportRow(Number, _record.Line, bytes.ToArray(), _format) { Error = _record.Error };
        row = _format is JsonFormat && bytes.Span.IndexOf("\"input"u8) > 0 ? OfReject(row) : row;
        return row.Error is null ? row.Read(nullIsAbsent) : row;
    }

    private async Task<RowFormat> HeaderAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var separator = delimiter;
        if (line.Length > MaxHeaderBytes)
        {
            throw new CommandException($"{input.Path}: line 1 is longer than 1 MiB: that is no header of a CSV file.");
        }

        // A spreadsheet's hint.
        var hint = line.Span.Trim("\" "u8);
        if (hint.Length == 5 && hint.StartsWith("sep="u8))
        {
            separator ??= (char)hint[4];
            await input.Reader.ReadAsync(null, cancellationToken);
            line = await input.Reader.PeekLineAsync(MaxHeaderBytes, cancellationToken);
        }

        // Of the usual ones, the one that gives most names of fields; of equals, the first.
        separator ??= Delimiters.MaxBy(candidate =>
            Names(line, candidate).Count(name => columns.Means(name) is not null)
        );
        var header = await input.Reader.ReadAsync((byte)separator, cancellationToken);
        if (header is { Bytes: var bytes } && (!Utf8.IsValid(bytes.Span) || bytes.Span.Contains((byte)0)))
        {
            throw new CommandException($"{input.Path}: the header is not UTF-8 text: save the file as CSV in UTF-8.");
        }

        var names = header is { } record ? Names(record.Bytes, separator.Value) : [];
        // A trailing comma makes a column without a name, whose cells must be empty.
        names = names.GetRange(0, names.FindLastIndex(name => name.Length > 0) + 1);
        return new CsvFormat(separator.Value, Targets(names));
    }

    private static List<string> Names(ReadOnlyMemory<byte> line, char separator)
    {
        try
        {
            return [.. CsvFormat.Cells(line, separator).Select(name => name.Trim())];
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private List<Target?> Targets(List<string> names)
    {
        List<Target?> targets;
        try
        {
            targets = [.. names.Select(columns.Find)];
        }
        catch (FormatException e)
        {
            throw new CommandException(
                $"Column {e.Message} Use --map COLUMN=FIELD, or for all such columns --ignore-columns or "
                    + $"--metadata-columns. {Columns.Fields}"
            );
        }

        var twice = targets.Where(t => t is not null).GroupBy(t => t).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new CommandException($"Two columns are {twice.Key!.Name}: leave one out, or --map it.");
        }

        if (columns.Map.Keys.FirstOrDefault(name => !names.Contains(name)) is { } lost)
        {
            throw new CommandException($"--map {lost}: there is no such column; there are {string.Join(", ", names)}.");
        }

        return targets.Contains(new Target(ContactField.Id))
            ? targets
            : throw new CommandException(
                "The column external_id is missing: --map COLUMN=external_id says which one it is."
            );
    }

    // A line of a rejects file holds a row of another input.
    private ImportRow OfReject(ImportRow row)
    {
        try
        {
            var reject = ContactField.Parse(row.Bytes);
            var isText = reject.TryGetProperty("input"u8, out var bytes);
            if (
                (!isText && !reject.TryGetProperty("input_base64"u8, out bytes))
                || !reject.TryGetProperty("error"u8, out _)
            )
            {
                return row;
            }

            var content = isText ? Encoding.UTF8.GetBytes(bytes.GetString()!) : bytes.GetBytesFromBase64();
            RowFormat format = new JsonFormat(columns.Read(reject));
            if (reject.TryGetProperty("columns"u8, out var names))
            {
                var separator = reject.GetProperty("delimiter"u8).GetString()![0];
                var targets = names
                    .EnumerateArray()
                    .Select(n => n.GetString() is { } name ? Columns.Known(name) : null);
                format = new CsvFormat(separator, [.. targets]);
            }

            return row with
            {
                Bytes = content,
                Format = format,
            };
        }
        catch (Exception e)
            when (e
                    is JsonException
                        or InvalidOperationException
                        or KeyNotFoundException
                        or FormatException
                        or IndexOutOfRangeException
            )
        {
            return row with { Error = "neither a contact nor a reject of an import" };
        }
    }
}
