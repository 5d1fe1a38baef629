using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>Collects a request's JSON in a pooled buffer and turns it into UTF-8.</summary>
internal sealed class RequestJson : TextWriter
{
    private char[] _chars = ArrayPool<char>.Shared.Rent(1024);
    private int _length;

    private RequestJson()
        : base(CultureInfo.InvariantCulture) { }

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>Writes a value as compact JSON.</summary>
    /// <returns>A buffer from the shared pool, and how much of it is JSON.</returns>
    /// <exception cref="ArgumentException">The value holds something that JSON cannot.</exception>
    public static (byte[] Buffer, int Length) Write<T>(T value, JsonCodec<T> codec)
    {
        using var text = new RequestJson();
        using var writer = new JsonTextWriter(text)
        {
            ArrayPool = PooledChars.Instance,
            AutoCompleteOnClose = false,
            CloseOutput = false,
        };
        codec.Write(writer, value);
        writer.Flush();
        return ToUtf8(text._chars.AsSpan(0, text._length));
    }

    public override void Write(char value)
    {
        Reserve(1);
        _chars[_length++] = value;
    }

    public override void Write(char[] buffer, int index, int count) =>
        Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        Reserve(buffer.Length);
        buffer.CopyTo(_chars.AsSpan(_length));
        _length += buffer.Length;
    }

    protected override void Dispose(bool disposing)
    {
        var chars = Interlocked.Exchange(ref _chars, []);
        if (chars.Length > 0)
        {
            ArrayPool<char>.Shared.Return(chars);
        }

        base.Dispose(disposing);
    }

    /// <summary>A surrogate without its partner only occurs within a string, and is escaped there (RFC 8259, section 8.2).</summary>
    /// <returns>A buffer from the shared pool, and how much of it is used.</returns>
    public static (byte[] Buffer, int Length) ToUtf8(ReadOnlySpan<char> text)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(
            Encoding.UTF8.GetMaxByteCount(text.Length) + (3 * text.Length)
        );
        var length = 0;
        while (true)
        {
            var status = Utf8.FromUtf16(
                text,
                bytes.AsSpan(length),
                out var read,
                out var written,
                replaceInvalidSequences: false
            );
            length += written;
            if (status == OperationStatus.Done)
            {
                return (bytes, length);
            }

            Encoding.ASCII.GetBytes($"\\u{(int)text[read]:x4}", bytes.AsSpan(length));
            length += 6;
            text = text[(read + 1)..];
        }
    }

    private void Reserve(int count)
    {
        if (_length + count <= _chars.Length)
        {
            return;
        }

        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_length + count, 2 * _chars.Length));
        _chars.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_chars);
        _chars = larger;
    }

    private sealed class PooledChars : IArrayPool<char>
    {
        public static readonly PooledChars Instance = new();

        public char[] Rent(int minimumLength) => ArrayPool<char>.Shared.Rent(minimumLength);

        public void Return(char[]? array)
        {
            if (array is not null)
            {
                ArrayPool<char>.Shared.Return(array);
            }
        }
    }
}
