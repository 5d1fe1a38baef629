using System.Buffers.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>The rows that failed for good, each a <see cref="Reject"/> on a line of its own.</summary>
internal sealed class RejectsFile(string path) : IDisposable
{
    private readonly AppendFile _file = new("--rejects", path);
    private readonly RowSet _rows = new();
    private bool _hasBegun;

    /// <summary>Decides what becomes of the rejects of an earlier run.</summary>
    /// <param name="append">Keep them; otherwise they go once this run has a result.</param>
    /// <param name="isDry">Refuse a file with anything in it, so that no rows of a real run are lost.</param>
    /// <param name="cancellationToken">Ends the reading of what is there.</param>
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
        {
            return;
        }

        await foreach (var line in _file.ReadAsync(cancellationToken))
        {
            var number = line.Span.StartsWith("{\"row\":"u8) ? line.Span[7..] : default;
            if (Utf8Parser.TryParse(number, out int row, out _) && row is > 0 and < int.MaxValue)
            {
                _rows.Add(row);
            }
        }
    }

    /// <summary>Removes the rejects of an earlier run, or half a line at their end if this one goes on.</summary>
    public void Begin()
    {
        if (!_hasBegun)
        {
            _file.Continue();
        }

        _hasBegun = true;
    }

    /// <summary>Adds a row, unless an earlier run has.</summary>
    public void Add(ImportRow row, string error)
    {
        Begin();
        if (!_rows.Contains(row.Number))
        {
            // At once with the operating system: a checkpoint that knows the row comes after it.
            _file.Append(Reject.ToJson(row, error));
            _file.Append("\n"u8);
            _rows.Add(row.Number);
        }
    }

    public void Dispose() => _file.Dispose();
}
