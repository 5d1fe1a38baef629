using System.Globalization;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>Reads and writes a type as JSON, on its own or as a property of a generated model.</summary>
internal abstract class JsonCodec<T>
{
    /// <summary>Reads the value that starts at the current token, and leaves the reader on its last token.</summary>
    /// <returns>Null, or a mismatch; the reader is then on the token that does not match.</returns>
    public abstract Mismatch? Read(ref Utf8JsonReader reader, out T? value);

    /// <summary>Writes the value. If it is refused, the output ends where the value would begin.</summary>
    /// <exception cref="RefusedValueException">The document or JSON does not allow the value.</exception>
    public abstract void Write(Utf8JsonWriter writer, T? value);

    /// <summary>Reads a property, which may be null; the reader is at its name.</summary>
    public Mismatch? ReadProperty(ref Utf8JsonReader reader, out Optional<T?> property)
    {
        T? value = default;
        reader.Read();
        var mismatch = reader.TokenType == JsonTokenType.Null ? null : Read(ref reader, out value);
        property = new Optional<T?>(value);
        return mismatch;
    }

    /// <summary>
    /// Reads a property, which may be null; a value of another type goes into <paramref name="additional"/>.
    /// </summary>
    public void ReadProperty(
        ref Utf8JsonReader reader,
        out Optional<T?> property,
        ref Dictionary<string, object?>? additional
    )
    {
        // The reader is a struct, so a copy is enough to rewind it.
        var start = reader;
        if (ReadProperty(ref reader, out property) is null)
            return;

        reader = start;
        property = default;
        JsonAny.ReadAdditional(ref reader, ref additional);
    }

    /// <summary>Writes a required property that must not be null.</summary>
    public void WriteRequired(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        writer.WritePropertyName(name);
        Write(writer, value);
    }

    /// <summary>Writes a required property that may be null.</summary>
    public void WriteNullable(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            WriteRequired(writer, name, value);
    }

    /// <summary>Writes a property, or omits it if it is null.</summary>
    public void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        if (value is not null)
            WriteRequired(writer, name, value);
    }

    /// <summary>Writes a property, null included, or omits it if it is unset.</summary>
    public void WriteSettable(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Optional<T?> value)
    {
        if (value.TryGetValue(out var set))
            WriteNullable(writer, name, set);
    }
}

/// <summary>The codecs that generated code uses, and the entry points that read and write a whole value.</summary>
internal static class JsonCodec
{
    /// <summary>The most levels of a body: its own, metadata's, and 64 for each value in metadata.</summary>
    public const int WriteDepthLimit = 66;

    /// <summary>The most levels of a response; reading is recursive, so more could overflow the stack.</summary>
    private const int ReadDepthLimit = 128;

    /// <summary>For an operation whose response has no content; a body is not parsed.</summary>
    public static readonly JsonCodec<object?> Nothing = new AnyCodec();

    public static readonly JsonCodec<object?> Any = new AnyCodec();

    public static readonly JsonCodec<string> String = Text(0, int.MaxValue);

    public static readonly JsonCodec<bool> Boolean = new ScalarCodec<bool>(
        "true or false",
        JsonTokenType.None,
        (ref Utf8JsonReader reader, out bool value) =>
            (value = reader.TokenType == JsonTokenType.True) || reader.TokenType == JsonTokenType.False,
        (writer, value) => writer.WriteBooleanValue(value)
    );

    public static readonly JsonCodec<long> Integer = new ScalarCodec<long>(
        "a whole number of 64 bits",
        JsonTokenType.Number,
        TryReadInteger,
        (writer, value) => writer.WriteNumberValue(value)
    );

    public static readonly JsonCodec<double> Number = new ScalarCodec<double>(
        "a number",
        JsonTokenType.Number,
        (ref Utf8JsonReader reader, out double value) => reader.TryGetDouble(out value) && double.IsFinite(value),
        (writer, value) =>
            writer.WriteNumberValue(
                double.IsFinite(value) ? value : throw new RefusedValueException("must be a finite number")
            )
    );

    public static readonly JsonCodec<decimal> Decimal = new ScalarCodec<decimal>(
        "a number that a decimal can hold",
        JsonTokenType.Number,
        (ref Utf8JsonReader reader, out decimal value) => JsonNumber.TryParseExactly(reader.ValueSpan, out value),
        (writer, value) => writer.WriteNumberValue(value)
    );

    public static readonly JsonCodec<DateTimeOffset> DateTime = new ScalarCodec<DateTimeOffset>(
        "a date and time",
        JsonTokenType.String,
        TryReadTime,
        (writer, value) => writer.WriteStringValue(ParameterText.Of(value))
    );

    public static readonly JsonCodec<DateOnly> Date = new ScalarCodec<DateOnly>(
        "a date",
        JsonTokenType.String,
        (ref Utf8JsonReader reader, out DateOnly value) =>
            DateOnly.TryParseExact(reader.GetString(), "O", CultureInfo.InvariantCulture, default, out value),
        (writer, value) => writer.WriteStringValue(ParameterText.Of(value))
    );

    public static readonly JsonCodec<byte[]> Bytes = new ScalarCodec<byte[]>(
        "base64 text",
        JsonTokenType.String,
        (ref Utf8JsonReader reader, out byte[]? value) => reader.TryGetBytesFromBase64(out value),
        (writer, value) => writer.WriteBase64StringValue(value)
    );

