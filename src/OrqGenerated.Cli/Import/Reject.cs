using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// A line of a rejects file: a row that failed, with its format, so that the file can be imported without the options
/// of the first import.
/// </summary>
/// <param name="Row">The number of the row, from 1.</param>
/// <param name="Line">The line that it starts on, from 1.</param>
/// <param name="Input">The row unchanged; null if it is not UTF-8.</param>
/// <param name="InputBase64">The row unchanged, if it is not UTF-8.</param>
internal sealed record Reject(
    long Row,
    long Line,
    string? Error,
    RowFormat Format,
    string? Input = null,
    byte[]? InputBase64 = null
)
{
    private static readonly JsonSerializerOptions Options = new(ContactJson.Plain)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new FieldName() },
    };

    /// <summary>A line of the rejects file, without its end.</summary>
    public static byte[] ToJson(ImportRow row, string error)
    {
        var isText = Utf8.IsValid(row.Bytes.Span);
        var text = isText ? Encoding.UTF8.GetString(row.Bytes.Span) : null;
        var base64 = isText ? null : row.Bytes.ToArray();
        var reject = new Reject(row.Number, row.Line, error, row.Format, text, base64);
        return JsonSerializer.SerializeToUtf8Bytes(reject, Options);
    }

    /// <summary>Replaces a row of a rejects file with the row it contains; returns other rows unchanged.</summary>
    /// <exception cref="FormatException">The row looks like a reject, but cannot be read as one.</exception>
    public static ImportRow Unwrap(ImportRow row, JsonFormat format)
    {
        // Most rows are not rejects, and need not be parsed twice.
        if (row.Bytes.Span.IndexOf("\"format\""u8) < 0)
            return row;

        try
        {
            var json = ContactJson.Parse(row.Bytes);
            var isReject =
                json.ValueKind == JsonValueKind.Object
                && json.TryGetProperty("error"u8, out _)
                && json.TryGetProperty("format"u8, out _);
            return isReject ? json.Deserialize<Reject>(Options)!.ToRow(row, format) : row;
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new FormatException("neither a contact nor a reject of an import", e);
        }
    }

    private ImportRow ToRow(ImportRow row, JsonFormat given)
    {
        if (Format is CsvFormat csv && !CsvFormat.IsSeparator(csv.Delimiter))
            throw new JsonException();

        // Column options override those of the first import for JSON rows.
        var format =
            Format is JsonFormat && given.Columns is { Map.Count: > 0 } or { Others: not null } ? given : Format;
        return row with
        {
            Bytes = Input is null ? InputBase64 ?? throw new JsonException() : Encoding.UTF8.GetBytes(Input),
            Format = format with { NullIsAbsent = Format.NullIsAbsent || given.NullIsAbsent },
        };
    }

    private sealed class FieldName : JsonConverter<ContactField>
    {
        public override ContactField Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            Columns.Known(reader.GetString()!) ?? throw new JsonException();

        public override void Write(Utf8JsonWriter writer, ContactField value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Name);
    }
}
