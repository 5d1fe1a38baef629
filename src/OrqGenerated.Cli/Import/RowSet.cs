using System.Numerics;

namespace OrqGenerated.Cli.Import;

/// <summary>Numbers of rows, one bit each.</summary>
internal sealed class RowSet
{
    private ulong[] _words = [];

    public bool Contains(long row) => row / 64 < _words.Length && (_words[row / 64] & Bit(row)) != 0;

    public void Add(long row)
    {
        if (row / 64 >= _words.Length)
        {
            Array.Resize(ref _words, (int)BitOperations.RoundUpToPowerOf2((ulong)(row / 64) + 64));
        }

        _words[row / 64] |= Bit(row);
    }

    public void Remove(long row)
    {
        if (Contains(row))
        {
            _words[row / 64] &= ~Bit(row);
        }
    }

    private static ulong Bit(long row) => 1UL << (int)(row % 64);
}
