using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// Which rows are done: a text file of one line that names the input by its SHA-256 and the server that gets it, then the
/// number of each finished row on a line of its own, in the order in which they finished; -12 is row 12 that failed for
/// good.
/// </summary>
/// <remarks>
/// It is only ever appended to, so a process that is killed leaves at worst half a line at its end, which the next run
/// cuts off. The operating system has each line as soon as it is written; every second, and at the end, the disk has
/// it too.
/// </remarks>
internal sealed class Checkpoint : IDisposable
{
    private const string Prefix = "orq-contacts checkpoint of ";

    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly List<long> _done;
    private readonly byte[] _line = new byte[24];
    private long _synced;
    private int _next;

    private Checkpoint(FileStream file, List<long> done, TimeProvider time)
    {
        _file = file;
        _done = done;
        _time = time;
        _synced = time.GetTimestamp();
    }

    /// <summary>Called before rows get to the disk: what has to be there first.</summary>
    public Action? BeforeFlush { get; set; }

    /// <summary>Whether an earlier run has finished rows.</summary>
    public bool IsResumed => _done.Count > 0;

    /// <param name="path">The checkpoint.</param>
    /// <param name="input">The file that is imported.</param>
    /// <param name="server">Where its rows are sent; what one server has, another does not.</param>
    /// <param name="time">The clock of the flushes.</param>
    /// <param name="cancellationToken">Ends the reading of the input.</param>
    /// <exception cref="UsageException">
    /// It belongs to another input or server, is none, or another run has it open.
    /// </exception>
    public static async Task<Checkpoint> OpenAsync(
        string path,
        string input,
        string server,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var ofInput = Prefix + await HashAsync(input, cancellationToken).ConfigureAwait(false);
        FileStream file;
        try
        {
            file = new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--checkpoint: {e.Message}");
        }

        try
        {
            return new Checkpoint(file, Load(file, path, ofInput, server), time);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Whether an earlier run has finished this row. Rows are asked for in ascending order.</summary>
    public bool IsDone(long row, out bool hasFailed)
    {
        while (_next < _done.Count && Math.Abs(_done[_next]) < row)
        {
            _next++;
        }

        hasFailed = _next < _done.Count && _done[_next] == -row;
        return hasFailed || (_next < _done.Count && _done[_next] == row);
    }

    public void Add(long row, bool hasFailed)
    {
        (hasFailed ? -row : row).TryFormat(
            _line,
            out var length,
            provider: CultureInfo.InvariantCulture
        );
        _line[length++] = (byte)'\n';
        _file.Write(_line.AsSpan(0, length));
        if (_time.GetElapsedTime(_synced) >= TimeSpan.FromSeconds(1))
        {
            BeforeFlush?.Invoke();
            _file.Flush(flushToDisk: true);
            _synced = _time.GetTimestamp();
        }
    }

    public void Dispose()
    {
        _file.Flush(flushToDisk: true);
        _file.Dispose();
    }

    private static List<long> Load(FileStream file, string path, string ofInput, string server)
    {
        var header = $"{ofInput} for {server}";
        var done = new List<long>();
        long end = 0;
        foreach (var (line, next) in CompleteLines(file, header.Length))
        {
            if (end == 0 && !string.Equals(line, header, StringComparison.Ordinal))
            {
                throw new UsageException(
                    line.StartsWith(ofInput, StringComparison.Ordinal)
                        ? $"--checkpoint {path} belongs to another server than {server}."
                    : line.StartsWith(Prefix, StringComparison.Ordinal)
                        ? $"--checkpoint {path} belongs to another input file, or to this one before it was changed."
                    : $"--checkpoint {path} is not a checkpoint; it is left as it is."
                );
            }

            if (end > 0)
            {
                done.Add(
                    long.TryParse(
                        line,
                        NumberStyles.AllowLeadingSign,
                        CultureInfo.InvariantCulture,
                        out var row
                    )
                    && row > long.MinValue
                        ? row
                        : throw new UsageException($"--checkpoint {path} is damaged at byte {end}.")
                );
            }

            end = next;
        }

        if (end == 0)
        {
            Start(file, path, header);
            return done;
        }

        file.SetLength(end);
        file.Position = end;
        done.Sort((one, other) => Math.Abs(one).CompareTo(Math.Abs(other)));
        return done;
    }

    private static void Start(FileStream file, string path, string header)
    {
        // What is there without a whole line can only be a header cut off, or a file that is not ours.
        file.Position = 0;
        var start = new byte[Math.Min(file.Length, header.Length + 1)];
        file.ReadExactly(start);
        if (
            file.Length > start.Length
            || !header.StartsWith(Encoding.UTF8.GetString(start), StringComparison.Ordinal)
        )
        {
            throw new UsageException(
                $"--checkpoint {path} is not a checkpoint; it is left as it is."
            );
        }

        file.SetLength(0);
        file.Write(Encoding.UTF8.GetBytes(header + "\n"));
        file.Flush(flushToDisk: true);
    }

    private static IEnumerable<(string Line, long End)> CompleteLines(FileStream file, int longest)
    {
        var buffer = new byte[1 << 16];
        var line = new List<byte>(longest + 1);
        long position = 0;
        int read;
        while ((read = file.Read(buffer)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                position++;
                if (buffer[i] != '\n')
                {
                    // No line of ours is longer; a foreign file may be one line of any length.
                    if (line.Count <= longest)
                    {
                        line.Add(buffer[i]);
                    }

                    continue;
                }

                yield return (Encoding.UTF8.GetString([.. line]), position);
                line.Clear();
            }
        }
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = File.OpenRead(path);
            await using (file.ConfigureAwait(false))
            {
                return Convert.ToHexString(
                    await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false)
                );
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e.Message);
        }
    }
}
