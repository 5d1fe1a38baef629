using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OrqGenerated.Internal;

internal delegate bool TryReadScalar<T>(ref Utf8JsonReader reader, [MaybeNullWhen(false)] out T value);

/// <summary>A value of a single token.</summary>
internal class ScalarCodec<T>(string expected, TryReadScalar<T> tryRead, Action<Utf8JsonWriter, T> write) : JsonCodec<T>
{
    public sealed override Mismatch? Read(ref Utf8JsonReader reader, out T? value) =>
        tryRead(ref reader, out value) ? null : new Mismatch(expected);

    public override Mismatch? Write(Utf8JsonWriter writer, T? value)
    {
        if (value is null)
        {
            return Mismatch.Null;
        }

        write(writer, value);
        return null;
    }
}

/// <summary>A double that is finite.</summary>
internal sealed class NumberCodec(string expected, TryReadScalar<double> tryRead, Action<Utf8JsonWriter, double> write)
    : ScalarCodec<double>(expected, tryRead, write)
{
    public override Mismatch? Write(Utf8JsonWriter writer, double value) =>
        double.IsFinite(value) ? base.Write(writer, value) : Mismatch.NotFinite;
}

/// <summary>A string whose length is checked when it is written.</summary>
internal sealed class StringCodec(int minimum, int maximum) : JsonCodec<string>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out string? value)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            value = reader.GetString();
            return null;
        }

        value = null;
        return new Mismatch("a string");
    }

    public override Mismatch? Write(Utf8JsonWriter writer, string? value)
    {
        if (value is null)
        {
            return Mismatch.Null;
        }

        if (CheckLength(value) is { } mismatch)
        {
            return mismatch;
        }

        writer.WriteStringValue(value);
        return null;
    }

    private Mismatch? CheckLength(string text)
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

/// <summary>A value of which the document says nothing.</summary>
internal sealed class AnyCodec : JsonCodec<object?>
{
    public override bool AllowsNothing => true;

    public override Mismatch? Read(ref Utf8JsonReader reader, out object? value)
    {
        value = JsonAny.Read(ref reader);
        return null;
    }

    public override Mismatch? Write(Utf8JsonWriter writer, object? value) => JsonAny.Write(writer, value);
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

/// <summary>An object of the document, read and written property by property.</summary>
internal abstract class ObjectCodec<T> : JsonCodec<T>
    where T : class
{
    public sealed override Mismatch? Read(ref Utf8JsonReader reader, out T? value)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return ReadProperties(ref reader, out value);
        }

        value = null;
        return new Mismatch("an object");
    }

    public sealed override Mismatch? Write(Utf8JsonWriter writer, T? value)
    {
        if ((value is null ? Mismatch.Null : writer.CheckDepth()) is { } refusal)
        {
            return refusal;
        }

        writer.WriteStartObject();
        return WriteProperties(writer, value!) ?? writer.EndObject();
    }

    /// <summary>Reads up to the object's end.</summary>
    protected abstract Mismatch? ReadProperties(ref Utf8JsonReader reader, out T? value);

    /// <summary>Writes what stands between the braces.</summary>
    protected abstract Mismatch? WriteProperties(Utf8JsonWriter writer, T value);
}

/// <summary>A type that the document describes; it may hold itself, so its codec is only asked for when it is needed.</summary>
internal sealed class ModelCodec<T> : JsonCodec<T>
    where T : IJsonModel<T>
{
    public static readonly ModelCodec<T> Instance = new();

    public override Mismatch? Read(ref Utf8JsonReader reader, out T? value) => T.Codec.Read(ref reader, out value);

    public override Mismatch? Write(Utf8JsonWriter writer, T? value) => T.Codec.Write(writer, value);
}

/// <summary>A class that may be null.</summary>
internal sealed class OrNullCodec<T>(JsonCodec<T> codec) : JsonCodec<T?>
    where T : class
{
    public override bool AllowsNothing => true;

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

/// <summary>A value type that may be null.</summary>
internal sealed class NullableCodec<T>(JsonCodec<T> codec) : JsonCodec<T?>
    where T : struct
{
    public override bool AllowsNothing => true;

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

internal sealed class MapCodec<TMap, T>(JsonCodec<T> item) : JsonCodec<TMap>
    where TMap : class, IEnumerable<KeyValuePair<string, T>>
{
    public override Mismatch? Read(ref Utf8JsonReader reader, out TMap? value)
    {
        value = null;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new Mismatch("an object");
        }

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

    public override Mismatch? Write(Utf8JsonWriter writer, TMap? value)
    {
        if ((value is null ? Mismatch.Null : writer.CheckDepth()) is { } refusal)
        {
            return refusal;
        }

        writer.WriteStartObject();
        if (value is Dictionary<string, T> dictionary)
        {
            // Its own enumerator is not allocated.
            foreach (var (name, element) in dictionary)
            {
                if (WriteEntry(writer, name, element) is { } mismatch)
                {
                    return mismatch;
                }
            }
        }
        else
        {
            foreach (var (name, element) in value!)
            {
                if (WriteEntry(writer, name, element) is { } mismatch)
                {
                    return mismatch;
                }
            }
        }

        return writer.EndObject();
    }

    private Mismatch? WriteEntry(Utf8JsonWriter writer, string name, T element)
    {
        writer.WritePropertyName(name);
        return item.Write(writer, element)?.Under(name);
    }
}