    /// <summary>A string whose length is checked on writing, in code points as in JSON Schema.</summary>
    public static JsonCodec<string> Text(int minimum, int maximum) =>
        new ScalarCodec<string>(
            "a string",
            JsonTokenType.String,
            (ref Utf8JsonReader reader, out string? value) => (value = reader.GetString()) is not null,
            (writer, value) =>
            {
                CheckLength(value, minimum, maximum);
                writer.WriteStringValue(value);
            }
        );

    /// <summary>A generated model. It may contain itself, so its codec is looked up only on use.</summary>
    public static JsonCodec<T> Model<T>()
        where T : IJsonModel<T> => ModelCodec<T>.Instance;

    /// <summary>A value or null; an empty response body (204) counts as null.</summary>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec)
        where T : class => new OrNullCodec<T?, T>(codec, value => value, value => value!);

    /// <inheritdoc cref="OrNull{T}(JsonCodec{T})"/>
    /// <param name="codec">The codec of a value that is not null.</param>
    /// <param name="_">Unused: C# does not overload on constraints alone.</param>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec, T? _ = null)
        where T : struct => new OrNullCodec<T?, T>(codec, value => value, value => value!.Value);

    public static JsonCodec<IReadOnlyList<T>> List<T>(JsonCodec<T> item) => new ListCodec<IReadOnlyList<T>, T>(item);

    public static JsonCodec<List<T>> MutableList<T>(JsonCodec<T> item) => new ListCodec<List<T>, T>(item);

    public static JsonCodec<IReadOnlyDictionary<string, T>> Map<T>(JsonCodec<T> item) =>
        new MapCodec<IReadOnlyDictionary<string, T>, T>(item);

    public static JsonCodec<Dictionary<string, T>> MutableMap<T>(JsonCodec<T> item) =>
        new MapCodec<Dictionary<string, T>, T>(item);

    /// <summary>Reads a whole JSON text in UTF-8, with or without a byte order mark.</summary>
    /// <returns>Null, or a mismatch with its whole path.</returns>
    public static Mismatch? Read<T>(
        JsonCodec<T> codec,
        ReadOnlySpan<byte> json,
        out T? value,
        JsonReaderOptions options = default
    )
    {
        value = default;
        if (ReferenceEquals(codec, Nothing))
            return null;

        json = json.StartsWith("\ufeff"u8) ? json["\ufeff"u8.Length..] : json;
        var isEmpty = json.Trim(" \t\r\n"u8).IsEmpty;
        json = isEmpty ? "null"u8 : JsonText.Unicode(json);
        options.MaxDepth = ReadDepthLimit;
        var reader = new Utf8JsonReader(json, options);
        try
        {
            reader.Read();
            if (codec.Read(ref reader, out value) is { } mismatch)
            {
                var path = JsonPath.Of(json[..(int)reader.TokenStartIndex], mismatch.Path);
                return isEmpty ? new Mismatch("JSON, but the body is empty") : mismatch with { Path = path };
            }

            // Throws unless this was the end.
            reader.Read();
            return null;
        }
        catch (JsonException)
        {
            value = default;
            return new Mismatch(
                reader.CurrentDepth >= ReadDepthLimit - 1
                    ? $"JSON that nests at most {ReadDepthLimit} levels deep"
                    : $"JSON that is whole and valid, but after byte {reader.BytesConsumed} it is not"
            );
        }
    }

    /// <summary>Writes a value as UTF-8.</summary>
    /// <exception cref="ArgumentException">The document or JSON does not allow the value.</exception>
    public static byte[] Write<T>(JsonCodec<T> codec, T value, string parameter = "body")
    {
        using var json = JsonBuffer.Rent();
        string rule;
        try
        {
            codec.Write(json.Writer, value);
            return json.Flush().ToArray();
        }
        catch (RefusedValueException refusal)
        {
            rule = refusal.Rule;
        }
        catch (Exception) when (json.Writer.CurrentDepth == WriteDepthLimit)
        {
            rule = "nests deeper than 64 levels, or contains itself";
        }

        var path = JsonPath.Of(json.Flush());
        throw new ArgumentException($"{(path.Length == 0 ? parameter : path)} {rule}.", parameter);
    }

    // JSON has no integer type: 1.0 and 1e3 are whole numbers too.
    private static bool TryReadInteger(ref Utf8JsonReader reader, out long value) =>
        reader.TryGetInt64(out value)
        || (
            JsonNumber.TryParseExactly(reader.ValueSpan, out var number)
            && (value = long.CreateSaturating(number)) == number
        );

    private static bool TryReadTime(ref Utf8JsonReader reader, out DateTimeOffset value)
    {
        // A time without an offset is UTC; .NET would take it for local time.
        var mayLackOffset = reader.ValueSpan is not [.., (byte)'Z'];
        if (mayLackOffset && reader.TryGetDateTime(out var time) && time.Kind == DateTimeKind.Unspecified)
        {
            value = new DateTimeOffset(time, TimeSpan.Zero);
            return true;
        }

        return reader.TryGetDateTimeOffset(out value);
    }

    private static void CheckLength(string text, int minimum, int maximum)
    {
        // A string has at most as many code points as UTF-16 units, and at least half as many.
        if (text.Length <= maximum && (text.Length + 1) / 2 >= minimum)
            return;

        var length = text.EnumerateRunes().Count();
        if (length < minimum || length > maximum)
        {
            var bound = length < minimum ? $"at least {minimum}" : $"at most {maximum}";
            throw new RefusedValueException($"must have {bound} characters, but has {length}");
        }
    }
}
