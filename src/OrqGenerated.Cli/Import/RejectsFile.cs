using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// The rows that failed for good, one JSON object a line: <c>row</c> and <c>line</c> (from 1), <c>input</c> (the row as it
/// stands in the file) and <c>error</c>.
/// </summary>
internal sealed class RejectsFile : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new();

    private RejectsFile(FileStream file) => _file = file;

    /// <param name="path">The file.</param>
    /// <param name="append">Keep what an earlier run wrote; otherwise the file starts empty.</param>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static RejectsFile Open(string path, bool append)
    {
        try
        {
            var mode = append ? FileMode.Append : FileMode.Create;
            return new RejectsFile(
                new FileStream(path, mode, FileAccess.Write, FileShare.Read, bufferSize: 0)
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--rejects: {e.Message}");
        }
    }

    public void Add(ImportRow row, string error)
    {
        _buffer.Clear();
        using (var writer = new Utf8JsonWriter(_buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("row"u8, row.Number);
            writer.WriteNumber("line"u8, row.Line);
            writer.WriteString("input"u8, row.Text);
            writer.WriteString("error"u8, error);
            writer.WriteEndObject();
        }

        _buffer.Write("\n"u8);
        // In one write, and at once with the operating system: a checkpoint that knows the row comes after it.
        _file.Write(_buffer.WrittenSpan);
    }

    public void Dispose()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }
}
