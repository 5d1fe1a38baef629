using System.Collections;

namespace OrqGenerated.Cli.Import;

/// <summary>A set of row numbers, one bit each.</summary>
internal sealed class RowSet
{
    private readonly BitArray _rows = new(64);

    public bool Contains(long row) => row < _rows.Length && _rows[(int)row];

    /// <param name="row">Below 2,147,483,647: no input has more rows.</param>
    public void Add(long row)
    {
        if (row >= _rows.Length)
            _rows.Length = (int)Math.Min(2 * row, int.MaxValue);

        _rows[(int)row] = true;
    }
}
