using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>Writes and checks one property of a model, whatever form it has in C#.</summary>
internal static class JsonProperty
{
    /// <summary>Writes a property that is always there; null is written as null.</summary>
    public static void WriteRequired<T>(
        this JsonWriter writer,
        string name,
        JsonCodec<T> codec,
        T? value
    )
        where T : class?
    {
        writer.WritePropertyName(name, escape: false);
        WriteOrNull(writer, codec, value);
    }

    /// <inheritdoc cref="WriteRequired{T}(JsonWriter, string, JsonCodec{T}, T)"/>
    public static void WriteRequired<T>(
        this JsonWriter writer,
        string name,
        JsonCodec<T> codec,
        T? value
    )
        where T : struct
    {
        writer.WritePropertyName(name, escape: false);
        WriteOrNull(writer, codec, value);
    }

    /// <summary>Writes a property that null leaves out.</summary>
    public static void WriteOptional<T>(
        this JsonWriter writer,
        string name,
        JsonCodec<T> codec,
        T? value
    )
        where T : class?
    {
        if (value is not null)
        {
            writer.WritePropertyName(name, escape: false);
            codec.Write(writer, value);
        }
    }

    /// <inheritdoc cref="WriteOptional{T}(JsonWriter, string, JsonCodec{T}, T)"/>
    public static void WriteOptional<T>(
        this JsonWriter writer,
        string name,
        JsonCodec<T> codec,
        T? value
    )
        where T : struct
    {
        if (value is { } present)
        {
            writer.WritePropertyName(name, escape: false);
            codec.Write(writer, present);
        }
    }

    /// <summary>Writes a property that may be unset (left out) or null.</summary>
    public static void WriteOptional<T>(
        this JsonWriter writer,
        string name,
        JsonCodec<T> codec,
        Optional<T?> value
    )
        where T : class
    {
        if (value.IsSet)
        {
            writer.WritePropertyName(name, escape: false);
            WriteOrNull(writer, codec, value.Value);
        }
    }

    /// <inheritdoc cref="WriteOptional{T}(JsonWriter, string, JsonCodec{T}, Optional{T})"/>
    public static void WriteOptional<T>(
        this JsonWriter writer,
        string name,
        JsonCodec<T> codec,
        Optional<T?> value
    )
        where T : struct
    {
        if (value.IsSet)
        {
            writer.WritePropertyName(name, escape: false);
            WriteOrNull(writer, codec, value.Value);
        }
    }

    /// <summary>Writes the properties that the document does not know.</summary>
    public static void WriteOthers(
        this JsonWriter writer,
        IReadOnlyDictionary<string, object?> others
    )
    {
        foreach (var (name, value) in others)
        {
            writer.WritePropertyName(name);
            JsonCodec.Any.Write(writer, value);
        }
    }

    /// <summary>Checks a property that must not be null.</summary>
    public static Invalid? CheckRequired<T>(string name, JsonCodec<T> codec, T value, int depth) =>
        codec.Check(value, depth)?.Under(name);

    /// <summary>Checks a property that may be null.</summary>
    public static Invalid? CheckOptional<T>(string name, JsonCodec<T> codec, T? value, int depth)
        where T : class? => value is null ? null : codec.Check(value, depth)?.Under(name);

    /// <inheritdoc cref="CheckOptional{T}(string, JsonCodec{T}, T, int)"/>
    public static Invalid? CheckOptional<T>(string name, JsonCodec<T> codec, T? value, int depth)
        where T : struct => value is { } present ? codec.Check(present, depth)?.Under(name) : null;

    private static void WriteOrNull<T>(JsonWriter writer, JsonCodec<T> codec, T? value)
        where T : class?
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        codec.Write(writer, value);
    }

    private static void WriteOrNull<T>(JsonWriter writer, JsonCodec<T> codec, T? value)
        where T : struct
    {
        if (value is { } present)
        {
            codec.Write(writer, present);
            return;
        }

        writer.WriteNull();
    }
}
