using System.Text.Unicode;

namespace OrqGenerated.Cli.Import;

/// <summary>Detects the format of an input by its name and first line, and reads the header of a CSV file.</summary>
internal sealed class FormatDetector(string path, RecordReader records, Columns columns, char? delimiter)
{
    private const int MaxHeaderBytes = 1 << 20;
    private static readonly char[] Delimiters = [',', ';', '\t', '|'];

    /// <exception cref="CommandException">
    /// The header is not one of contacts, or the input is of another kind.
    /// </exception>
    public async Task<RowFormat> DetectAsync(CancellationToken cancellationToken)
    {
        var line = await FirstLineAsync(cancellationToken);
        var start = line.Span.TrimStart(" \t"u8);
        var name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        var extension = Path.GetExtension(name).ToUpperInvariant();
        if (start is [(byte)'[', ..] && extension != ".CSV" || start.TrimEnd(" \t"u8).SequenceEqual("{"u8))
        {
            throw new CommandException(
                $"{path} is one JSON document; give one contact on each line, as jq -c '.[]' writes them."
            );
        }

        return start is [(byte)'{', ..] || extension is ".JSONL" or ".NDJSON"
            ? new JsonFormat(columns)
            : await HeaderAsync(line, cancellationToken);
    }

    // The first one that is not blank; empty at the end of the input.
    private async Task<ReadOnlyMemory<byte>> FirstLineAsync(CancellationToken cancellationToken)
    {
        var line = await records.PeekLineAsync(cancellationToken);
        while (
            !line.Span.ContainsAnyExcept(" \t,;|"u8)
            && await records.ReadAsync((byte)Delimiters[0], cancellationToken) is not null
        )
        {
            line = await records.PeekLineAsync(cancellationToken);
        }

        return line;
    }

    private async Task<CsvFormat> HeaderAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        var separator = delimiter;
        if (line.IsEmpty)
        {
            throw new CommandException($"{path} is empty: a CSV file begins with a header.");
        }

        if (line.Length > MaxHeaderBytes)
        {
            throw new CommandException($"{path}: line 1 is longer than 1 MiB: that is no header of a CSV file.");
        }

        // A spreadsheet's hint.
        if (line.Span.Trim("\" "u8) is [(byte)'s', (byte)'e', (byte)'p', (byte)'=', var hint])
        {
            separator ??= (char)hint;
            await records.ReadAsync((byte)Delimiters[0], cancellationToken);
            line = await FirstLineAsync(cancellationToken);
        }

        // Of the usual ones, the one that gives most names of fields; of equals, the first. The last name may go on in
        // the next line.
        separator ??= Delimiters.MaxBy(candidate =>
            CsvFormat.Cells(line, candidate, out _).Count(name => columns.Means(name.Trim()) is not null)
        );
        var header = (await records.ReadAsync((byte)separator, cancellationToken))?.Bytes ?? default;
        if (!Utf8.IsValid(header.Span) || header.Span.Contains((byte)0))
        {
            throw new CommandException($"{path}: the header is not UTF-8 text: save the file as CSV in UTF-8.");
        }

        // A trailing comma makes a column without a name, whose cells must be empty.
        var names = CsvFormat.Cells(header, separator.Value, out var error).ConvertAll(name => name.Trim());
        if (error is not null)
        {
            throw new CommandException($"{path}: the header has {error}; --delimiter says what separates its columns.");
        }

        names = names.GetRange(0, names.FindLastIndex(name => name.Length > 0) + 1);
        return new CsvFormat(separator.Value, Targets(names));
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
                "The column external_id is missing: --map COLUMN=external_id says which one it is, "
                    + "--delimiter what separates them."
            );
    }
}
