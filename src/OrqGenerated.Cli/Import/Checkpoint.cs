using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using static System.FormattableString;

namespace OrqGenerated.Cli.Import;

/// <summary>The input file, server and API key (and so the workspace) that a checkpoint belongs to.</summary>
internal sealed record CheckpointOwner(string Input, string Server, string ApiKey);

/// <summary>
/// Records which rows are done, in a text file. Its header holds the SHA-256 of the input, the server, a random salt
/// and the HMAC-SHA-256 of the API key under it; each further line is the number of a finished row, negative if it
/// failed for good. A new key of the same workspace adds another header.
/// </summary>
/// <remarks>Each line is passed to the operating system at once, and flushed to disk at the end.</remarks>
internal sealed class Checkpoint(string path) : IDisposable
{
    private const int SaltBytes = 16;

    private static ReadOnlySpan<byte> Magic => "orq-contacts checkpoint 2 "u8;

    private readonly AppendFile _file = new("--checkpoint", path);
    private readonly RowSet _sent = new();

    // Some may have been sent by a later run.
    private readonly RowSet _failed = new();

    /// <summary>Whether an earlier run has finished rows.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>Reads the rows that earlier runs have finished, or begins a new file.</summary>
    /// <param name="isNewKey">Whether to accept another key as one of the same workspace.</param>
    /// <exception cref="CommandException">It belongs to something else, or is not a checkpoint.</exception>
    public async Task StartAsync(CheckpointOwner owner, bool isNewKey, CancellationToken cancellationToken)
    {
        await using var input = File.OpenRead(owner.Input);
        var hash = Convert.ToHexString(await SHA256.HashDataAsync(input, cancellationToken));
        var header = await ReadAsync(cancellationToken);
        if (header is null || !HasKey(header, hash, owner, isNewKey))
        {
            header = Header(hash, owner, RandomNumberGenerator.GetBytes(SaltBytes));
            _file.Append(Encoding.UTF8.GetBytes(header + "\n"));
        }
    }

    /// <summary>Whether an earlier run has sent this row; false if it failed for good, null if neither.</summary>
    public bool? WasSent(long row) =>
        _sent.Contains(row) ? true
        : _failed.Contains(row) ? false
        : null;

    public void Add(long row, bool hasFailed) =>
        _file.Append(Encoding.UTF8.GetBytes(Invariant($"{(hasFailed ? -row : row)}\n")));

    public void Dispose() => _file.Dispose();

    private static string Header(string hash, CheckpointOwner owner, byte[] salt)
    {
        var key = HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(owner.ApiKey));
        var magic = Encoding.UTF8.GetString(Magic);
        return $"{magic}{hash} {owner.Server} {Convert.ToHexString(salt)} {Convert.ToHexString(key)}";
    }

    /// <returns>False for an accepted new key.</returns>
    private bool HasKey(string header, string hash, CheckpointOwner owner, bool isNewKey)
    {
        if (
            header.Split(' ') is not [_, _, _, var oldHash, var oldServer, { Length: 2 * SaltBytes } salt, _]
            || !salt.All(char.IsAsciiHexDigit)
        )
        {
            throw NoCheckpoint();
        }

        var isSameKey = header == Header(hash, owner, Convert.FromHexString(salt));
        var problem =
            oldHash != hash ? "another input file, or to this one before it was changed: give that file"
            : oldServer != owner.Server ? $"the server {oldServer}, not {owner.Server}: give that server"
            : isSameKey || isNewKey ? null
            : "another API key: if yours is a new one of the same workspace, add --new-key";
        return problem is null
            ? isSameKey
            : throw new CommandException($"--checkpoint {path} belongs to {problem}, or give another checkpoint.");
    }

    /// <returns>The last header; null for a new file.</returns>
    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        string? header = null;
        await foreach (var line in _file.ReadAsync(cancellationToken))
        {
            if (line.Span.StartsWith(Magic))
            {
                header = Encoding.UTF8.GetString(line.Span);
                continue;
            }

            var isRow = Utf8Parser.TryParse(line.Span, out int row, out var used) && used == line.Length;
            if (header is null || !isRow || row is int.MinValue or int.MaxValue)
                throw NoCheckpoint();

            (row < 0 ? _failed : _sent).Add(Math.Abs(row));
            IsResumed = true;
        }

        if (header is null && !_file.IsEmpty)
            throw NoCheckpoint();

        _file.Truncate();
        return header;
    }

    private CommandException NoCheckpoint() =>
        new($"--checkpoint {path} is no checkpoint, or damaged: give another file.");
}
