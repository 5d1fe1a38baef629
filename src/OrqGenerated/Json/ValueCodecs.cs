using System.Text.Json;

namespace OrqGenerated.Internal;

internal delegate bool TryReadScalar<T>(ref Utf8JsonReader reader, out T? value);

/// <summary>A value of one token, of the given kind; None accepts any kind. It is written as in metadata.</summary>
internal sealed class ScalarCodec<T>(string expected, JsonTokenType token, TryReadScalar<T> tryRead) : JsonCodec<T>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value)
    {
        value = default;
        var isExpectedToken = token == reader.TokenType || token == JsonTokenType.None;
        return isExpectedToken && tryRead(ref reader, out value) ? null : new Mismatch(expected);
    }

    public override void Write(Utf8JsonWriter writer, T? value) =>
        JsonAny.Instance.Write(writer, value ?? throw new RefusedValueException("must not be null"));
}

/// <summary>A string whose length is checked on writing, in code points as in JSON Schema.</summary>
internal sealed class TextCodec(int minimum, int maximum) : JsonCodec<string>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out string? value)
    {
        value = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return value is null ? new Mismatch("a string") : null;
    }

    public override void Write(Utf8JsonWriter writer, string? value)
    {
        var text = value ?? throw new RefusedValueException("must not be null");
        // A string has at most as many code points as UTF-16 units, and at least half as many.
        var mayBreakLimit = text.Length > maximum || (text.Length + 1) / 2 < minimum;
        if (mayBreakLimit && text.EnumerateRunes().Count() is var length && (length < minimum || length > maximum))
        {
            var limit = length < minimum ? $"at least {minimum}" : $"at most {maximum}";
            throw new RefusedValueException($"must have {limit} characters, but has {length}");
        }

        writer.WriteStringValue(text);
    }
}

/// <summary>An enum: any string, whether or not the document lists it.</summary>
internal sealed class EnumCodec<T>(Func<string, T> create) : JsonCodec<T>
    where T : struct
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out T value)
    {
        var mismatch = JsonCodec.String.Read(ref reader, out var text);
        value = mismatch is null ? create(text!) : default;
        return mismatch;
    }

    public override void Write(Utf8JsonWriter writer, T value) => writer.WriteStringValue(value.ToString());
}

internal sealed class ModelCodec<T> : JsonCodec<T>
    where T : IJsonModel<T>
{
    public static readonly ModelCodec<T> Instance = new();

    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value) => T.Codec.Read(ref reader, out value);

    public override void Write(Utf8JsonWriter writer, T? value) => T.Codec.Write(writer, value);
}

/// <summary>A value or null, of a class or of a nullable value type.</summary>
internal sealed class OrNullCodec<TOrNull, T>(JsonCodec<T> codec, Func<T, TOrNull> wrap, Func<TOrNull, T> unwrap)
    : JsonCodec<TOrNull>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out TOrNull? value)
    {
        value = default;
        if (reader.TokenType == JsonTokenType.Null)
            return null;

        var mismatch = codec.Read(ref reader, out var read);
        value = wrap(read!);
        return mismatch;
    }

    public override void Write(Utf8JsonWriter writer, TOrNull? value)
    {
        if (value is null)
            writer.WriteNullValue();
        else
            codec.Write(writer, unwrap(value));
    }
}

internal sealed class ListCodec<TList, T>(JsonCodec<T> item) : JsonCodec<TList>
    where TList : class, IReadOnlyList<T>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out TList? value)
    {
        value = null;
        if (reader.TokenType != JsonTokenType.StartArray)
            return new Mismatch("an array");

        var list = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (item.Read(ref reader, out var element) is { } mismatch)
                return mismatch;

            list.Add(element!);
        }

        value = (TList)(object)list;
        return null;
    }

    public override void Write(Utf8JsonWriter writer, TList? value)
    {
        var items = value ?? throw new RefusedValueException("must not be null");
        writer.WriteStartArray();
        // Indexed, because foreach over the interface would allocate an enumerator.
        for (var i = 0; i < items.Count; i++)
            item.Write(writer, items[i]);

        writer.WriteEndArray();
    }
}

internal sealed class MapCodec<TMap, T>(JsonCodec<T> item) : JsonCodec<TMap>
    where TMap : class, IEnumerable<KeyValuePair<string, T>>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out TMap? value)
    {
        value = null;
        if (reader.TokenType != JsonTokenType.StartObject)
            return new Mismatch("an object");

        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (item.Read(ref reader, out var element) is { } mismatch)
                return mismatch;

            map[name] = element!;
        }

        value = (TMap)(object)map;
        return null;
    }

    public override void Write(Utf8JsonWriter writer, TMap? value)
    {
        var entries = value ?? throw new RefusedValueException("must not be null");
        writer.WriteStartObject();
        foreach (var (name, element) in entries)
        {
            writer.WritePropertyName(name);
            item.Write(writer, element);
        }

        writer.WriteEndObject();
    }
}
