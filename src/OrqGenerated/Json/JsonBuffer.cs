using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// A writer with a pooled buffer, so that writing allocates little more than the body. It is rented, not shared: a
/// caller's sequence may call the client while it is written.
/// </summary>
internal sealed class JsonBuffer : IBufferWriter<byte>, IDisposable
{
    /// <summary>The most levels of a body: its own, metadata's, and 64 for each value in metadata.</summary>
    public const int DepthLimit = 66;

    [ThreadStatic]
    private static JsonBuffer? _spare;

    private byte[] _bytes = [];
    private int _length;

    private JsonBuffer() =>
        Writer = new Utf8JsonWriter(
            this,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = DepthLimit }
        );

    public Utf8JsonWriter Writer { get; }

    public static JsonBuffer Rent()
    {
        var buffer = _spare ?? new JsonBuffer();
        _spare = null;
        return buffer;
    }

    /// <summary>Flushes the writer, and returns what was written.</summary>
    public ReadOnlySpan<byte> Flush()
    {
        Writer.Flush();
        return _bytes.AsSpan(0, _length);
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_length + sizeHint > _bytes.Length)
        {
            // The pool's arrays double in size, so that copying stays linear in what is written.
            var larger = ArrayPool<byte>.Shared.Rent(_length + Math.Max(sizeHint, 1024));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
        Writer.Reset(this);
        _spare = this;
    }
}
