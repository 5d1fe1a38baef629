using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>A type that the document describes: it reads, writes and checks itself.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IJsonModel<TSelf>
    where TSelf : IJsonModel<TSelf>
{
    /// <inheritdoc cref="JsonCodec{T}.TryRead"/>
    static abstract bool TryRead(ref OrqJsonReader reader, [MaybeNullWhen(false)] out TSelf value);

    /// <summary>Writes the value as JSON.</summary>
    void Write(JsonWriter writer);

    /// <summary>The first thing in it that the document does not allow; null when there is none.</summary>
    /// <param name="depth">How many objects and arrays are around it, itself counted.</param>
    Invalid? Check(int depth);
}

/// <summary>Reads and writes one type as JSON.</summary>
/// <typeparam name="T">The type.</typeparam>
internal abstract class JsonCodec<T>
{
    /// <summary>Whether no body at all (204) is an answer as well.</summary>
    public virtual bool AllowsNothing => false;

    /// <summary>Reads the value that starts at the reader's current token, and leaves the reader at its last one.</summary>
    /// <returns>False when it is of another kind; the reader then knows where and what was expected.</returns>
    public abstract bool TryRead(ref OrqJsonReader reader, [MaybeNullWhen(false)] out T value);

    /// <summary>Writes the value.</summary>
    public abstract void Write(JsonWriter writer, T value);

    /// <inheritdoc cref="IJsonModel{TSelf}.Check"/>
    public virtual Invalid? Check(T value, int depth) => null;
}

/// <summary>The codecs that generated code is made of.</summary>
internal static class JsonCodec
{
    public static JsonCodec<string> String { get; } = new StringCodec();

    public static JsonCodec<bool> Boolean { get; } = new BooleanCodec();

    public static JsonCodec<long> Integer { get; } = new IntegerCodec();

    public static JsonCodec<double> Number { get; } = new NumberCodec();

    public static JsonCodec<decimal> Decimal { get; } = new DecimalCodec();

    public static JsonCodec<DateTimeOffset> DateTime { get; } = new DateTimeCodec();

    public static JsonCodec<DateOnly> Date { get; } = new DateCodec();

    public static JsonCodec<byte[]> Bytes { get; } = new BytesCodec();

    public static JsonCodec<object?> Any { get; } = new AnyCodec();

    public static JsonCodec<T> Model<T>()
        where T : IJsonModel<T> => ModelCodec<T>.Instance;

    /// <summary>For items that may be null, and for an operation that may answer with no body (204), which is null.</summary>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec)
        where T : class => new OrNullCodec<T, T?>(codec);

    /// <inheritdoc cref="OrNull{T}(JsonCodec{T})"/>
    /// <param name="codec">The codec of what is not null.</param>
    /// <param name="_">Only there because C# tells no methods apart by their constraints.</param>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec, T? _ = null)
        where T : struct => new OrNullCodec<T, T?>(codec);

    public static JsonCodec<IReadOnlyList<T>> List<T>(JsonCodec<T> item) =>
        new ListCodec<IReadOnlyList<T>, T>(item);

    public static JsonCodec<List<T>> MutableList<T>(JsonCodec<T> item) =>
        new ListCodec<List<T>, T>(item);

    public static JsonCodec<IReadOnlyDictionary<string, T>> Map<T>(JsonCodec<T> item) =>
        new MapCodec<IReadOnlyDictionary<string, T>, T>(item);

    public static JsonCodec<Dictionary<string, T>> MutableMap<T>(JsonCodec<T> item) =>
        new MapCodec<Dictionary<string, T>, T>(item);

