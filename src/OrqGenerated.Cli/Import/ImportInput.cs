using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace OrqGenerated.Cli.Import;

/// <summary>What is imported: a file or standard input, as CSV or JSONL.</summary>
internal sealed class ImportInput : IAsyncDisposable
{
    private readonly FileStream? _file;
    private readonly PipeReader _reader;
    private readonly bool? _isCsv;

    private ImportInput(FileStream? file, PipeReader reader, bool? isCsv)
    {
        _file = file;
        _reader = reader;
        _isCsv = isCsv;
    }

    /// <summary>How much of the file has been read, from 0 to 1; null when nobody can know.</summary>
    public double? Progress =>
        // A pipe, as of <(zcat file), has no length.
        _file is not { CanSeek: true }
            ? null
        : _file.Length == 0 ? 1
        : (double)_file.Position / _file.Length;

    /// <summary>Whether a second look at it finds the same.</summary>
    public bool CanBeReadAgain => _file is { CanSeek: true };

    /// <param name="path">A file, or - for standard input.</param>
    /// <param name="standardInput">The standard input.</param>
    /// <exception cref="UsageException">The file cannot be opened.</exception>
    public static ImportInput Open(string path, Stream standardInput)
    {
        if (path == "-")
        {
            return new ImportInput(null, Cancellable(standardInput), null);
        }

        try
        {
            var file = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                1 << 16,
                useAsync: true
            );
            bool? isCsv = Path.GetExtension(path).ToUpperInvariant() switch
            {
                ".CSV" => true,
                ".JSONL" or ".NDJSON" => false,
                _ => null,
            };
            return new ImportInput(file, PipeReader.Create(file), isCsv);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }

    public async IAsyncEnumerable<ImportRow> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var isCsv = _isCsv ?? !await StartsWithBraceAsync(cancellationToken).ConfigureAwait(false);
        var rows = isCsv
            ? CsvRows.ReadAsync(_reader.AsStream(leaveOpen: true), cancellationToken)
            : JsonLinesRows.ReadAsync(_reader, cancellationToken);
        await foreach (var row in rows.ConfigureAwait(false))
        {
            yield return row;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.CompleteAsync().ConfigureAwait(false);
        if (_file is not null)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> StartsWithBraceAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await _reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var first = FirstCharacter(read.Buffer);
            var isDecided = first is not null || read.IsCompleted;
            _reader.AdvanceTo(read.Buffer.Start, isDecided ? read.Buffer.Start : read.Buffer.End);
            if (isDecided)
            {
                return first == '{';
            }
        }
    }

    private static byte? FirstCharacter(ReadOnlySequence<byte> start)
    {
        foreach (var segment in start)
        {
            // White space, and the bytes of a byte order mark.
            var rest = segment.Span.TrimStart(" \t\r\n\uFEFF"u8);
            if (rest.Length > 0)
            {
                return rest[0];
            }
        }

        return null;
    }

    // A read of a terminal or a pipe goes on after it was cancelled; behind a pipe of our own, nobody waits for it.
    private static PipeReader Cancellable(Stream input)
    {
        var pipe = new Pipe();
        _ = CopyAsync();
        return pipe.Reader;

        async Task CopyAsync()
        {
            Exception? error = null;
            try
            {
                await input
                    .CopyToAsync(pipe.Writer.AsStream(leaveOpen: true))
                    .ConfigureAwait(false);
            }
            catch (Exception e)
            {
                error = e;
            }

            await pipe.Writer.CompleteAsync(error).ConfigureAwait(false);
        }
    }
}
