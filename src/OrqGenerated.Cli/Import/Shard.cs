using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// The rows that one of several processes sends: those where the first 64 bits of the external id's SHA-256, modulo
/// <see cref="Count"/>, are <see cref="Index"/>. A row that is not a contact is assigned by its number.
/// </summary>
internal sealed record Shard(int Index, int Count)
{
    public static Shard Whole { get; } = new(0, 1);

    /// <summary>Parses <c>I/N</c>, I from 0, or <c>/N</c>, where I is the index of a Kubernetes job.</summary>
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

    public bool Contains(ImportRow row) =>
        (row.Contact is { } contact ? Hash(contact.ExternalId) : (ulong)row.Number) % (ulong)Count == (ulong)Index;

    private static ulong Hash(string text) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
