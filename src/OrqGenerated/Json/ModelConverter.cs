using System.Globalization;
using System.Text;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>Lets Newtonsoft's serializer read and write a model exactly as the client does.</summary>
/// <typeparam name="T">The model.</typeparam>
internal sealed class ModelConverter<T> : JsonConverter
    where T : IJsonModel<T>
{
    public override bool CanConvert(Type objectType) =>
        objectType == typeof(T) || Nullable.GetUnderlyingType(objectType) == typeof(T);

    /// <remarks>Newtonsoft's serializer writes null itself.</remarks>
    public override void WriteJson(JsonWriter writer, object? value, JsonSerializer serializer) =>
        ((T)value!).Write(writer);

    public override object? ReadJson(
        JsonReader reader,
        Type objectType,
        object? existingValue,
        JsonSerializer serializer
    )
    {
        var strict = new OrqJsonReader(Encoding.UTF8.GetBytes(Text(reader)));
        try
        {
            strict.Read();
            if (strict.IsNull && (default(T) is null || objectType != typeof(T)))
            {
                return null;
            }

            if (T.TryRead(ref strict, out var value))
            {
                return value;
            }
        }
        catch (System.Text.Json.JsonException) { }

        var (path, expected) = strict.DescribeFailure();
        throw new JsonSerializationException(
            $"{(path.Length == 0 ? typeof(T).Name : path)}: expected {expected}."
        );
    }

    /// <summary>The value as its text, dates as they are.</summary>
    private static string Text(JsonReader reader)
    {
        var dates = reader.DateParseHandling;
        reader.DateParseHandling = DateParseHandling.None;
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var writer = new UncommentedWriter(text);
        while (reader.TokenType == JsonToken.Comment && reader.Read()) { }
        writer.WriteToken(reader);
        reader.DateParseHandling = dates;
        return text.ToString();
    }

    /// <summary>Newtonsoft reads comments, which JSON has none of.</summary>
    private sealed class UncommentedWriter(TextWriter text) : JsonTextWriter(text)
    {
        public override void WriteComment(string? text) { }
    }
}
