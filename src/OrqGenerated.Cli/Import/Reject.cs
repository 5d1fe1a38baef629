using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// A line of a rejects file: a row that failed for good, and how it is read, so that the file can be imported as it is.
/// </summary>
/// <param name="Row">The number of the row, from 1.</param>
/// <param name="Line">The line on which it starts, from 1.</param>
/// <param name="Error">Why it failed.</param>
internal sealed record Reject(long Row, long Line, string? Error)
{
    private static readonly JsonSerializerOptions Options = new(ContactJson.Plain)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The row as it came.</summary>
    public string? Input { get; init; }

    /// <summary>The row as it came, if it is not UTF-8.</summary>
    public byte[]? InputBase64 { get; init; }

    /// <summary>The separator of a CSV file.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The <see cref="Target.Name"/> of each column of a CSV file; null for one that is left out.</summary>
    public IReadOnlyList<string?>? Columns { get; init; }

    /// <summary>For JSON lines: the <see cref="Target.Name"/> of each mapped name.</summary>
    public IReadOnlyDictionary<string, string>? Map { get; init; }

    /// <summary>For JSON lines: what became of other names.</summary>
    public OtherColumns? Others { get; init; }

    /// <summary>True if null leaves a field as it is.</summary>
    public bool? NullIsAbsent { get; init; }

    public static Reject Of(ImportRow row, string error)
    {
        var isText = Utf8.IsValid(row.Bytes.Span);
        return row.Format.AddTo(
            new Reject(row.Number, row.Line, error)
            {
                Input = isText ? Encoding.UTF8.GetString(row.Bytes.Span) : null,
                InputBase64 = isText ? null : row.Bytes.ToArray(),
                NullIsAbsent = row.NullIsAbsent ? true : null,
            }
        );
    }

    /// <summary>The bytes of the line, without its end.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <summary>Replaces a row of a rejects file with the one that it holds; leaves other rows as they are.</summary>
    /// <exception cref="FormatException">The row was one of a rejects file, but no longer is.</exception>
    public static ImportRow Unwrap(ImportRow row, Columns columns)
    {
        // Most rows are none, and need not be parsed twice.
        if (row.Bytes.Span.IndexOf("\"input"u8) < 0)
        {
            return row;
        }

        try
        {
            var json = ContactJson.Parse(row.Bytes);
            var isReject =
                json.ValueKind == JsonValueKind.Object
                && json.TryGetProperty("error"u8, out _)
                && (json.TryGetProperty("input"u8, out _) || json.TryGetProperty("input_base64"u8, out _));
            return isReject ? json.Deserialize<Reject>(Options)!.ToRow(row, columns) : row;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException("neither a contact nor a reject of an import", e);
        }
    }

    private ImportRow ToRow(ImportRow row, Columns columns)
    {
        var isSeparator = Delimiter is { } delimiter && CsvFormat.IsSeparator(delimiter);
        return row with
        {
            NullIsAbsent = row.NullIsAbsent || NullIsAbsent is true,
            Bytes = Input is null ? InputBase64 ?? throw new JsonException() : Encoding.UTF8.GetBytes(Input),
            Format =
                Columns is null ? new JsonFormat(columns.With(Map, Others))
                : isSeparator ? new CsvFormat(Delimiter!.Value, [.. Columns.Select(TargetOf)])
                : throw new JsonException(),
        };
    }

    private static Target? TargetOf(string? column) =>
        column is null ? null : Import.Columns.Known(column) ?? throw new JsonException();
}
