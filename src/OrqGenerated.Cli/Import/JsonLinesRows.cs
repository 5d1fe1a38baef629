using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>Rows of a JSONL file: on each line a contact as the API's own JSON body.</summary>
internal static class JsonLinesRows
{
    private const int MaxLineBytes = 16 * 1024 * 1024;

    /// <exception cref="UsageException">A line is too long to be a contact.</exception>
    public static async IAsyncEnumerable<ImportRow> ReadAsync(
        PipeReader input,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        long number = 0;
        long line = 0;
        var isCompleted = false;
        while (!isCompleted)
        {
            var read = await input.ReadAsync(cancellationToken).ConfigureAwait(false);
            var rest = read.Buffer;
            isCompleted = read.IsCompleted;
            while (TakeLine(ref rest, isCompleted) is { } bytes)
            {
                line++;
                var text = WithoutMark(bytes, line);
                if (text.Span.Trim(" \t\r"u8).Length > 0)
                {
                    yield return Row(++number, line, text);
                }
            }

            if (rest.Length > MaxLineBytes)
            {
                throw new UsageException($"line {line + 1}: longer than 16 MiB.");
            }

            input.AdvanceTo(rest.Start, rest.End);
        }
    }

    private static byte[]? TakeLine(ref ReadOnlySequence<byte> rest, bool isLast)
    {
        if (rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end).ToArray();
            rest = rest.Slice(rest.GetPosition(1, end));
            return line;
        }

        if (!isLast || rest.IsEmpty)
        {
            return null;
        }

        var last = rest.ToArray();
        rest = rest.Slice(rest.End);
        return last;
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] bytes, long line) =>
        line == 1 && bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;

    private static ImportRow Row(long number, long line, ReadOnlyMemory<byte> json)
    {
        var row = new ImportRow(number, line, Encoding.UTF8.GetString(json.Span).TrimEnd('\r'));
        try
        {
            return row with { Contact = ContactJson.Parse(json) };
        }
        catch (FormatException e)
        {
            return row with { Error = e.Message };
        }
    }
}
