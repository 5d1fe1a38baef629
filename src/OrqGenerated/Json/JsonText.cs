using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace OrqGenerated.Internal;

/// <summary>Makes a JSON text safe to read: .NET's reader throws at a string that is not Unicode only when it is asked for it.</summary>
internal static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>
    /// The text with U+FFFD for whatever is not Unicode: invalid UTF-8, and an escaped surrogate without its partner.
    /// </summary>
    public static ReadOnlySpan<byte> Unicode(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        if (json.IndexOf("\\ud"u8) < 0 && json.IndexOf("\\uD"u8) < 0)
        {
            return json;
        }

        Span<byte> repaired = json.ToArray();
        for (var at = 0; at < repaired.Length; )
        {
            var next = repaired[at..].IndexOf((byte)'\\');
            if (next < 0)
            {
                break;
            }

            at += next;
            var escaped = EscapedCharacter(repaired[at..]);
            if (escaped is null)
            {
                // Two characters, such as \n or \\, or no escape at all.
                at += 2;
                continue;
            }

            var isPair =
                char.IsHighSurrogate(escaped.Value)
                && at + EscapeLength < repaired.Length
                && EscapedCharacter(repaired[(at + EscapeLength)..]) is { } second
                && char.IsLowSurrogate(second);
            if (char.IsSurrogate(escaped.Value) && !isPair)
            {
                "\\ufffd"u8.CopyTo(repaired[at..]);
            }

            at += isPair ? 2 * EscapeLength : EscapeLength;
        }

        return repaired;
    }

    /// <summary>The character of an escape such as <c>\u00e4</c> at the text's start; null for anything else.</summary>
    private static char? EscapedCharacter(ReadOnlySpan<byte> json) =>
        json.Length >= EscapeLength
        && json.StartsWith("\\u"u8)
        && ushort.TryParse(
            json[2..EscapeLength],
            NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture,
            out var character
        )
            ? (char)character
            : null;
}

/// <summary>Small steps of reading and writing that every type here shares.</summary>
internal static class JsonTokens
{
    /// <summary>How deep models nest at most, and any value within them.</summary>
    public const int DepthLimit = 64;

    /// <summary>Goes to the name of the object's next property; false at the object's end.</summary>
    public static bool ReadProperty(this ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Refuses a further object or list where as many are open as may be.</summary>
    public static Mismatch? CheckDepth(this Utf8JsonWriter writer, int limit = DepthLimit) =>
        writer.CurrentDepth < Math.Min(limit, writer.Options.MaxDepth) ? null : Mismatch.TooDeep;

    /// <summary>Ends an object whose properties are all written.</summary>
    public static Mismatch? EndObject(this Utf8JsonWriter writer)
    {
        writer.WriteEndObject();
        return null;
    }

    /// <summary>Writes a JSON text, token by token: written raw, it could nest as deep as it likes.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static Mismatch? WriteTokens(this Utf8JsonWriter writer, ReadOnlySpan<byte> json, int limit)
    {
        var options = new JsonReaderOptions { MaxDepth = int.MaxValue };
        var reader = new Utf8JsonReader(JsonText.Unicode(json), options);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when writer.CheckDepth(limit) is { } refusal:
                    return refusal;
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.EndObject:
                    writer.WriteEndObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndArray:
                    writer.WriteEndArray();
                    break;
                case JsonTokenType.PropertyName:
                    writer.WritePropertyName(reader.GetString()!);
                    break;
                case JsonTokenType.String:
                    writer.WriteStringValue(reader.GetString());
                    break;
                default:
                    // A number keeps its digits this way.
                    writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                    break;
            }
        }

        return null;
    }
}

/// <summary>
/// A writer with a pooled buffer. It is rented, not shared: a caller's sequence may call the client while it is written.
/// </summary>
internal sealed class JsonBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialSize = 1024;

    [ThreadStatic]
    private static JsonBuffer? _spare;

    private byte[] _bytes = [];
    private int _length;

    private JsonBuffer() =>
        Writer = new Utf8JsonWriter(
            this,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }
        );

    public Utf8JsonWriter Writer { get; }

    public static JsonBuffer Rent()
    {
        var buffer = _spare ?? new JsonBuffer();
        _spare = null;
        return buffer;
    }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Flush()
    {
        Writer.Flush();
        return _bytes.AsSpan(0, _length);
    }

    /// <summary>What was written, in an array that from now on is the caller's to give back to the shared pool.</summary>
    public (byte[] Buffer, int Length) Detach()
    {
        Writer.Flush();
        var written = (_bytes, _length);
        _bytes = [];
        return written;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_length + sizeHint > _bytes.Length)
        {
            // At least doubles, so that copying stays linear in what is written.
            var larger = ArrayPool<byte>.Shared.Rent(
                Math.Max(_length + sizeHint, Math.Max(InitialSize, 2 * _bytes.Length))
            );
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
