using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// The rows that failed for good, one JSON object a line: <c>row</c> and <c>line</c> (from 1), <c>error</c>, and the
/// row as it came: <c>input</c>, or <c>input_base64</c> if it is not UTF-8. A row of a CSV file has its
/// <c>delimiter</c> and <c>columns</c> besides, so that the file can be imported as it is.
/// </summary>
internal sealed class RejectsFile : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly AppendFile _file;
    private readonly RowSet _rows = new();
    private bool _isToBeEmptied;

    private RejectsFile(AppendFile file) => _file = file;

    /// <param name="path">The file; no other process may have it open.</param>
    /// <param name="append">Keep what an earlier run wrote; otherwise it is emptied once the run has a result.</param>
    /// <param name="isDry">Refuse a file with anything in it, so that no rows of a real run are lost.</param>
    /// <param name="cancellationToken">Ends the reading of what is there.</param>
    /// <exception cref="CommandException">The file cannot be written, or is in use.</exception>
    public static async Task<RejectsFile> OpenAsync(
        string path,
        bool append,
        bool isDry,
        CancellationToken cancellationToken
    )
    {
        var rejects = new RejectsFile(new AppendFile("--rejects", path));
        try
        {
            if (rejects._file.IsEmpty)
            {
                return rejects;
            }

            if (isDry)
            {
                throw new CommandException(
                    $"--rejects {path} is not empty, and a dry run replaces nothing: give it another file."
                );
            }

            rejects._isToBeEmptied = !append;
            if (append)
            {
                await rejects.ReadAsync(cancellationToken);
            }

            return rejects;
        }
        catch
        {
            rejects.Dispose();
            throw;
        }
    }

    /// <summary>Empties the rejects of an earlier run, unless this one appends to them.</summary>
    public void Begin()
    {
        if (_isToBeEmptied)
        {
            _file.Clear();
        }

        _isToBeEmptied = false;
    }

    /// <summary>Adds a row, unless an earlier run has.</summary>
    public void Add(ImportRow row, string error)
    {
        Begin();
        if (_rows.Contains(row.Number))
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("row"u8, row.Number);
            writer.WriteNumber("line"u8, row.Line);
            writer.WriteString("error"u8, error);
            if (Utf8.IsValid(row.Bytes.Span))
            {
                writer.WriteString("input"u8, row.Bytes.Span);
            }
            else
            {
                writer.WriteBase64String("input_base64"u8, row.Bytes.Span);
            }

            row.Format.WriteTo(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        // In one write, and at once with the operating system: a checkpoint that knows the row comes after it.
        _file.Append(buffer.WrittenSpan);
        _rows.Add(row.Number);
    }

    public void Dispose() => _file.Dispose();

    // The row of half a line that is cut off comes again.
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in _file.ReadAsync(cancellationToken))
        {
            if (line.Span.StartsWith("{\"row\":"u8) && Utf8Parser.TryParse(line.Span[7..], out long row, out _))
            {
                _rows.Add(row);
            }
        }

        _file.Continue();
    }
}
