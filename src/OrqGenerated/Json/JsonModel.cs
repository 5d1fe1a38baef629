using System.Text;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>The steps in which generated models read and write themselves, property by property.</summary>
internal static class JsonModel
{
    /// <summary>Reads a property that must be there.</summary>
    public static Mismatch? ReadRequired<T>(
        this JsonCodec<T> codec,
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> name,
        out T? value
    )
    {
        reader.Read();
        return codec.Read(ref reader, out value)?.Under(name);
    }

    /// <summary>Reads a property that may be absent, or null to say the same.</summary>
    public static Mismatch? ReadOptional<T>(
        this JsonCodec<T> codec,
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> name,
        out T? value
    )
    {
        reader.Read();
        value = default;
        return reader.TokenType == JsonTokenType.Null ? null : codec.Read(ref reader, out value)?.Under(name);
    }

    /// <summary>
    /// As above, but a value of another kind is no mismatch: it goes to <paramref name="others"/> as it is.
    /// </summary>
    public static Mismatch? ReadOptional<T>(
        this JsonCodec<T> codec,
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> name,
        out T? value,
        ref Dictionary<string, object?>? others
    )
    {
        // The whole reader is copied, so that the value can be read again.
        var start = reader;
        if (codec.ReadOptional(ref reader, name, out value) is { } mismatch)
        {
            reader = start;
            value = default;
            return reader.ReadOther(ref others);
        }

        // Of two properties of one name the last one counts.
        others?.Remove(Encoding.UTF8.GetString(name));
        return null;
    }

    /// <summary>Reads a property that may be absent, and null to say something else.</summary>
    public static Mismatch? ReadSettable<T>(
        this JsonCodec<T> codec,
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> name,
        out Optional<T?> value
    )
    {
        var mismatch = codec.ReadOptional(ref reader, name, out var read);
        value = mismatch is null ? new Optional<T?>(read) : default;
        return mismatch;
    }

    /// <inheritdoc cref="ReadOptional{T}(JsonCodec{T}, ref Utf8JsonReader, ReadOnlySpan{byte}, out T, ref Dictionary{string, object?})"/>
    public static Mismatch? ReadSettable<T>(
        this JsonCodec<T> codec,
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> name,
        out Optional<T?> value,
        ref Dictionary<string, object?>? others
    )
    {
        var start = reader;
        if (codec.ReadSettable(ref reader, name, out value) is null)
        {
            others?.Remove(Encoding.UTF8.GetString(name));
            return null;
        }

        reader = start;
        return reader.ReadOther(ref others);
    }

    /// <summary>Keeps a property that the document does not know.</summary>
    public static Mismatch? ReadOther(this ref Utf8JsonReader reader, ref Dictionary<string, object?>? others)
    {
        var name = reader.GetString()!;
        reader.Read();
        (others ??= new(StringComparer.Ordinal))[name] = JsonAny.Read(ref reader);
        return null;
    }

    /// <summary>Passes over a property that the document does not know.</summary>
    public static Mismatch? SkipOther(this ref Utf8JsonReader reader)
    {
        reader.Skip();
        return null;
    }

    /// <summary>Writes a property that is always there and not null.</summary>
    public static Mismatch? WriteRequired<T>(
        this JsonCodec<T> codec,
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        T? value
    )
    {
        writer.WritePropertyName(name);
        return codec.Write(writer, value)?.Under(name);
    }

    /// <summary>Writes a property that is always there and may be null.</summary>
    public static Mismatch? WriteNullable<T>(
        this JsonCodec<T> codec,
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        T? value
    )
    {
        if (value is not null)
        {
            return codec.WriteRequired(writer, name, value);
        }

        writer.WriteNull(name);
        return null;
    }

    /// <summary>Writes a property that null leaves out.</summary>
    public static Mismatch? WriteOptional<T>(
        this JsonCodec<T> codec,
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        T? value
    ) => value is null ? null : codec.WriteRequired(writer, name, value);

    /// <summary>Writes a property that may be unset (left out) or null.</summary>
    public static Mismatch? WriteSettable<T>(
        this JsonCodec<T> codec,
        Utf8JsonWriter writer,
        ReadOnlySpan<byte> name,
        Optional<T?> value
    ) => value.TryGetValue(out var set) ? codec.WriteNullable(writer, name, set) : null;

    /// <summary>Writes the properties that the document does not know.</summary>
    public static Mismatch? WriteOthers(this Utf8JsonWriter writer, IReadOnlyDictionary<string, object?>? others)
    {
        foreach (var (name, value) in others ?? JsonAny.None)
        {
            writer.WritePropertyName(name);
            if (JsonAny.Write(writer, value) is { } mismatch)
            {
                return mismatch.Under(name);
            }
        }

        return null;
    }
}
