using System.Text.Json;

namespace OrqGenerated.Internal;

internal delegate bool TryReadScalar<T>(ref Utf8JsonReader reader, out T? value);

/// <summary>A value of one token, of the given kind; None accepts any kind.</summary>
internal sealed class ScalarCodec<T>(
    string expected,
    JsonTokenType token,
    TryReadScalar<T> tryRead,
    Action<Utf8JsonWriter, T> write
) : JsonCodec<T>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value)
    {
        value = default;
        var isExpectedToken = token == reader.TokenType || token == JsonTokenType.None;
        return isExpectedToken && tryRead(ref reader, out value) ? null : new Mismatch(expected);
    }

    public override void Write(Utf8JsonWriter writer, T? value) =>
        write(writer, value ?? throw new RefusedValueException("must not be null"));
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

    public override void Write(Utf8JsonWriter writer, T value) => JsonCodec.String.Write(writer, value.ToString());
}

internal sealed class AnyCodec : JsonCodec<object?>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out object? value)
    {
        value = JsonAny.Read(ref reader);
        return null;
    }

    public override void Write(Utf8JsonWriter writer, object? value) => JsonAny.Write(writer, value);
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

/// <summary>A JSON object, read and written property by property.</summary>
internal abstract class ObjectCodec<T> : JsonCodec<T>
    where T : class
{
    public sealed override Mismatch? Read(ref Utf8JsonReader reader, out T? value)
    {
        value = null;
        return reader.TokenType == JsonTokenType.StartObject
            ? ReadProperties(ref reader, out value)
            : new Mismatch("an object");
    }

    public sealed override void Write(Utf8JsonWriter writer, T? value)
    {
        var properties = value ?? throw new RefusedValueException("must not be null");
        writer.WriteStartObject();
        WriteProperties(writer, properties);
        writer.WriteEndObject();
    }

    /// <summary>Reads all properties and the closing brace.</summary>
    protected abstract Mismatch? ReadProperties(ref Utf8JsonReader reader, out T? value);

    /// <summary>Writes all properties, without the braces.</summary>
    protected abstract void WriteProperties(Utf8JsonWriter writer, T value);
}

internal sealed class MapCodec<TMap, T>(JsonCodec<T> item) : ObjectCodec<TMap>
    where TMap : class, IEnumerable<KeyValuePair<string, T>>
{
    protected override Mismatch? ReadProperties(ref Utf8JsonReader reader, out TMap? value)
    {
        value = null;
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        while (reader.NextProperty())
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

    protected override void WriteProperties(Utf8JsonWriter writer, TMap value)
    {
        foreach (var (name, element) in value)
        {
            writer.WritePropertyName(name);
            item.Write(writer, element);
        }
    }
}
