using System.Collections.ObjectModel;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>The properties of a model that are not in the document, or not of the documented type.</summary>
internal static class JsonAdditional
{
    public static readonly IReadOnlyDictionary<string, object?> None = ReadOnlyDictionary<string, object?>.Empty;

    /// <summary>
    /// Reads a property, which may be null; a value of another type goes into <paramref name="additional"/>.
    /// </summary>
    public static void ReadProperty<T>(
        this JsonCodec<T> codec,
        ref Utf8JsonReader reader,
        out Optional<T?> property,
        ref Dictionary<string, object?>? additional
    )
    {
        // The reader is a struct, so a copy is enough to rewind it.
        var start = reader;
        if (codec.ReadProperty(ref reader, out property) is null)
            return;

        reader = start;
        property = default;
        Read(ref reader, ref additional);
    }

    /// <summary>Reads the property at the reader's current token into <paramref name="additional"/>.</summary>
    public static void Read(ref Utf8JsonReader reader, ref Dictionary<string, object?>? additional)
    {
        var name = reader.GetString()!;
        JsonAny.Instance.ReadProperty(ref reader, out var property);
        (additional ??= new(StringComparer.Ordinal))[name] = property.Value;
    }

    public static void Write(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?>? additional)
    {
        foreach (var (name, value) in additional ?? None)
        {
            writer.WritePropertyName(name);
            JsonAny.Instance.Write(writer, value);
        }
    }
}
