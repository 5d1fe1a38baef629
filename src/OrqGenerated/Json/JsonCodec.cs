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

    /// <summary>Writes a property that must not be null.</summary>
    public void WriteProperty(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        writer.WritePropertyName(name);
        Write(writer, value);
    }

    /// <summary>Writes a property that may be null, or omits it if it is unset.</summary>
    public void WriteProperty(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Optional<T?> value)
    {
        if (!value.TryGetValue(out var set))
            return;

        if (set is null)
            writer.WriteNull(name);
        else
            WriteProperty(writer, name, set);
    }
}

/// <summary>The codecs that generated code uses, and the entry points that read and write a whole value.</summary>
internal static class JsonCodec
{
    /// <summary>The most levels of a response; reading is recursive, so more could overflow the stack.</summary>
    private const int ReadDepthLimit = 128;

    /// <summary>For an operation whose response has no content; a body is not parsed.</summary>
    public static readonly JsonCodec<object?> Nothing = new JsonAny();

    public static readonly JsonCodec<object?> Any = JsonAny.Instance;

    public static readonly JsonCodec<string> String = Text(0, int.MaxValue);

    public static readonly JsonCodec<bool> Boolean = new ScalarCodec<bool>(
        "true or false",
        JsonTokenType.None,
        (ref reader, out value) =>
            (value = reader.TokenType == JsonTokenType.True) || reader.TokenType == JsonTokenType.False
    );

    public static readonly JsonCodec<long> Integer = new ScalarCodec<long>(
        "a whole number of 64 bits",
        JsonTokenType.Number,
        TryReadInteger
    );

    public static readonly JsonCodec<double> Number = new ScalarCodec<double>(
        "a number",
        JsonTokenType.Number,
        (ref reader, out value) => reader.TryGetDouble(out value) && double.IsFinite(value)
    );

    public static readonly JsonCodec<decimal> Decimal = new ScalarCodec<decimal>(
        "a number that a decimal can hold",
        JsonTokenType.Number,
        (ref reader, out value) => JsonNumber.TryParseExactly(reader.ValueSpan, out value)
    );

    public static readonly JsonCodec<DateTimeOffset> DateTime = new ScalarCodec<DateTimeOffset>(
        "a date and time",
        JsonTokenType.String,
        TryReadTime
    );

    public static readonly JsonCodec<DateOnly> Date = new ScalarCodec<DateOnly>(
        "a date",
        JsonTokenType.String,
        (ref reader, out value) =>
            DateOnly.TryParseExact(reader.GetString(), "O", CultureInfo.InvariantCulture, default, out value)
    );

    public static readonly JsonCodec<byte[]> Bytes = new ScalarCodec<byte[]>(
        "base64 text",
        JsonTokenType.String,
        (ref reader, out value) => reader.TryGetBytesFromBase64(out value)
    );

    public static JsonCodec<string> Text(int minimum, int maximum) => new TextCodec(minimum, maximum);

    /// <summary>A generated model. It may contain itself, so its codec is looked up only on use.</summary>
    public static JsonCodec<T> Model<T>()
        where T : IJsonModel<T> => ModelCodec<T>.Instance;

    /// <summary>A value or null; an empty response body (204) counts as null.</summary>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec)
        where T : class => new OrNullCodec<T?, T>(codec, value => value, value => value!);

    // The unused parameter is there because C# does not overload on constraints alone.
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
    public static Mismatch? Read<T>(JsonCodec<T> codec, ReadOnlySpan<byte> json, out T? value, bool isLenient = false)
    {
        value = default;
        if (ReferenceEquals(codec, Nothing))
            return null;

        json = json.StartsWith("\ufeff"u8) ? json["\ufeff"u8.Length..] : json;
        var isEmpty = json.Trim(" \t\r\n"u8).IsEmpty;
        json = isEmpty ? "null"u8 : JsonText.ReplaceInvalid(json);
        var options = isLenient ? JsonText.Lenient : default;
        var reader = new Utf8JsonReader(json, options with { MaxDepth = ReadDepthLimit });
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
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            rule = exception switch
            {
                RefusedValueException => exception.Message,
                _ when json.Writer.CurrentDepth == JsonBuffer.DepthLimit =>
                    "nests deeper than 64 levels, or contains itself",
                // Thrown by .NET or by the value's own code; its message may contain the value.
                _ => $"cannot be written as JSON ({exception.GetType().Name})",
            };
        }

        // The space ends a number, which the reader would otherwise wait for more of.
        var path = JsonPath.Of([.. json.Flush(), (byte)' ']);
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
        var isUtc = reader.TryGetDateTime(out var time) && time.Kind != DateTimeKind.Local;
        value = new DateTimeOffset(time.Ticks, TimeSpan.Zero);
        return isUtc || reader.TryGetDateTimeOffset(out value);
    }
}
