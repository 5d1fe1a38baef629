using System.ComponentModel;
using System.Text;
using System.Text.Json;
using Newtonsoft.Json;
using JsonException = System.Text.Json.JsonException;

namespace OrqGenerated;

/// <summary>A type that the document describes.</summary>
/// <remarks>Public only because its converters are; its member is internal.</remarks>
/// <typeparam name="TSelf">The type itself.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IJsonModel<TSelf>
    where TSelf : IJsonModel<TSelf>
{
    internal static abstract JsonCodec<TSelf> Codec { get; }
}

/// <summary>Lets System.Text.Json read and write a model exactly as the client does.</summary>
/// <typeparam name="T">The model.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ModelConverter<T> : System.Text.Json.Serialization.JsonConverter<T>
    where T : IJsonModel<T>
{
    /// <inheritdoc/>
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var json = Encoding.UTF8.GetBytes(JsonElement.ParseValue(ref reader).GetRawText());
        return JsonCodec.Read(T.Codec, json, out var value, isLenient: true) is { } mismatch
            ? throw new JsonException(mismatch.Describe(typeof(T)))
            : value;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var json = JsonCodec.Write(T.Codec, value, nameof(value));
        // Token by token, so that the writer's indentation, escaping and depth limit apply.
        var reader = new Utf8JsonReader(json, JsonText.Lenient);
        JsonElement.ParseValue(ref reader).WriteTo(writer);
    }
}

/// <summary>Lets Newtonsoft's serializer read and write a model exactly as the client does.</summary>
/// <typeparam name="T">The model.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class NewtonsoftModelConverter<T> : JsonConverter
    where T : IJsonModel<T>
{
    /// <inheritdoc/>
    public override bool CanConvert(Type objectType) => objectType == typeof(T);

    /// <inheritdoc/>
    public override void WriteJson(JsonWriter writer, object? value, Newtonsoft.Json.JsonSerializer serializer)
    {
        var reader = new Utf8JsonReader(JsonCodec.Write(T.Codec, (T)value!, nameof(value)), JsonText.Lenient);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    writer.WriteStartObject();
                    break;
                case JsonTokenType.StartArray:
                    writer.WriteStartArray();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    writer.WriteEnd();
                    break;
                case JsonTokenType.PropertyName:
                    writer.WritePropertyName(reader.GetString()!);
                    break;
                default:
                    JsonCodec.Any.Read(ref reader, out var scalar);
                    writer.WriteValue(scalar);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public override object? ReadJson(
        JsonReader reader,
        Type objectType,
        object? existingValue,
        Newtonsoft.Json.JsonSerializer serializer
    )
    {
        var json = JsonText.FromNewtonsoft(reader);
        if (json.SequenceEqual("null"u8) && (default(T) is null || objectType != typeof(T)))
            return null;

        return JsonCodec.Read(T.Codec, json, out var value, isLenient: true) is { } mismatch
            ? throw new JsonSerializationException(mismatch.Describe(typeof(T)))
            : value;
    }
}
