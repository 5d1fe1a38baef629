using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Newtonsoft.Json;
using JsonException = System.Text.Json.JsonException;

namespace OrqGenerated;

/// <summary>
/// Reads UTF-8 JSON strictly (RFC 8259) and without losing anything: numbers arrive exact, dates as the strings they
/// are, and a value that turned out to be of another kind can be read again.
/// </summary>
/// <remarks>
/// Newtonsoft's own text reader takes much that is not JSON, and rounds a number before anyone sees its text; so the
/// tokens come from <see cref="Utf8JsonReader"/>.
/// </remarks>
internal sealed class OrqJsonReader : JsonReader
{
    /// <summary>How deep a document may nest; more would endanger the stack of those who read it recursively.</summary>
    private const int DepthLimit = 128;

    private static readonly object True = true;
    private static readonly object False = false;

    private readonly ReadOnlyMemory<byte> _json;
    private JsonReaderState _state = new(new JsonReaderOptions { MaxDepth = DepthLimit });
    private int _position;
    private int _tokenStart;

    public OrqJsonReader(ReadOnlyMemory<byte> json)
    {
        _json = json;
        MaxDepth = null;
        DateParseHandling = DateParseHandling.None;
    }

    /// <summary>Where the first value of an unexpected kind is, as a JSON path.</summary>
    public string? FailedPath { get; private set; }

    /// <summary>What was expected there.</summary>
    public string? FailedExpectation { get; private set; }

    /// <summary>The text of the current string or property name.</summary>
    public string Text => (string)Value!;

    /// <exception cref="JsonException">The text is not JSON.</exception>
    public override bool Read()
    {
        var reader = new Utf8JsonReader(_json.Span[_position..], isFinalBlock: true, _state);
        var read = reader.Read();
        if (read)
        {
            Take(ref reader);
        }
        else
        {
            SetToken(JsonToken.None);
        }

        Leave(ref reader);
        return read;
    }

    /// <summary>Goes from within an object to the next property's value.</summary>
    /// <param name="name">The property's name.</param>
    /// <returns>False at the object's end.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool ReadProperty([NotNullWhen(true)] out string? name)
    {
        // Name and value in one go: a reader costs more to set up than to move.
        var reader = new Utf8JsonReader(_json.Span[_position..], isFinalBlock: true, _state);
        reader.Read();
        Take(ref reader);
        if (TokenType == JsonToken.EndObject)
        {
            name = null;
        }
        else
        {
            name = Text;
            reader.Read();
            Take(ref reader);
        }

        Leave(ref reader);
        return name is not null;
    }

