using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Internal;

// What Newtonsoft.Json knows: its own tokens, and whatever only its serializer can write.
internal static partial class JsonAny
{
    private static void WriteToken(JsonWriter writer, JToken token, int depth)
    {
        switch (token)
        {
            case JObject map:
                WriteMap(
                    writer,
                    map.Properties()
                        .Select(p => new KeyValuePair<string, object?>(p.Name, p.Value)),
                    depth
                );
                break;
            case JArray or JConstructor:
                // JSON has no comments.
                WriteList(writer, token.Where(t => t.Type != JTokenType.Comment), depth);
                break;
            case JRaw { Value: { } json }:
                WriteRaw(writer, Convert.ToString(json, CultureInfo.InvariantCulture)!, depth);
                break;
            case JValue { Type: JTokenType.Comment or JTokenType.Undefined }:
                writer.WriteNull();
                break;
            case JValue value:
                Write(writer, value.Value, depth);
                break;
            default:
                throw Refused(writer, $"is a {token.Type}, which is no value");
        }
    }

    /// <summary>
    /// Whatever is left goes through Newtonsoft's serializer, attributes and all; the one place here that needs reflection.
    /// </summary>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026",
        Justification = "Only reached with a type of the caller's; CONTRIBUTING says that trimming needs those kept."
    )]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above.")]
    private static void WriteOther(JsonWriter writer, object value, int depth)
    {
        using var tokens = new ObjectWriter(writer, depth);
        try
        {
            Newtonsoft
                .Json.JsonSerializer.Create(
                    new JsonSerializerSettings { Converters = { AnyConverter.Instance } }
                )
                .Serialize(tokens, value);
        }
        catch (Exception exception) when (exception != tokens.Refusal)
        {
#pragma warning disable MA0054 // What the serializer says can hold the value.
            throw new ArgumentException(
                $"{JsonPath.Join(PathOfNext(writer), tokens.Path)} cannot be written as JSON; it is, or is part of, a {value.GetType().Name}."
            );
#pragma warning restore MA0054
        }

        WriteToken(writer, tokens.Token ?? JValue.CreateNull(), depth);
    }

    /// <summary>Takes what the serializer makes of a caller's object, as deep as it may be.</summary>
    private sealed class ObjectWriter(JsonWriter outer, int depth) : JTokenWriter
    {
        public JsonWriter Outer => outer;

        /// <summary>What was thrown from here through the serializer.</summary>
        public ArgumentException? Refusal { get; set; }

        public override void WriteStartObject()
        {
            CheckDepth(this, depth + Top);
            base.WriteStartObject();
        }

        public override void WriteStartArray()
        {
            CheckDepth(this, depth + Top);
            base.WriteStartArray();
        }
    }

    /// <summary>What Newtonsoft does not know is written as here, also inside of a caller's object.</summary>
    private sealed class AnyConverter : JsonConverter
    {
        public static readonly AnyConverter Instance = new();

        public override bool CanConvert(Type objectType)
        {
            var type = Nullable.GetUnderlyingType(objectType) ?? objectType;
            return type == typeof(JsonElement)
                || type == typeof(JsonDocument)
                || type == typeof(Half)
                || type == typeof(NFloat)
                || type == typeof(Int128)
                || type == typeof(UInt128)
                || type == typeof(nint)
                || type == typeof(nuint)
                || typeof(JsonNode).IsAssignableFrom(type);
        }

        public override void WriteJson(
            JsonWriter writer,
            object? value,
            Newtonsoft.Json.JsonSerializer serializer
        ) => Write(writer, value, 1);

        public override object ReadJson(
            JsonReader reader,
            Type objectType,
            object? existingValue,
            Newtonsoft.Json.JsonSerializer serializer
        ) => throw new NotSupportedException();
    }
}
