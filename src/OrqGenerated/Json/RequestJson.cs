using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Unicode;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// Writes compact JSON as UTF-8 into a pooled buffer: the same JSON as Newtonsoft's text writer, without its detour over
/// UTF-16, which costs most where texts are long.
/// </summary>
internal sealed class RequestJson : JsonWriter
{
    private const string HexDigits = "0123456789abcdef";

    private static readonly SearchValues<char> EscapedAscii = SearchValues.Create([
        .. Enumerable.Range(0, ' ').Select(c => (char)c),
        '"',
        '\\',
    ]);

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(1024);
    private int _length;

    private RequestJson() => AutoCompleteOnClose = false;

    /// <summary>Writes a value.</summary>
    /// <returns>A buffer from the shared pool, and how much of it is JSON.</returns>
    /// <exception cref="ArgumentException">The value holds something that JSON cannot.</exception>
    public static (byte[] Buffer, int Length) Write<T>(T value, JsonCodec<T> codec)
    {
        using var json = new RequestJson();
        codec.Write(json, value);
        return (json._bytes, json._length);
    }

    /// <summary>Turns a JSON text into UTF-8.</summary>
    /// <returns>A buffer from the shared pool, and how much of it is used.</returns>
    public static (byte[] Buffer, int Length) ToUtf8(string text)
    {
        using var json = new RequestJson();
        json.Append(text);
        return (json._bytes, json._length);
    }

    public override void Flush() { }

    public override void WriteStartObject()
    {
        base.WriteStartObject();
        Append('{');
    }

    public override void WriteStartArray()
    {
        base.WriteStartArray();
        Append('[');
    }

    public override void WritePropertyName(string name)
    {
        base.WritePropertyName(name);
        AppendText(name);
        Append(':');
    }

    public override void WritePropertyName(string name, bool escape)
    {
        if (escape)
        {
            WritePropertyName(name);
            return;
        }

        base.WritePropertyName(name);
        Append('"');
        Append(name);
        Append('"');
        Append(':');
    }

    public override void WriteNull()
    {
        base.WriteNull();
        Append("null");
    }

    public override void WriteUndefined() => WriteNull();

    public override void WriteRaw(string? json) => Append(json);

    public override void WriteValue(string? value)
    {
        if (value is null)
        {
            WriteNull();
            return;
        }

        base.WriteValue(value);
        AppendText(value);
    }

    public override void WriteValue(bool value)
    {
        base.WriteValue(value);
        Append(value ? "true" : "false");
    }

    public override void WriteValue(long value)
    {
        base.WriteValue(value);
        Reserve(20);
        value.TryFormat(
            _bytes.AsSpan(_length),
            out var written,
            provider: CultureInfo.InvariantCulture
        );
        _length += written;
    }

    public override void WriteValue(sbyte value) => WriteValue((long)value);

    public override void WriteValue(byte value) => WriteValue((long)value);

    public override void WriteValue(short value) => WriteValue((long)value);

    public override void WriteValue(ushort value) => WriteValue((long)value);

    public override void WriteValue(int value) => WriteValue((long)value);

    public override void WriteValue(uint value) => WriteValue((long)value);

    // What follows is rare, and worth no more than being the same as Newtonsoft's.

    public override void WriteValue(ulong value)
    {
        base.WriteValue(value);
        Append(JsonConvert.ToString(value));
    }

    public override void WriteValue(float value)
    {
        base.WriteValue(value);
        Append(JsonConvert.ToString(value));
    }

    public override void WriteValue(double value)
    {
        base.WriteValue(value);
        Append(JsonConvert.ToString(value));
    }

    public override void WriteValue(decimal value)
    {
        base.WriteValue(value);
        Append(JsonConvert.ToString(value));
    }

    public override void WriteValue(object? value)
    {
        if (value is BigInteger integer)
        {
            WriteRawValue(integer.ToString(CultureInfo.InvariantCulture));
            return;
        }

        base.WriteValue(value);
    }

    public override void WriteValue(char value) => WriteValue(value.ToString());

    public override void WriteValue(DateTime value) => WriteRawValue(JsonConvert.ToString(value));

    public override void WriteValue(DateTimeOffset value) =>
        WriteRawValue(JsonConvert.ToString(value));

    public override void WriteValue(Guid value) => WriteValue(value.ToString());

    public override void WriteValue(TimeSpan value) => WriteValue(value.ToString());

    public override void WriteValue(Uri? value) => WriteValue(value?.OriginalString);

    public override void WriteValue(byte[]? value) =>
        WriteValue(value is null ? null : Convert.ToBase64String(value));

    protected override void WriteValueDelimiter() => Append(',');

    protected override void WriteEnd(JsonToken token) =>
        Append(token == JsonToken.EndObject ? '}' : ']');

    /// <summary>Where the next character is that does not stand for itself in a JSON string; -1 for nowhere.</summary>
    private static int IndexOfEscaped(ReadOnlySpan<char> text)
    {
        var index = text.IndexOfAny(EscapedAscii);
        // JavaScript's line ends, which Newtonsoft escapes as well.
        var other = (index < 0 ? text : text[..index]).IndexOfAny('\u0085', '\u2028', '\u2029');
        return other < 0 ? index : other;
    }

    private void AppendText(ReadOnlySpan<char> text)
    {
        Append('"');
        for (var next = IndexOfEscaped(text); next >= 0; next = IndexOfEscaped(text))
        {
            Append(text[..next]);
            AppendEscaped(text[next]);
            text = text[(next + 1)..];
        }

        Append(text);
        Append('"');
    }

    /// <summary>A surrogate without its partner only occurs within a string, and is escaped there (RFC 8259, section 8.2).</summary>
    private void Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        while (true)
        {
            var status = Utf8.FromUtf16(
                text,
                _bytes.AsSpan(_length),
                out var read,
                out var written,
                replaceInvalidSequences: false
            );
            _length += written;
            text = text[read..];
            switch (status)
            {
                case OperationStatus.Done:
                    return;
                case OperationStatus.DestinationTooSmall:
                    Grow(_length + text.Length);
                    break;
                default:
                    AppendEscaped(text[0]);
                    text = text[1..];
                    break;
            }
        }
    }

    private void AppendEscaped(char c)
    {
        var letter = c switch
        {
            '"' or '\\' => c,
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => 'u',
        };
        Append('\\');
        Append(letter);
        if (letter == 'u')
        {
            for (var shift = 12; shift >= 0; shift -= 4)
            {
                Append(HexDigits[(c >> shift) & 15]);
            }
        }
    }

    /// <summary>Appends an ASCII character.</summary>
    private void Append(char c)
    {
        Reserve(1);
        _bytes[_length++] = (byte)c;
    }

    private void Reserve(int count)
    {
        if (_length + count > _bytes.Length)
        {
            Grow(_length + count);
        }
    }

    /// <summary>At least doubles the buffer, so that copying stays linear in what is written.</summary>
    private void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, 2 * _bytes.Length));
        _bytes.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
