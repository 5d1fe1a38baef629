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

    /// <param name="path">The file; nobody else has it open at the same time.</param>
    /// <param name="append">Keep what an earlier run wrote; otherwise the file starts empty.</param>
    /// <param name="isDry">Refuse a file with anything in it, so that no rows of a real run are lost.</param>
    /// <exception cref="UsageException">The file cannot be written, or is in use.</exception>
    public static RejectsFile Open(string path, bool append, bool isDry)
    {
        FileStream? file = null;
        try
        {
            var mode = append || isDry ? FileMode.OpenOrCreate : FileMode.Create;
            var access = append ? FileAccess.ReadWrite : FileAccess.Write;
            file = new FileStream(path, mode, access, FileShare.None, bufferSize: 0);
            if (isDry && file.CanSeek && file.Length > 0)
            {
                throw new UsageException(
                    $"--rejects {path} is not empty, and a dry run replaces nothing: give it another file."
                );
            }

            if (append && file.CanSeek)
            {
                CutToLastLine(file);
            }

            return new RejectsFile(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new UsageException($"--rejects: {e.Message}");
        }
        catch
        {
            file?.Dispose();
            throw;
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

    /// <summary>Brings all rows to the disk.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    public void Dispose()
    {
        Flush();
        _file.Dispose();
    }

    // A process that was killed may have left half a line; the row of it is not done, and comes again.
    private static void CutToLastLine(FileStream file)
    {
        var buffer = new byte[1 << 16];
        var end = file.Length;
        var last = -1;
        while (end > 0 && last < 0)
        {
            var start = Math.Max(0, end - buffer.Length);
            var part = buffer.AsSpan(0, (int)(end - start));
            file.Position = start;
            file.ReadExactly(part);
            last = part.LastIndexOf((byte)'\n');
            end = start + last + 1;
        }

        file.SetLength(end);
        file.Position = end;
    }
}
