using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>Reads and writes one type as JSON, alone or as a property of a generated model.</summary>
internal abstract class JsonCodec<T>
{
    /// <summary>Reads the value at the reader's current token, and leaves the reader at the value's last one.</summary>
    /// <returns>Null, or what else was expected; the reader is then anywhere within the value.</returns>
    public abstract Mismatch? Read(ref Utf8JsonReader reader, out T? value);

    /// <summary>Writes the value if the document allows it.</summary>
    /// <returns>Null, or why not; what was written so far is then of no use.</returns>
    public abstract Mismatch? Write(Utf8JsonWriter writer, T? value);

    /// <summary>Reads a property that must be there.</summary>
    public Mismatch? ReadRequired(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, out T? value)
    {
        reader.Read();
        return Read(ref reader, out value)?.Under(name);
    }

    /// <summary>Reads a property that may be absent, or null to say the same.</summary>
    public Mismatch? ReadOptional(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, out T? value)
    {
        reader.Read();
        value = default;
        return reader.TokenType == JsonTokenType.Null ? null : Read(ref reader, out value)?.Under(name);
    }

    /// <summary>
    /// As above, but a value of another kind is no mismatch: it goes to <paramref name="others"/> as it is.
    /// </summary>
    public Mismatch? ReadOptional(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> name,
        out T? value,
        ref Dictionary<string, object?>? others
    )
    {
        // The whole reader is copied, so that the value can be read again.
        var start = reader;
        if (ReadOptional(ref reader, name, out value) is null)
        {
            // Of two properties of one name the last one counts.
            others?.Remove(Encoding.UTF8.GetString(name));
            return null;
        }

        value = default;
        reader = start;
        JsonAny.ReadOther(ref reader, ref others);
        return null;
    }

    /// <summary>Reads a property that may be absent, and null to say something else.</summary>
    public Mismatch? ReadSettable(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, out Optional<T?> value)
    {
        var mismatch = ReadOptional(ref reader, name, out var read);
        value = new Optional<T?>(read);
        return mismatch;
    }

    /// <inheritdoc cref="ReadOptional(ref Utf8JsonReader, ReadOnlySpan{byte}, out T, ref Dictionary{string, object?})"/>
    public Mismatch? ReadSettable(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> name,
        out Optional<T?> value,
        ref Dictionary<string, object?>? others
    )
    {
        var mismatch = ReadOptional(ref reader, name, out var read, ref others);
        var isOther = others is not null && others.ContainsKey(Encoding.UTF8.GetString(name));
        value = isOther ? default : new Optional<T?>(read);
        return mismatch;
    }

    /// <summary>Writes a property that is always there and not null.</summary>
    public Mismatch? WriteRequired(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        writer.WritePropertyName(name);
        return Write(writer, value)?.Under(name);
    }

    /// <summary>Writes a property that is always there and may be null.</summary>
    public Mismatch? WriteNullable(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value)
    {
        if (value is not null)
        {
            return WriteRequired(writer, name, value);
        }

        writer.WriteNull(name);
        return null;
    }

    /// <summary>Writes a property that null leaves out.</summary>
    public Mismatch? WriteOptional(Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value) =>
        value is null ? null : WriteRequired(writer, name, value);

    /// <summary>Writes a property that may be unset (left out) or null.</summary>
    public Mismatch? WriteSettable(Utf8JsonWriter writer, ReadOnlySpan<byte> name, Optional<T?> value) =>
        value.TryGetValue(out var set) ? WriteNullable(writer, name, set) : null;
}

/// <summary>A value of a single token, which is checked before it is written.</summary>
internal sealed class ScalarCodec<T>(
    string expected,
    TryReadScalar<T> tryRead,
    Action<Utf8JsonWriter, T> write,
    Func<T, Mismatch?>? check = null
) : JsonCodec<T>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value) =>
        tryRead(ref reader, out value) ? null : new Mismatch(expected);

    public override Mismatch? Write(Utf8JsonWriter writer, T? value)
    {
        if ((value is null ? Mismatch.Null : check?.Invoke(value)) is { } refusal)
        {
            return refusal;
        }

        write(writer, value!);
        return null;
    }
}

/// <summary>An enumeration of the document: a text, known to the document or not.</summary>
internal sealed class EnumCodec<T>(Func<string, T> create) : JsonCodec<T>
    where T : struct
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out T value)
    {
        var mismatch = JsonCodec.String.Read(ref reader, out var text);
        value = mismatch is null ? create(text!) : default;
        return mismatch;
    }

    public override Mismatch? Write(Utf8JsonWriter writer, T value) => JsonCodec.String.Write(writer, value.ToString());
}

