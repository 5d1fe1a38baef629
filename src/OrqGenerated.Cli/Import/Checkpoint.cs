using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using static System.FormattableString;

namespace OrqGenerated.Cli.Import;

/// <summary>The input, server and workspace that a checkpoint belongs to.</summary>
/// <param name="Input">The file that is imported.</param>
/// <param name="Server">Where its rows are sent; what one server has, another does not.</param>
/// <param name="ApiKey">Stands for the workspace.</param>
internal sealed record CheckpointOwner(string Input, string Server, string ApiKey);

/// <summary>
/// The rows that are done: a text file whose first line names the input (its SHA-256), the server and the API key (its
/// HMAC-SHA-256 under 16 random bytes that stand before it), followed by the number of each finished row on a line of
/// its own; -12 is row 12 that failed for good. Another key of the same workspace has a line as the first one.
/// </summary>
/// <remarks>The operating system has each line as soon as it is written; at the end, the disk has it too.</remarks>
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
    /// <param name="owner">The owner that it must have.</param>
    /// <param name="isNewKey">Whether the user vouches that another key is one of the same workspace.</param>
    /// <param name="cancellationToken">Ends the reading of the input.</param>
    /// <exception cref="CommandException">It belongs to something else, or is no checkpoint.</exception>
    public async Task StartAsync(CheckpointOwner owner, bool isNewKey, CancellationToken cancellationToken)
    {
        await using var input = File.OpenRead(owner.Input);
        var hash = Convert.ToHexString(await SHA256.HashDataAsync(input, cancellationToken));
        var header = await ReadAsync(cancellationToken);
        if (header is null || !Belongs(header, hash, owner, isNewKey))
        {
            header = Header(hash, owner, RandomNumberGenerator.GetBytes(SaltBytes));
            _file.Append(Encoding.UTF8.GetBytes(header + "\n"));
        }
    }

    /// <summary>Whether an earlier run has sent this row, or seen it fail for good; null if neither.</summary>
    public bool? HasSent(long row) =>
        _sent.Contains(row) ? true
        : _failed.Contains(row) ? false
        : null;

    public void Add(long row, bool hasFailed)
    {
        _file.Append(Encoding.UTF8.GetBytes(Invariant($"{(hasFailed ? -row : row)}\n")));
    }

    public void Dispose() => _file.Dispose();

    private static string Header(string hash, CheckpointOwner owner, byte[] salt)
    {
        var key = HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(owner.ApiKey));
        var magic = Encoding.UTF8.GetString(Magic);
        return $"{magic}{hash} {owner.Server} {Convert.ToHexString(salt)} {Convert.ToHexString(key)}";
    }

    // False for another key that the user vouches for.
    private bool Belongs(string header, string hash, CheckpointOwner owner, bool isNewKey)
    {
        if (
            header.Split(' ') is not [_, _, _, var itsHash, var itsServer, { Length: 2 * SaltBytes } salt, _]
            || !salt.All(char.IsAsciiHexDigit)
        )
        {
            throw NoCheckpoint();
        }

        var isSameKey = header == Header(itsHash, owner with { Server = itsServer }, Convert.FromHexString(salt));
        var problem =
            itsHash != hash ? "another input file, or to this one before it was changed: give that file"
            : itsServer != owner.Server ? $"the server {itsServer}, not {owner.Server}: give that server"
            : isSameKey || isNewKey ? null
            : "another API key: if yours is a new one of the same workspace, add --new-key";
        return problem is null
            ? isSameKey
            : throw new CommandException($"--checkpoint {path} belongs to {problem}, or give another checkpoint.");
    }

    /// <returns>The last header; null if there is none yet.</returns>
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
            {
                throw NoCheckpoint();
            }

            (row < 0 ? _failed : _sent).Add(Math.Abs(row));
            IsResumed = true;
        }

        if (header is null && !_file.IsEmpty)
        {
            throw NoCheckpoint();
        }

        _file.Continue();
        return header;
    }

    private CommandException NoCheckpoint() =>
        new($"--checkpoint {path} is no checkpoint, or damaged: give another file.");
}
