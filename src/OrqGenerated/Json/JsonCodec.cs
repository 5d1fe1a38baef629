using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

internal delegate bool TryReadScalar<T>(ref Utf8JsonReader reader, [MaybeNullWhen(false)] out T value);

/// <summary>Where a value is not what the document allows, and what is expected there; never the value itself.</summary>
/// <param name="Path">The place, as in <c>data[3].name</c>; empty for the whole value.</param>
/// <param name="Expected">Of a value that was read what it should be (a string); of one to be written a rule (must ...).</param>
internal sealed record Mismatch(string Path, string Expected)
{
    public static readonly Mismatch Null = new("must not be null");

    public static readonly Mismatch NotFinite = new("must be a finite number");

    public static readonly Mismatch TooDeep = new(
        $"nests deeper than {JsonCodec.WriteDepthLimit} levels, or contains itself"
    );

    public Mismatch(string expected)
        : this("", expected) { }

    /// <summary>A required property did not come.</summary>
    public static Mismatch Missing(ReadOnlySpan<byte> name) =>
        new Mismatch("a value, since it is required").Under(name);

    /// <summary>The mismatch as seen from the object around it.</summary>
    public Mismatch Under(string name) =>
        this with
        {
            Path =
                Path.Length == 0 ? name
                : name.Length == 0 || Path[0] == '[' ? name + Path
                : $"{name}.{Path}",
        };

    /// <inheritdoc cref="Under(string)"/>
    public Mismatch Under(ReadOnlySpan<byte> name) => Under(Encoding.UTF8.GetString(name));

    /// <summary>The mismatch as seen from the list around it.</summary>
    public Mismatch Under(int index) => Under($"[{index.ToString(CultureInfo.InvariantCulture)}]");

    /// <summary>The mismatch of a value that was read, in a sentence.</summary>
    public string Describe(Type type) => $"{(Path.Length == 0 ? type.Name : Path)}: expected {Expected}.";

    public ArgumentException ToArgumentException(string parameter) =>
        new($"{(Path.Length == 0 ? parameter : Path)} {Expected}.", parameter);
}

/// <summary>The codecs that generated code is made of, and the two ways into them.</summary>
internal static class JsonCodec
{
    /// <summary>How deep models nest at most when they are written, and any value within them.</summary>
    public const int WriteDepthLimit = 64;

    /// <summary>How deep a response may nest; more would endanger the stack, since reading is recursive.</summary>
    private const int ReadDepthLimit = 128;

    /// <summary>For an operation whose response has no content; whatever comes is passed over.</summary>
    public static JsonCodec<object?> Nothing { get; } = new AnyCodec();

    public static JsonCodec<object?> Any { get; } = new AnyCodec();

    public static JsonCodec<string> String { get; } = Text(0, int.MaxValue);

    public static JsonCodec<bool> Boolean { get; } =
        new ScalarCodec<bool>(
            "true or false",
            (ref Utf8JsonReader reader, out bool value) =>
            {
                value = reader.TokenType == JsonTokenType.True;
                return value || reader.TokenType == JsonTokenType.False;
            },
            (writer, value) => writer.WriteBooleanValue(value)
        );

    public static JsonCodec<long> Integer { get; } =
        new ScalarCodec<long>(
            "a whole number of 64 bits",
            TryReadInteger,
            (writer, value) => writer.WriteNumberValue(value)
        );

    public static JsonCodec<double> Number { get; } =
        new ScalarCodec<double>(
            "a number",
            (ref Utf8JsonReader reader, out double value) =>
            {
                value = 0;
                return reader.TokenType == JsonTokenType.Number
                    && reader.TryGetDouble(out value)
                    && double.IsFinite(value);
            },
            (writer, value) => writer.WriteNumberValue(value),
            value => double.IsFinite(value) ? null : Mismatch.NotFinite
        );

    public static JsonCodec<decimal> Decimal { get; } =
        new ScalarCodec<decimal>(
            "a number that a decimal can hold",
            TryReadDecimal,
            (writer, value) => writer.WriteNumberValue(value)
        );

