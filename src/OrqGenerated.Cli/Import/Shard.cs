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
    /// <summary>Parses <c>I/N</c>, I from 0, or <c>/N</c>, where I is the index of a Kubernetes job.</summary>
    /// <returns>Null if it is neither, or if I is not below N.</returns>
    public static Shard? Parse(string text, string? completionIndex) =>
        text.Split('/') is [var index, var count]
        && Values.ParseWhole(index.Length > 0 ? index : completionIndex ?? "") is { } i
        && Values.ParseWhole(count) is { } n
        && i < n
            ? new Shard(i, n)
            : null;

    public bool Contains(ImportRow row) =>
        (row.Contact is { } contact ? Hash(contact.ExternalId) : (ulong)row.Number) % (ulong)Count == (ulong)Index;

    private static ulong Hash(string text) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