internal sealed class AnyCodec : JsonCodec<object?>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out object? value)
    {
        value = JsonAny.Read(ref reader);
        return null;
    }

    public override Mismatch? Write(Utf8JsonWriter writer, object? value) => JsonAny.Write(writer, value);
}

internal sealed class ModelCodec<T> : JsonCodec<T>
    where T : IJsonModel<T>
{
    public static readonly ModelCodec<T> Instance = new();

    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value) => T.Codec.Read(ref reader, out value);

    public override Mismatch? Write(Utf8JsonWriter writer, T? value) => T.Codec.Write(writer, value);
}

internal sealed class OrNullCodec<T>(JsonCodec<T> codec) : JsonCodec<T?>
    where T : class
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value)
    {
        value = null;
        return reader.TokenType == JsonTokenType.Null ? null : codec.Read(ref reader, out value);
    }

    public override Mismatch? Write(Utf8JsonWriter writer, T? value)
    {
        if (value is not null)
        {
            return codec.Write(writer, value);
        }

        writer.WriteNullValue();
        return null;
    }
}

internal sealed class NullableCodec<T>(JsonCodec<T> codec) : JsonCodec<T?>
    where T : struct
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value)
    {
        value = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var mismatch = codec.Read(ref reader, out var read);
        value = mismatch is null ? read : null;
        return mismatch;
    }

    public override Mismatch? Write(Utf8JsonWriter writer, T? value)
    {
        if (value is { } present)
        {
            return codec.Write(writer, present);
        }

        writer.WriteNullValue();
        return null;
    }
}

internal sealed class ListCodec<TList, T>(JsonCodec<T> item) : JsonCodec<TList>
    where TList : class, IReadOnlyList<T>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out TList? value)
    {
        value = null;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return new Mismatch("an array");
        }

        var list = new List<T>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (item.Read(ref reader, out var element) is { } mismatch)
            {
                return mismatch.Under(list.Count);
            }

            list.Add(element!);
        }

        value = (TList)(object)list;
        return null;
    }

    public override Mismatch? Write(Utf8JsonWriter writer, TList? value)
    {
        if ((value is null ? Mismatch.Null : writer.CheckDepth()) is { } refusal)
        {
            return refusal;
        }

        writer.WriteStartArray();
        // By index, since an enumerator would be allocated.
        for (var i = 0; i < value!.Count; i++)
        {
            if (item.Write(writer, value[i]) is { } mismatch)
            {
                return mismatch.Under(i);
            }
        }

        writer.WriteEndArray();
        return null;
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

    public sealed override Mismatch? Write(Utf8JsonWriter writer, T? value)
    {
        if ((value is null ? Mismatch.Null : writer.CheckDepth()) is { } refusal)
        {
            return refusal;
        }

        writer.WriteStartObject();
        if (WriteProperties(writer, value!) is { } mismatch)
        {
            return mismatch;
        }

        writer.WriteEndObject();
        return null;
    }

    /// <summary>Reads up to the object's end.</summary>
    protected abstract Mismatch? ReadProperties(ref Utf8JsonReader reader, out T? value);

    /// <summary>Writes what stands between the braces.</summary>
    protected abstract Mismatch? WriteProperties(Utf8JsonWriter writer, T value);
}

internal sealed class MapCodec<TMap, T>(JsonCodec<T> item) : ObjectCodec<TMap>
    where TMap : class, IEnumerable<KeyValuePair<string, T>>
{
    protected override Mismatch? ReadProperties(ref Utf8JsonReader reader, out TMap? value)
    {
        value = null;
        var map = new Dictionary<string, T>(StringComparer.Ordinal);
        while (reader.ReadProperty())
        {
            var name = reader.GetString()!;
            reader.Read();
            if (item.Read(ref reader, out var element) is { } mismatch)
            {
                return mismatch.Under(name);
            }

            map[name] = element!;
        }

        value = (TMap)(object)map;
        return null;
    }

    protected override Mismatch? WriteProperties(Utf8JsonWriter writer, TMap value)
    {
        Mismatch? mismatch = null;
        if (value is Dictionary<string, T> dictionary)
        {
            // Its own enumerator is not allocated.
            foreach (var (name, element) in dictionary)
            {
                mismatch ??= WriteEntry(writer, name, element);
            }
        }
        else
        {
            foreach (var (name, element) in value)
            {
                mismatch ??= WriteEntry(writer, name, element);
            }
        }

        return mismatch;
    }

    private Mismatch? WriteEntry(Utf8JsonWriter writer, string name, T element)
    {
        writer.WritePropertyName(name);
        return item.Write(writer, element)?.Under(name);
    }
}