    private void Take(ref Utf8JsonReader reader)
    {
        _tokenStart = _position + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                SetToken(JsonToken.PropertyName, JsonText.Name(ref reader));
                break;
            case JsonTokenType.String:
                SetToken(JsonToken.String, JsonText.Value(ref reader));
                break;
            case JsonTokenType.Number:
                var number = JsonNumber.Parse(reader.ValueSpan);
                SetToken(
                    number is long or System.Numerics.BigInteger
                        ? JsonToken.Integer
                        : JsonToken.Float,
                    number
                );
                break;
            case JsonTokenType.True:
                SetToken(JsonToken.Boolean, True);
                break;
            case JsonTokenType.False:
                SetToken(JsonToken.Boolean, False);
                break;
            case JsonTokenType.Null:
                SetToken(JsonToken.Null, null);
                break;
            case JsonTokenType.StartObject:
                SetToken(JsonToken.StartObject);
                break;
            case JsonTokenType.EndObject:
                SetToken(JsonToken.EndObject);
                break;
            case JsonTokenType.StartArray:
                SetToken(JsonToken.StartArray);
                break;
            default:
                SetToken(JsonToken.EndArray);
                break;
        }
    }

    private void Leave(ref Utf8JsonReader reader)
    {
        _position += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    /// <summary>Reads the current string as a time with an offset, which is quicker than from its text.</summary>
    public bool TryGetTime(out DateTimeOffset time)
    {
        var token = _json.Span[_tokenStart.._position];
        var reader = new Utf8JsonReader(token);
        time = default;
        // Without an offset, System.Text.Json would take the machine's own.
        return token is [.., (byte)'Z', (byte)'"']
            && reader.Read()
            && reader.TryGetDateTimeOffset(out time);
    }

    /// <summary>Notes that the current value is not of the kind that the document promises.</summary>
    /// <returns>False, so that a reader can end with it.</returns>
    public bool Fail(string expected)
    {
        if (FailedPath is null)
        {
            FailedPath = Path;
            FailedExpectation = expected;
        }

        return false;
    }

    /// <summary>Notes that a required property did not come.</summary>
    public bool FailMissing(string name)
    {
        if (FailedPath is null)
        {
            FailedPath = Path.Length == 0 ? name : $"{Path}.{name}";
            FailedExpectation = "a value, since it is required";
        }

        return false;
    }

    /// <summary>Reads a property that must be there and of its kind.</summary>
    public bool ReadRequired<T>(JsonCodec<T> codec, ref T? value)
        where T : class? => codec.TryRead(this, out value);

    /// <inheritdoc cref="ReadRequired{T}(JsonCodec{T}, ref T)"/>
    public bool ReadRequired<T>(JsonCodec<T> codec, ref T? value)
        where T : struct
    {
        var read = codec.TryRead(this, out var result);
        value = result;
        return read;
    }

    /// <summary>Reads a property that must be there, of its kind or null.</summary>
    public bool ReadRequired<T>(JsonCodec<T> codec, ref Optional<T?> value)
        where T : class?
    {
        T? result = null;
        var read = TokenType == JsonToken.Null || codec.TryRead(this, out result);
        value = result;
        return read;
    }

    /// <inheritdoc cref="ReadRequired{T}(JsonCodec{T}, ref Optional{T})"/>
    public bool ReadRequired<T>(JsonCodec<T> codec, ref Optional<T?> value)
        where T : struct
    {
        T result = default;
        var isNull = TokenType == JsonToken.Null;
        var read = isNull || codec.TryRead(this, out result);
        value = isNull ? null : result;
        return read;
    }

    /// <summary>
    /// Reads a property that may be absent or null. One of another kind is null as well, and its value goes to
    /// <paramref name="others"/>.
    /// </summary>
    public void ReadOptional<T>(
        JsonCodec<T> codec,
        string name,
        ref T? value,
        ref Dictionary<string, object?>? others
    )
        where T : class? =>
        value = TryReadOptional(codec, name, out var result, ref others) ? result : null;

    /// <inheritdoc cref="ReadOptional{T}(JsonCodec{T}, string, ref T, ref Dictionary{string, object?})"/>
    public void ReadOptional<T>(
        JsonCodec<T> codec,
        string name,
        ref T? value,
        ref Dictionary<string, object?>? others
    )
        where T : struct =>
        value = TryReadOptional(codec, name, out var result, ref others) ? result : null;

    /// <inheritdoc cref="ReadOptional{T}(JsonCodec{T}, string, ref T, ref Dictionary{string, object?})"/>
    public void ReadOptional<T>(
        JsonCodec<T> codec,
        string name,
        ref Optional<T?> value,
        ref Dictionary<string, object?>? others
    )
        where T : class?
    {
        var isNull = TokenType == JsonToken.Null;
        value =
            TryReadOptional(codec, name, out var result, ref others) ? result
            : isNull ? new Optional<T?>(null)
            : default;
    }

    /// <inheritdoc cref="ReadOptional{T}(JsonCodec{T}, string, ref T, ref Dictionary{string, object?})"/>
    public void ReadOptional<T>(
        JsonCodec<T> codec,
        string name,
        ref Optional<T?> value,
        ref Dictionary<string, object?>? others
    )
        where T : struct
    {
        var isNull = TokenType == JsonToken.Null;
        value =
            TryReadOptional(codec, name, out var result, ref others) ? result
            : isNull ? new Optional<T?>(null)
            : default;
    }

    /// <summary>Reads a property that the document does not know.</summary>
    public void ReadOther(string name, ref Dictionary<string, object?>? others)
    {
        JsonCodec.Any.TryRead(this, out var value);
        (others ??= new(StringComparer.Ordinal))[name] = value;
    }

    private bool TryReadOptional<T>(
        JsonCodec<T> codec,
        string name,
        [MaybeNullWhen(false)] out T value,
        ref Dictionary<string, object?>? others
    )
    {
        others?.Remove(name);
        if (TokenType == JsonToken.Null)
        {
            value = default;
            return false;
        }

        var start = _tokenStart;
        var depth = Depth;
        if (codec.TryRead(this, out value))
        {
            return true;
        }

        // Go to the end of the value, and read it again as whatever it is.
        while (Depth > depth || TokenType is JsonToken.StartObject or JsonToken.StartArray)
        {
            Read();
        }

        FailedPath = null;
        var again = new OrqJsonReader(_json[start.._position]);
        again.Read();
        again.ReadOther(name, ref others);
        return false;
    }
}
