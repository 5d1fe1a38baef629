using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>
/// Reads UTF-8 JSON strictly (RFC 8259) and without losing anything: numbers arrive exact, dates as the strings they
/// are, and a value that turned out to be of another kind is read again as whatever it is.
/// </summary>
/// <remarks>
/// Newtonsoft's own text reader takes much that is not JSON, and rounds a number before anyone sees its text; so the
/// tokens come from <see cref="Utf8JsonReader"/>. What a failure is called is only worked out when there is one.
/// </remarks>
internal ref struct OrqJsonReader
{
    /// <summary>How deep a document may nest; more would endanger the stack of those who read it recursively.</summary>
    private const int DepthLimit = 128;

    private static readonly object True = true;
    private static readonly object False = false;

    private readonly ReadOnlySpan<byte> _json;
    private Utf8JsonReader _tokens;
    private Failure? _failure;
    private Failure? _optionalFailure;

    public OrqJsonReader(ReadOnlySpan<byte> json)
    {
        _json = json;
        _tokens = Tokens(json);
    }

    /// <summary>Whether the text nests as deep as it may.</summary>
    private readonly bool IsAtDepthLimit => _tokens.CurrentDepth >= DepthLimit - 1;

    /// <summary>Whether the current token starts an object.</summary>
    public readonly bool IsObject => _tokens.TokenType == JsonTokenType.StartObject;

    /// <summary>Whether the current token starts an array.</summary>
    public readonly bool IsArray => _tokens.TokenType == JsonTokenType.StartArray;

    /// <summary>Whether the current token is null.</summary>
    public readonly bool IsNull => _tokens.TokenType == JsonTokenType.Null;

    /// <summary>Whether the current number is zero.</summary>
    public readonly bool IsZero => JsonNumber.IsZero(_tokens.ValueSpan);

    /// <summary>Goes to the next token.</summary>
    /// <returns>False at the end of the text.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool Read() => _tokens.Read();

    /// <summary>Goes to the next item of the array that the reader is in.</summary>
    /// <returns>False at the array's end.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool ReadItem() => _tokens.Read() && _tokens.TokenType != JsonTokenType.EndArray;

    /// <summary>Goes to the value of the next property of the object that the reader is in.</summary>
    /// <param name="name">The property's name.</param>
    /// <returns>False at the object's end.</returns>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public bool ReadProperty([NotNullWhen(true)] out string? name)
    {
        _tokens.Read();
        if (_tokens.TokenType == JsonTokenType.EndObject)
        {
            name = null;
            return false;
        }

        name = JsonText.Name(ref _tokens);
        _tokens.Read();
        return true;
    }

    /// <summary>The current string; null when the token is none.</summary>
    public string? GetString() =>
        _tokens.TokenType == JsonTokenType.String ? JsonText.Value(ref _tokens) : null;

    /// <summary>The current token as true or false; null when it is neither.</summary>
    public readonly bool? GetBoolean() =>
        _tokens.TokenType switch
        {
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            _ => null,
        };

    /// <summary>The current number as <see cref="JsonNumber.Parse"/> gives it; null when the token is none.</summary>
    public readonly object? GetNumber() =>
        _tokens.TokenType == JsonTokenType.Number ? JsonNumber.Parse(_tokens.ValueSpan) : null;

    /// <summary>The current string, number, true, false or null.</summary>
    public object? GetScalar() =>
        _tokens.TokenType switch
        {
            JsonTokenType.String => JsonText.Value(ref _tokens),
            JsonTokenType.Number => JsonNumber.Parse(_tokens.ValueSpan),
            JsonTokenType.True => True,
            JsonTokenType.False => False,
            _ => null,
        };

    /// <summary>The current number if it is a plain whole one.</summary>
    public readonly bool TryGetInteger(out long value)
    {
        value = 0;
        return _tokens.TokenType == JsonTokenType.Number && _tokens.TryGetInt64(out value);
    }

    /// <summary>The double that is nearest to the current number, if one is near.</summary>
    public readonly bool TryGetDouble(out double value)
    {
        value = 0;
        return _tokens.TokenType == JsonTokenType.Number
            && _tokens.TryGetDouble(out value)
            && double.IsFinite(value);
    }

    /// <summary>Reads the current string as a UTC time, which is quicker than from its text.</summary>
    public readonly bool TryGetUtcTime(out DateTimeOffset time)
    {
        time = default;
        // Only a string ends with Z. Without an offset, System.Text.Json would take the machine's own.
        return _tokens.ValueSpan is [.., (byte)'Z'] && _tokens.TryGetDateTimeOffset(out time);
    }

    /// <summary>Notes that the current value is not of the kind that the document promises.</summary>
    /// <returns>False, so that a reader can end with it.</returns>
    public bool Fail(string expected)
    {
        _failure = new Failure((int)_tokens.TokenStartIndex, expected);
        return false;
    }

    /// <summary>Notes that a required property did not come in the object that just ended, unless another failed there.</summary>
    /// <returns>False, so that a reader can end with it.</returns>
    public bool FailMissing(string name)
    {
        _failure ??= new Failure((int)_tokens.TokenStartIndex, "a value, since it is required")
        {
            Missing = name,
        };
        return false;
    }

    /// <summary>Where the failure is and what was expected there; without one, where the text is not JSON.</summary>
    public readonly (string Path, string Expected) DescribeFailure()
    {
        if (_failure is null)
        {
            return (
                JsonPath.At(Tokens(_json), (int)_tokens.TokenStartIndex),
                IsAtDepthLimit
                    ? $"JSON that nests at most {DepthLimit} levels deep"
                    : "JSON that is whole and valid"
            );
        }

        return (
            JsonPath.Join(JsonPath.At(Tokens(_json), _failure.At), _failure.Missing),
            _failure.Expected
        );
    }

    /// <summary>Fails because an optional property was of another kind, where its value cannot be kept.</summary>
    /// <returns>False, so that a reader can end with it.</returns>
    public bool FailOptional()
    {
        _failure = _optionalFailure;
        return false;
    }

    /// <summary>Passes over the current value.</summary>
    public void Skip() => _tokens.Skip();

    /// <summary>Reads a property that must be there and of its kind; one of another kind counts as missing.</summary>
    public void ReadRequired<T>(JsonCodec<T> codec, string name, ref T? value)
        where T : class? => value = TryReadKind(codec, name, out var result) ? result : null;

    /// <inheritdoc cref="ReadRequired{T}(JsonCodec{T}, string, ref T)"/>
    public void ReadRequired<T>(JsonCodec<T> codec, string name, ref T? value)
        where T : struct => value = TryReadKind(codec, name, out var result) ? result : null;

    /// <summary>Reads a property that must be there, of its kind or null; one of another kind counts as missing.</summary>
    public void ReadRequired<T>(JsonCodec<T> codec, string name, ref Optional<T?> value)
        where T : class? =>
        value =
            IsNull ? new Optional<T?>(null)
            : TryReadKind(codec, name, out var result) ? new Optional<T?>(result)
            : default;

    /// <inheritdoc cref="ReadRequired{T}(JsonCodec{T}, string, ref Optional{T})"/>
    public void ReadRequired<T>(JsonCodec<T> codec, string name, ref Optional<T?> value)
        where T : struct =>
        value =
            IsNull ? new Optional<T?>(null)
            : TryReadKind(codec, name, out var result) ? new Optional<T?>(result)
            : default;

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
        var isNull = IsNull;
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
        var isNull = IsNull;
        value =
            TryReadOptional(codec, name, out var result, ref others) ? result
            : isNull ? new Optional<T?>(null)
            : default;
    }

    /// <summary>Reads a property that the document does not know.</summary>
    public void ReadOther(string name, ref Dictionary<string, object?>? others) =>
        (others ??= new(StringComparer.Ordinal))[name] = JsonAny.Read(ref this);

    private static Utf8JsonReader Tokens(ReadOnlySpan<byte> json) =>
        new(json, new JsonReaderOptions { MaxDepth = DepthLimit });

    private bool TryReadOptional<T>(
        JsonCodec<T> codec,
        string name,
        [MaybeNullWhen(false)] out T value,
        ref Dictionary<string, object?>? others
    )
    {
        // Of two properties of one name the last one counts.
        others?.Remove(name);
        if (IsNull)
        {
            value = default;
            return false;
        }

        var start = (int)_tokens.TokenStartIndex;
        var depth = _tokens.CurrentDepth;
        var failure = _failure;
        if (codec.TryRead(ref this, out value))
        {
            return true;
        }

        _optionalFailure = _failure;
        _failure = failure;
        SkipTo(depth);
        var again = new OrqJsonReader(_json[start..(int)_tokens.BytesConsumed]);
        again.Read();
        again.ReadOther(name, ref others);
        return false;
    }

    private bool TryReadKind<T>(JsonCodec<T> codec, string name, [MaybeNullWhen(false)] out T value)
    {
        var depth = _tokens.CurrentDepth;
        if (!codec.TryRead(ref this, out value))
        {
            _failure = _failure! with { Property = name, Depth = depth };
            SkipTo(depth);
            return false;
        }

        if (_failure is not null && _failure.Depth == depth && _failure.Property == name)
        {
            // Of two properties of one name the last one counts.
            _failure = null;
        }

        return true;
    }

    /// <summary>Goes to the last token of the value at a depth.</summary>
    private void SkipTo(int depth)
    {
        while (_tokens.CurrentDepth > depth || IsObject || IsArray)
        {
            _tokens.Read();
        }
    }

    /// <summary>A value of another kind than the document promises, or a property that is missing where an object ends.</summary>
    private sealed record Failure(int At, string Expected)
    {
        public string Missing { get; init; } = "";

        public string? Property { get; init; }

        public int Depth { get; init; }
    }
}
