using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// The part of the rows that one of several processes sends: those whose external id's hash (the first 64 bits of its
/// SHA-256) leaves <see cref="Index"/> when divided by <see cref="Count"/>. A row that is no contact goes by its
/// number.
/// </summary>
internal sealed record Shard(int Index, int Count)
{
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>Reads <c>I/N</c> with I from 0, or <c>/N</c>, whose I Kubernetes' indexed jobs give.</summary>
    /// <exception cref="CommandException">It is neither, or I is not below N.</exception>
    public static Shard Parse(string text, string? completionIndex)
    {
        if (text.StartsWith('/'))
        {
            text = string.IsNullOrEmpty(completionIndex)
                ? throw new CommandException("--shard /N takes its I from JOB_COMPLETION_INDEX, which is not set.")
                : completionIndex + text;
        }

        return
            text.Split('/') is [var index, var count]
            && Values.ParseWhole(index) is { } i
            && Values.ParseWhole(count) is { } n
            && i < n
            ? new Shard(i, n)
            : throw new CommandException($"--shard {text}: give I/N with I from 0 to N-1, such as 0/4.");
    }

    public bool Holds(ImportRow row) =>
        (row.Contact is { } contact ? Hash(contact.ExternalId) : (ulong)row.Number) % (ulong)Count == (ulong)Index;

    private static ulong Hash(string text) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