    public static JsonCodec<DateTimeOffset> DateTime { get; } =
        new ScalarCodec<DateTimeOffset>(
            "a date and time",
            (ref Utf8JsonReader reader, out DateTimeOffset value) =>
            {
                value = default;
                // Without an offset, System.Text.Json would take the machine's own.
                return reader.TokenType == JsonTokenType.String
                    && (
                        (reader.ValueSpan is [.., (byte)'Z'] && reader.TryGetDateTimeOffset(out value))
                        || JsonTime.TryParse(reader.GetString()!, out value)
                    );
            },
            (writer, value) => writer.WriteStringValue(JsonTime.Format(value))
        );

    public static JsonCodec<DateOnly> Date { get; } =
        new ScalarCodec<DateOnly>(
            "a date",
            (ref Utf8JsonReader reader, out DateOnly value) =>
            {
                value = default;
                return reader.TokenType == JsonTokenType.String
                    && JsonTime.TryParseDate(reader.GetString()!, out value);
            },
            (writer, value) => writer.WriteStringValue(JsonTime.Format(value))
        );

    public static JsonCodec<byte[]> Bytes { get; } =
        new ScalarCodec<byte[]>(
            "base64 text",
            (ref Utf8JsonReader reader, [MaybeNullWhen(false)] out byte[] value) =>
            {
                value = null;
                return reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out value);
            },
            (writer, value) => writer.WriteBase64StringValue(value)
        );

    /// <summary>A string whose length, in code points as JSON Schema counts it, is checked when it is written.</summary>
    public static JsonCodec<string> Text(int minimum, int maximum) =>
        new ScalarCodec<string>(
            "a string",
            (ref Utf8JsonReader reader, [MaybeNullWhen(false)] out string value) =>
            {
                value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                return value is not null;
            },
            (writer, value) => writer.WriteStringValue(value),
            value => CheckLength(value, minimum, maximum)
        );

    /// <summary>A type that the document describes; it may hold itself, so its codec is only asked for when needed.</summary>
    public static JsonCodec<T> Model<T>()
        where T : IJsonModel<T> => ModelCodec<T>.Instance;

    /// <summary>For a value that may be null, and for a response that may have no body (204), which is null.</summary>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec)
        where T : class => new OrNullCodec<T>(codec);

    /// <inheritdoc cref="OrNull{T}(JsonCodec{T})"/>
    /// <param name="codec">The codec of what is not null.</param>
    /// <param name="_">Only there because C# tells no methods apart by their constraints.</param>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec, T? _ = null)
        where T : struct => new NullableCodec<T>(codec);

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
        options.MaxDepth = ReadDepthLimit;
        var reader = new Utf8JsonReader(isEmpty ? "null"u8 : JsonText.Unicode(json), options);
        try
        {
            reader.Read();
            if (codec.Read(ref reader, out value) is { } mismatch)
            {
                return isEmpty ? new Mismatch("JSON, but the body is empty") : mismatch;
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
    /// <returns>A buffer from the shared pool, and how much of it is JSON.</returns>
    /// <exception cref="ArgumentException">The document does not allow the value, or JSON has no such value.</exception>
    public static (byte[] Buffer, int Length) Write<T>(JsonCodec<T> codec, T value, string parameter = "body")
    {
        using var json = JsonBuffer.Rent();
        return codec.Write(json.Writer, value) is { } mismatch
            ? throw mismatch.ToArgumentException(parameter)
            : json.Detach();
    }

    private static bool TryReadInteger(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value))
        {
            return true;
        }

        // JSON knows no integers: 1.0, 1e3 and -0.0 are whole numbers as well.
        var isWhole =
            TryReadDecimal(ref reader, out var number)
            && decimal.IsInteger(number)
            && number is >= long.MinValue and <= long.MaxValue;
        value = isWhole ? (long)number : 0;
        return isWhole;
    }

    private static bool TryReadDecimal(ref Utf8JsonReader reader, out decimal value)
    {
        value = 0;
        return reader.TokenType == JsonTokenType.Number && JsonNumber.TryParseExactly(reader.ValueSpan, out value);
    }

    private static Mismatch? CheckLength(string text, int minimum, int maximum)
    {
        // A text has at most as many code points as UTF-16 units, and at least half as many.
        if (text.Length <= maximum && text.Length / 2 >= minimum)
        {
            return null;
        }

        var length = text.Length;
        for (var i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i]))
            {
                length--;
            }
        }

        return length < minimum ? new Mismatch($"must have at least {minimum} characters, but has {length}")
            : length > maximum ? new Mismatch($"must have at most {maximum} characters, but has {length}")
            : null;
    }
}
