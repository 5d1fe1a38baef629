using System.Globalization;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>Reads and writes one type as JSON, alone or as a property of a generated model.</summary>
internal abstract class JsonCodec<T>
{
    /// <summary>Reads the value at the reader's current token, and leaves the reader at the value's last one.</summary>
    /// <returns>Null, or what else was expected; the reader is then where that shows.</returns>
    public abstract Mismatch? Read(ref Utf8JsonReader reader, out T? value);

    /// <summary>Writes the value; after an exception, what was written only shows where it stood.</summary>
    /// <exception cref="RefusedValueException">The document or JSON does not allow it.</exception>
    public abstract void Write(Utf8JsonWriter writer, T? value);

    /// <summary>Reads a property that must be there.</summary>
    public Mismatch? ReadRequired(ref Utf8JsonReader reader, out T? value)
    {
        reader.Read();
        return Read(ref reader, out value);
    }

    /// <summary>Reads a property that may be absent, or null to say the same.</summary>
    public Mismatch? ReadOptional(ref Utf8JsonReader reader, out T? value)
    {
        reader.Read();
        value = default;
        return reader.TokenType == JsonTokenType.Null ? null : Read(ref reader, out value);
    }

    /// <summary>
    /// As above, but a value of another kind is no mismatch: it goes to <paramref name="others"/> as it is.
    /// </summary>
    public Mismatch? ReadOptional(ref Utf8JsonReader reader, out T? value, ref Dictionary<string, object?>? others)
    {
        // The whole reader is copied, so that the value can be read again.
        var start = reader;
        if (ReadOptional(ref reader, out value) is not null)
        {
            value = default;
            reader = start;
            JsonAny.ReadOther(ref reader, ref others);
        }

        return null;
    }

    /// <summary>Reads a property that may be absent, and null to say something else.</summary>
    public Mismatch? ReadSettable(ref Utf8JsonReader reader, out Optional<T?> value)
    {
        var mismatch = ReadOptional(ref reader, out var read);
        value = new Optional<T?>(read);
        return mismatch;
    }

    /// <summary>As above, but a value of another kind goes to <paramref name="others"/>, and nothing is set.</summary>
    public Mismatch? ReadSettable(
        ref Utf8JsonReader reader,
        out Optional<T?> value,
        ref Dictionary<string, object?>? others
    )
    {
        var start = reader;
        if (ReadSettable(ref reader, out value) is not null)
        {
            value = default;
            reader = start;
            JsonAny.ReadOther(ref reader, ref others);
        }

        return null;
    }

    /// <summary>Writes a property that is always there and not null.</summary>
    public void WriteRequired(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        writer.WritePropertyName(name);
        Write(writer, value);
    }

    /// <summary>Writes a property that is always there and may be null.</summary>
    public void WriteNullable(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        if (value is null)
        {
            writer.WriteNull(name);
        }
        else
        {
            WriteRequired(writer, name, value);
        }
    }

    /// <summary>Writes a property that null leaves out.</summary>
    public void WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        if (value is not null)
        {
            WriteRequired(writer, name, value);
        }
    }

    /// <summary>Writes a property that may be unset (left out) or null.</summary>
    public void WriteSettable(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Optional<T?> value)
    {
        if (value.TryGetValue(out var set))
        {
            WriteNullable(writer, name, set);
        }
    }
}

/// <summary>The codecs that generated code is made of, and the two ways into them.</summary>
internal static class JsonCodec
{
    /// <summary>How deep a body nests at most: an entry of its metadata 64 levels.</summary>
    public const int WriteDepthLimit = 66;

    /// <summary>How deep a response may nest; more would endanger the stack, since reading is recursive.</summary>
    private const int ReadDepthLimit = 128;

    /// <summary>For an operation whose response has no content; whatever comes is passed over.</summary>
    public static JsonCodec<object?> Nothing { get; } = new AnyCodec();

    public static JsonCodec<object?> Any { get; } = new AnyCodec();

    public static JsonCodec<string> String { get; } = Text(0, int.MaxValue);

    public static JsonCodec<bool> Boolean { get; } =
        new ScalarCodec<bool>(
            "true or false",
            JsonTokenType.None,
            (ref Utf8JsonReader reader, out bool value) =>
                (value = reader.TokenType == JsonTokenType.True) || reader.TokenType == JsonTokenType.False,
            (writer, value) => writer.WriteBooleanValue(value)
        );

    public static JsonCodec<long> Integer { get; } =
        new ScalarCodec<long>(
            "a whole number of 64 bits",
            JsonTokenType.Number,
            TryReadInteger,
            (writer, value) => writer.WriteNumberValue(value)
        );

