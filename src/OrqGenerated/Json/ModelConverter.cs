using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Internal;

/// <summary>Lets Newtonsoft's serializer read and write a model exactly as the client does.</summary>
/// <typeparam name="T">The model.</typeparam>
internal sealed class ModelConverter<T> : JsonConverter
    where T : IJsonModel<T>
{
    public override bool CanConvert(Type objectType) =>
        objectType == typeof(T) || Nullable.GetUnderlyingType(objectType) == typeof(T);

    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer)
    {
        if (value is null)
        {
            writer.WriteNull();
            return;
        }

        ((T)value).Write(writer);
    }

    public override object? ReadJson(
        JsonReader reader,
        Type objectType,
        object? existingValue,
        JsonSerializer serializer
    )
    {
        var dates = reader.DateParseHandling;
        reader.DateParseHandling = DateParseHandling.None;
        var json = JRaw.Create(reader).ToString(Formatting.None);
        reader.DateParseHandling = dates;

        var strict = new OrqJsonReader(Encoding.UTF8.GetBytes(json));
        strict.Read();
        if (strict.IsNull)
        {
            return null;
        }

        return T.TryRead(ref strict, out var value)
            ? value
            : throw new JsonSerializationException(
                $"{strict.FailedPath()}: expected {strict.FailedExpectation}."
            );
    }
}
