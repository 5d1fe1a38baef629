using System.Buffers.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>The file of rows that failed, one <see cref="Reject"/> per line.</summary>
internal sealed class RejectsFile(string path) : IDisposable
{
    private readonly AppendFile _file = new("--rejects", path);
    private readonly RowSet _rows = new();
    private bool _hasBegun;

    /// <summary>Prepares the file, which may hold the rejects of an earlier run.</summary>
    /// <param name="append">Whether to keep these. Otherwise they are removed once this run has a result.</param>
    /// <param name="isDry">Whether to refuse a file that is not empty, so that a real run's rejects are kept.</param>
    /// <exception cref="CommandException">A dry run was given a file with rejects.</exception>
    public async Task StartAsync(bool append, bool isDry, CancellationToken cancellationToken)
    {
        if (isDry && !_file.IsEmpty)
        {
            throw new CommandException(
                $"--rejects {path} is not empty, and a dry run replaces nothing: give it another file."
            );
        }

        if (!append)
            return;

        await foreach (var line in _file.ReadAsync(cancellationToken))
        {
            var number = line.Span.StartsWith("{\"row\":"u8) ? line.Span[7..] : default;
            if (Utf8Parser.TryParse(number, out int row, out _) && row is > 0 and < int.MaxValue)
                _rows.Add(row);
        }
    }

    /// <summary>Removes the rejects of an earlier run, or only half a line at their end if this run appends.</summary>
    public void Begin()
    {
        if (!_hasBegun)
            _file.Truncate();

        _hasBegun = true;
    }

    /// <summary>Adds a row, unless an earlier run has added it.</summary>
    public void Add(ImportRow row, string error)
    {
        Begin();
        if (!_rows.Contains(row.Number))
        {
            // Unbuffered, so it is written before the checkpoint that records the row.
            _file.Append(Reject.ToJson(row, error));
            _file.Append("\n"u8);
            _rows.Add(row.Number);
        }
    }

    public void Dispose() => _file.Dispose();
}
