using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using static System.FormattableString;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// Records which rows are done, in a text file. Its header holds the SHA-256 of the input, the server, a random salt
/// and the HMAC-SHA-256 of the API key under it; each further line is the number of a finished row, negative if it
/// failed for good. A new key of the same workspace adds another header.
/// </summary>
/// <remarks>Each line is passed to the operating system at once, and flushed to disk at the end.</remarks>
/// <param name="path">Its path.</param>
/// <param name="input">The path of the input that it belongs to.</param>
/// <param name="server">The server that it belongs to.</param>
/// <param name="apiKey">The API key, and so the workspace, that it belongs to.</param>
internal sealed class Checkpoint(string path, string input, string server, string apiKey) : IDisposable
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
    public async Task StartAsync(bool isNewKey, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(input);
        var hash = Convert.ToHexString(await SHA256.HashDataAsync(content, cancellationToken));
        var header = await ReadAsync(cancellationToken);
        if (header is null || !HasKey(header, hash, isNewKey))
        {
            header = Header(hash, RandomNumberGenerator.GetBytes(SaltBytes));
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

    private string Header(string hash, byte[] salt)
    {
        var key = HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(apiKey));
        var magic = Encoding.UTF8.GetString(Magic);
        return $"{magic}{hash} {server} {Convert.ToHexString(salt)} {Convert.ToHexString(key)}";
    }

    /// <returns>False for an accepted new key.</returns>
    private bool HasKey(string header, string hash, bool isNewKey)
    {
        if (
            header.Split(' ') is not [_, _, _, var oldHash, var oldServer, { Length: 2 * SaltBytes } salt, _]
            || !salt.All(char.IsAsciiHexDigit)
        )
        {
            throw NoCheckpoint();
        }

        var isSameKey = header == Header(hash, Convert.FromHexString(salt));
        var problem =
            oldHash != hash ? "another input file, or to this one before it was changed: give that file"
            : oldServer != server ? $"the server {oldServer}, not {server}: give that server"
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