    private sealed class StringCodec : JsonCodec<string>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out string value
        )
        {
            value = reader.GetString();
            return value is not null || reader.Fail("a string");
        }

        public override void Write(JsonWriter writer, string value) => writer.WriteValue(value);

        public override Invalid? Check(string value, int depth) => Invalid.Null(value, "");
    }

    private sealed class BooleanCodec : JsonCodec<bool>
    {
        public override bool TryRead(ref OrqJsonReader reader, out bool value)
        {
            var flag = reader.GetBoolean();
            value = flag == true;
            return flag is not null || reader.Fail("true or false");
        }

        public override void Write(JsonWriter writer, bool value) => writer.WriteValue(value);
    }

    private sealed class IntegerCodec : JsonCodec<long>
    {
        public override bool TryRead(ref OrqJsonReader reader, out long value)
        {
            if (reader.TryGetInteger(out value))
            {
                return true;
            }

            // JSON knows no integers: 1.0, 1e3 and -0.0 are whole numbers as well.
            switch (reader.GetNumber())
            {
                case decimal number
                    when decimal.IsInteger(number)
                        && number is >= long.MinValue and <= long.MaxValue:
                    value = (long)number;
                    return true;
                case -0.0:
                    value = 0;
                    return true;
                default:
                    return reader.Fail("a whole number of 64 bits");
            }
        }

        public override void Write(JsonWriter writer, long value) => writer.WriteValue(value);
    }

    private sealed class NumberCodec : JsonCodec<double>
    {
        public override bool TryRead(ref OrqJsonReader reader, out double value) =>
            reader.TryGetDouble(out value) || reader.Fail("a number");

        public override void Write(JsonWriter writer, double value) =>
            JsonAny.WriteDouble(writer, value);

        public override Invalid? Check(double value, int depth) =>
            double.IsFinite(value) ? null : new Invalid("", "must be a finite number");
    }

    private sealed class DecimalCodec : JsonCodec<decimal>
    {
        private static readonly BigInteger LargestDecimal = new(decimal.MaxValue);

        public override bool TryRead(ref OrqJsonReader reader, out decimal value)
        {
            switch (reader.GetNumber())
            {
                case long integer:
                    value = integer;
                    return true;
                case decimal number:
                    value = number;
                    return true;
                case BigInteger integer when BigInteger.Abs(integer) <= LargestDecimal:
                    value = (decimal)integer;
                    return true;
                case -0.0:
                    value = 0;
                    return true;
                default:
                    value = 0;
                    return reader.Fail("a number that a decimal can hold");
            }
        }

        public override void Write(JsonWriter writer, decimal value) => writer.WriteValue(value);
    }

    private sealed class DateTimeCodec : JsonCodec<DateTimeOffset>
    {
        public override bool TryRead(ref OrqJsonReader reader, out DateTimeOffset value)
        {
            return reader.TryGetUtcTime(out value)
                || (reader.GetString() is { } text && JsonTime.TryParse(text, out value))
                || reader.Fail("a date and time");
        }

        public override void Write(JsonWriter writer, DateTimeOffset value) =>
            writer.WriteValue(JsonTime.Format(value));
    }

    private sealed class DateCodec : JsonCodec<DateOnly>
    {
        public override bool TryRead(ref OrqJsonReader reader, out DateOnly value)
        {
            value = default;
            return DateOnly.TryParseExact(
                    reader.GetString(),
                    "yyyy-MM-dd",
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.None,
                    out value
                ) || reader.Fail("a date");
        }

        public override void Write(JsonWriter writer, DateOnly value) =>
            writer.WriteValue(value.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    private sealed class BytesCodec : JsonCodec<byte[]>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out byte[] value
        )
        {
            value = null;
            if (reader.GetString() is { } text)
            {
                var buffer = new byte[text.Length];
                if (Convert.TryFromBase64String(text, buffer, out var length))
                {
                    value = buffer[..length];
                }
            }

            return value is not null || reader.Fail("base64 text");
        }

        public override void Write(JsonWriter writer, byte[] value) =>
            writer.WriteValue(Convert.ToBase64String(value));

        public override Invalid? Check(byte[] value, int depth) => Invalid.Null(value, "");
    }

    private sealed class AnyCodec : JsonCodec<object?>
    {
        public override bool TryRead(ref OrqJsonReader reader, out object? value)
        {
            value = JsonAny.Read(ref reader);
            return true;
        }

        public override void Write(JsonWriter writer, object? value) =>
            JsonAny.Write(writer, value, 1);
    }

    private sealed class ModelCodec<T> : JsonCodec<T>
        where T : IJsonModel<T>
    {
        public static readonly ModelCodec<T> Instance = new();

        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out T value
        ) => T.TryRead(ref reader, out value);

        public override void Write(JsonWriter writer, T value)
        {
            // Only a user's own serializer comes here without a check of the depth before.
            RuntimeHelpers.EnsureSufficientExecutionStack();
            value.Write(writer);
        }

        public override Invalid? Check(T value, int depth) =>
            Invalid.Null(value, "")
            ?? (
                depth < JsonAny.DepthLimit
                    ? value.Check(depth + 1)
                    : new Invalid("", JsonAny.TooDeep)
            );
    }

    private sealed class OrNullCodec<T, TOrNull>(JsonCodec<T> codec) : JsonCodec<TOrNull?>
    {
        public override bool AllowsNothing => true;

        public override bool TryRead(ref OrqJsonReader reader, out TOrNull? value)
        {
            value = default;
            if (reader.IsNull)
            {
                return true;
            }

            var read = codec.TryRead(ref reader, out var result);
            value = read ? (TOrNull?)(object?)result : default;
            return read;
        }

        public override void Write(JsonWriter writer, TOrNull? value)
        {
            if (value is T present)
            {
                codec.Write(writer, present);
                return;
            }

            writer.WriteNull();
        }

        public override Invalid? Check(TOrNull? value, int depth) =>
            value is T present ? codec.Check(present, depth) : null;
    }

    private sealed class ListCodec<TList, T>(JsonCodec<T> item) : JsonCodec<TList>
        where TList : class, IEnumerable<T>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out TList value
        )
        {
            value = null;
            if (!reader.IsArray)
            {
                return reader.Fail("an array");
            }

            var list = new List<T>();
            while (reader.ReadItem())
            {
                if (!item.TryRead(ref reader, out var element))
                {
                    return false;
                }

                list.Add(element);
            }

            value = (TList)(object)list;
            return true;
        }

        public override void Write(JsonWriter writer, TList value)
        {
            writer.WriteStartArray();
            if (value is IReadOnlyList<T> list)
            {
                // By index, since an enumerator would be allocated.
                for (var i = 0; i < list.Count; i++)
                {
                    item.Write(writer, list[i]);
                }
            }
            else
            {
                foreach (var element in value)
                {
                    item.Write(writer, element);
                }
            }

            writer.WriteEndArray();
        }

        public override Invalid? Check(TList value, int depth)
        {
            if (value is null)
            {
                return Invalid.Null(value, "");
            }

            var index = 0;
            foreach (var element in value)
            {
                if (item.Check(element, depth + 1) is { } invalid)
                {
                    return invalid.Under($"[{index.ToString(CultureInfo.InvariantCulture)}]");
                }

                index++;
            }

            return null;
        }
    }

    private sealed class MapCodec<TMap, T>(JsonCodec<T> item) : JsonCodec<TMap>
        where TMap : class, IEnumerable<KeyValuePair<string, T>>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out TMap value
        )
        {
            value = null;
            if (!reader.IsObject)
            {
                return reader.Fail("an object");
            }

            var map = new Dictionary<string, T>(StringComparer.Ordinal);
            while (reader.ReadProperty(out var name))
            {
                if (!item.TryRead(ref reader, out var element))
                {
                    return false;
                }

                map[name] = element;
            }

            value = (TMap)(object)map;
            return true;
        }

        public override void Write(JsonWriter writer, TMap value)
        {
            writer.WriteStartObject();
            if (value is Dictionary<string, T> dictionary)
            {
                // Its own enumerator is not allocated.
                foreach (var (name, element) in dictionary)
                {
                    writer.WritePropertyName(name);
                    item.Write(writer, element);
                }
            }
            else
            {
                foreach (var (name, element) in value)
                {
                    writer.WritePropertyName(name);
                    item.Write(writer, element);
                }
            }

            writer.WriteEndObject();
        }

        public override Invalid? Check(TMap value, int depth)
        {
            if (value is null)
            {
                return Invalid.Null(value, "");
            }

            foreach (var (name, element) in value)
            {
                if (item.Check(element, depth + 1) is { } invalid)
                {
                    return invalid.Under(name);
                }
            }

            return null;
        }
    }
}
