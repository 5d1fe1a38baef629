using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// Which rows are done: a text file whose first line names the input (its SHA-256), the server and the API key (its
/// HMAC-SHA-256 under 16 random bytes that stand before it), followed by the number of each finished row on a line of its
/// own; -12 is row 12 that failed for good.
/// </summary>
/// <remarks>
/// It is only ever appended to, so a process that is killed leaves at worst half a line at its end, which the next run
/// cuts off. The operating system has each line as soon as it is written; every second, and at the end, the disk has
/// it too.
/// </remarks>
internal sealed class Checkpoint : IDisposable
{
    private const string Magic = "orq-contacts checkpoint 2";
    private const int SaltBytes = 16;

    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly RowSet _done = new();
    private readonly RowSet _failed = new();
    private readonly byte[] _line = new byte[24];
    private long _synced;

    private Checkpoint(FileStream file, TimeProvider time)
    {
        _file = file;
        _time = time;
        _synced = time.GetTimestamp();
    }

    /// <summary>Whether an earlier run has finished rows.</summary>
    public bool IsResumed { get; private set; }

    /// <param name="path">The checkpoint.</param>
    /// <param name="input">The file that is imported.</param>
    /// <param name="server">Where its rows are sent; what one server has, another does not.</param>
    /// <param name="apiKey">The key, which stands for the workspace.</param>
    /// <param name="isNewKey">Whether the user vouches that another key is one of the same workspace.</param>
    /// <param name="time">The clock of the flushes.</param>
    /// <param name="cancellationToken">Ends the reading of the input.</param>
    /// <exception cref="CommandException">
    /// It belongs to another input, server or key, is no checkpoint, or another run has it open.
    /// </exception>
    public static async Task<Checkpoint> OpenAsync(
        string path,
        string input,
        string server,
        string apiKey,
        bool isNewKey,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        FileStream? file = null;
        try
        {
            var hash = await HashAsync(input, cancellationToken).ConfigureAwait(false);
            file = new FileStream(
                path,
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 0
            );
            var checkpoint = new Checkpoint(file, time);
            await checkpoint
                .LoadAsync(
                    path,
                    hash,
                    server,
                    Encoding.UTF8.GetBytes(apiKey),
                    isNewKey,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return checkpoint;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new CommandException($"--checkpoint: {e.Message}");
            }

            throw;
        }
    }

    /// <summary>Whether an earlier run has finished this row.</summary>
    public bool IsDone(long row, out bool hasFailed)
    {
        hasFailed = _failed.Contains(row);
        return hasFailed || _done.Contains(row);
    }

    public void Add(long row, bool hasFailed)
    {
        Utf8Formatter.TryFormat(hasFailed ? -row : row, _line, out var length);
        _line[length++] = (byte)'\n';
        _file.Write(_line.AsSpan(0, length));
        if (_time.GetElapsedTime(_synced) >= TimeSpan.FromSeconds(1))
        {
            _file.Flush(flushToDisk: true);
            _synced = _time.GetTimestamp();
        }
    }

    public void Dispose()
    {
        try
        {
            _file.Flush(flushToDisk: true);
        }
        finally
        {
            _file.Dispose();
        }
    }

    private static string Header(string hash, string server, byte[] salt, byte[] apiKey) =>
        $"{Magic} {hash} {server} {Convert.ToHexString(salt)} {Convert.ToHexString(HMACSHA256.HashData(salt, apiKey))}\n";

    private async Task LoadAsync(
        string path,
        string hash,
        string server,
        byte[] apiKey,
        bool isNewKey,
        CancellationToken cancellationToken
    )
    {
        var fresh = Encoding.UTF8.GetBytes(
            Header(hash, server, RandomNumberGenerator.GetBytes(SaltBytes), apiKey)
        );
        var reader = new RecordReader(_file);
        var first = await reader.ReadAsync(null, cancellationToken).ConfigureAwait(false);
        if (first is null || !reader.HasLineEnd)
        {
            // Without a whole line it is new, or a header that was cut off.
            var start = first is { } part ? Encoding.UTF8.GetString(part.Bytes.Span) : "";
            Require(
                Magic.StartsWith(
                    start[..Math.Min(start.Length, Magic.Length)],
                    StringComparison.Ordinal
                ),
                path
            );
            _file.SetLength(0);
            Write(fresh);
            return;
        }

        var isSameKey = Belongs(
            Encoding.UTF8.GetString(first.Value.Bytes.Span),
            path,
            hash,
            server,
            apiKey,
            isNewKey
        );
        var header = reader.Consumed;
        var end = header;
        while (
            await reader.ReadAsync(null, cancellationToken).ConfigureAwait(false) is { } line
            && reader.HasLineEnd
        )
        {
            // No input has more rows than that.
            var isRow =
                Utf8Parser.TryParse(line.Bytes.Span, out long row, out var used)
                && used == line.Bytes.Length;
            if (!isRow || row is > int.MaxValue or < -int.MaxValue)
            {
                throw new CommandException($"--checkpoint {path} is damaged at byte {end}.");
            }

            Remember(row);
            end = reader.Consumed;
        }

        if (!isSameKey)
        {
            // As long as the old one.
            Write(fresh);
        }

        _file.SetLength(end);
        _file.Position = end;
        IsResumed = end > header;
    }

    private void Write(byte[] header)
    {
        _file.Position = 0;
        _file.Write(header);
        _file.Flush(flushToDisk: true);
    }

    private static void Require(bool isCheckpoint, string path)
    {
        if (!isCheckpoint)
        {
            throw new CommandException(
                $"--checkpoint {path} is not a checkpoint; it is left as it is."
            );
        }
    }

    // False for another key that the user vouches for.
    private static bool Belongs(
        string header,
        string path,
        string hash,
        string server,
        byte[] apiKey,
        bool isNewKey
    )
    {
        var parts = header.Split(' ');
        Require(header.StartsWith(Magic, StringComparison.Ordinal) && parts is { Length: 7 }, path);
        var (itsHash, itsServer, salt) = (parts[3], parts[4], parts[5]);

        if (!string.Equals(itsHash, hash, StringComparison.Ordinal))
        {
            throw new CommandException(
                $"--checkpoint {path} belongs to another input file, or to this one before it was changed: "
                    + "give that file, or another checkpoint."
            );
        }

        if (!string.Equals(itsServer, server, StringComparison.Ordinal))
        {
            throw new CommandException(
                $"--checkpoint {path} belongs to the server {itsServer}, not {server}: give --server-url {itsServer}, "
                    + "or another checkpoint."
            );
        }

        var isSameKey = string.Equals(
            header + "\n",
            Header(hash, server, Convert.FromHexString(salt), apiKey),
            StringComparison.Ordinal
        );
        return isSameKey || isNewKey
            ? isSameKey
            : throw new CommandException(
                $"--checkpoint {path} belongs to another API key: if yours is a new one of the same workspace, add "
                    + "--new-key; for another workspace give another checkpoint."
            );
    }

    // A row that failed and went through later, or the other way round: the last word counts.
    private void Remember(long row)
    {
        var number = Math.Abs(row);
        _failed.Remove(number);
        (row < 0 ? _failed : _done).Add(number);
        if (row < 0)
        {
            _done.Remove(number);
        }
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        var file = File.OpenRead(path);
        await using (file.ConfigureAwait(false))
        {
            return Convert.ToHexString(
                await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false)
            );
        }
    }
}