    public static JsonCodec<double> Number { get; } =
        new ScalarCodec<double>(
            "a number",
            JsonTokenType.Number,
            (ref Utf8JsonReader reader, out double value) => reader.TryGetDouble(out value) && double.IsFinite(value),
            (writer, value) =>
                writer.WriteNumberValue(
                    double.IsFinite(value) ? value : throw new RefusedValueException("must be a finite number")
                )
        );

    public static JsonCodec<decimal> Decimal { get; } =
        new ScalarCodec<decimal>(
            "a number that a decimal can hold",
            JsonTokenType.Number,
            (ref Utf8JsonReader reader, out decimal value) => JsonNumber.TryParseExactly(reader.ValueSpan, out value),
            (writer, value) => writer.WriteNumberValue(value)
        );

    public static JsonCodec<DateTimeOffset> DateTime { get; } =
        new ScalarCodec<DateTimeOffset>(
            "a date and time",
            JsonTokenType.String,
            TryReadTime,
            (writer, value) => writer.WriteStringValue(ParameterText.Of(value))
        );

    public static JsonCodec<DateOnly> Date { get; } =
        new ScalarCodec<DateOnly>(
            "a date",
            JsonTokenType.String,
            (ref Utf8JsonReader reader, out DateOnly value) =>
                DateOnly.TryParseExact(reader.GetString(), "O", CultureInfo.InvariantCulture, default, out value),
            (writer, value) => writer.WriteStringValue(ParameterText.Of(value))
        );

    public static JsonCodec<byte[]> Bytes { get; } =
        new ScalarCodec<byte[]>(
            "base64 text",
            JsonTokenType.String,
            (ref Utf8JsonReader reader, out byte[]? value) => reader.TryGetBytesFromBase64(out value),
            (writer, value) => writer.WriteBase64StringValue(value)
        );

    /// <summary>A string whose length, in code points as in JSON Schema, is checked when it is written.</summary>
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

    /// <summary>A type of the document; it may hold itself, so its codec is only asked for when needed.</summary>
    public static JsonCodec<T> Model<T>()
        where T : IJsonModel<T> => ModelCodec<T>.Instance;

    /// <summary>For a value that may be null, and for a response that may have no body (204), which is null.</summary>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec)
        where T : class => new OrNullCodec<T?, T>(codec, value => value, value => value!);

    /// <inheritdoc cref="OrNull{T}(JsonCodec{T})"/>
    /// <param name="codec">The codec of what is not null.</param>
    /// <param name="_">Only there because C# tells no methods apart by their constraints.</param>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec, T? _ = null)
        where T : struct => new OrNullCodec<T?, T>(codec, value => value, value => value!.Value);

    public static JsonCodec<IReadOnlyList<T>> List<T>(JsonCodec<T> item) => new ListCodec<IReadOnlyList<T>, T>(item);

    public static JsonCodec<List<T>> MutableList<T>(JsonCodec<T> item) => new ListCodec<List<T>, T>(item);

    public static JsonCodec<IReadOnlyDictionary<string, T>> Map<T>(JsonCodec<T> item) =>
        new MapCodec<IReadOnlyDictionary<string, T>, T>(item);

    public static JsonCodec<Dictionary<string, T>> MutableMap<T>(JsonCodec<T> item) =>
        new MapCodec<Dictionary<string, T>, T>(item);

    /// <summary>Reads a whole JSON text as UTF-8, with or without a byte order mark.</summary>
    /// <returns>Null, or what else was expected, and where.</returns>
    public static Mismatch? Read<T>(
        JsonCodec<T> codec,
        ReadOnlySpan<byte> json,
        out T? value,
        JsonReaderOptions options = default
    )
    {
        value = default;
        if (ReferenceEquals(codec, Nothing))
        {
            return null;
        }

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

            // Anything but the end is an exception here.
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

    // JSON knows no integers: 1.0 and 1e3 are whole numbers as well.
    private static bool TryReadInteger(ref Utf8JsonReader reader, out long value) =>
        reader.TryGetInt64(out value)
        || (
            JsonNumber.TryParseExactly(reader.ValueSpan, out var number)
            && (value = long.CreateSaturating(number)) == number
        );

    private static bool TryReadTime(ref Utf8JsonReader reader, out DateTimeOffset value)
    {
        // A time without an offset is UTC; .NET would take it for the machine's own.
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
        // A text has at most as many code points as UTF-16 units, and at least half as many.
        if (text.Length <= maximum && (text.Length + 1) / 2 >= minimum)
        {
            return;
        }

        var length = text.EnumerateRunes().Count();
        if (length < minimum || length > maximum)
        {
            var bound = length < minimum ? $"at least {minimum}" : $"at most {maximum}";
            throw new RefusedValueException($"must have {bound} characters, but has {length}");
        }
    }
}
