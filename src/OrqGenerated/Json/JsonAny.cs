using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Internal;

/// <summary>Values the document does not describe: those in metadata and those of undocumented fields.</summary>
/// <remarks>
/// They are read as <see cref="string"/>, <see cref="bool"/>, null, <see cref="long"/>, <see cref="BigInteger"/>,
/// <see cref="decimal"/>, <see cref="double"/>, <c>IReadOnlyDictionary&lt;string, object?&gt;</c> and
/// <c>IReadOnlyList&lt;object?&gt;</c>. All of these and the types listed in <see cref="Write"/> can be written; a
/// custom type is left to System.Text.Json's serializer where reflection is enabled.
/// </remarks>
internal static class JsonAny
{
    public static readonly IReadOnlyDictionary<string, object?> None = ReadOnlyDictionary<string, object?>.Empty;

    // Not through the codecs of lists and maps, which depend on this class.
    public static object? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                while (reader.NextProperty())
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    map[name] = Read(ref reader);
                }

                return map;
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list.Add(Read(ref reader));

                return list;
            case JsonTokenType.String:
                return reader.GetString();
            case JsonTokenType.Number:
                return JsonNumber.Parse(reader.ValueSpan);
            case JsonTokenType.Null:
                return null;
            default:
                return reader.GetBoolean();
        }
    }

    /// <summary>Reads the property at the reader's current token into <paramref name="additional"/>.</summary>
    public static void ReadAdditional(ref Utf8JsonReader reader, ref Dictionary<string, object?>? additional)
    {
        var name = reader.GetString()!;
        reader.Read();
        (additional ??= new(StringComparer.Ordinal))[name] = Read(ref reader);
    }

    /// <inheritdoc cref="JsonCodec{T}.Write"/>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case sbyte or byte or short or ushort or uint or ulong or Int128 or UInt128 or nint or nuint or BigInteger:
            case decimal or double or float or Half or NFloat:
                // All but NaN and infinity end in a digit.
                writer.WriteRawValue(
                    ParameterText.Of(value) is [.., >= '0' and <= '9'] number
                        ? number
                        : throw new RefusedValueException("must be a finite number")
                );
                break;
            case char or Guid or Uri or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan:
            case byte[] or Memory<byte> or ReadOnlyMemory<byte>:
                writer.WriteStringValue(ParameterText.Of(value));
                break;
            case IReadOnlyDictionary<string, object?> map:
                WriteMap(writer, map);
                break;
            case IReadOnlyList<object?> items:
                WriteList(writer, items);
                break;
            case JsonElement or JsonDocument or JsonNode:
                WriteJson(writer, value);
                break;
            default:
                WriteOther(writer, value);
                break;
        }
    }

    public static void WriteAdditional(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>>? additional)
    {
        foreach (var (name, value) in additional ?? None)
        {
            writer.WritePropertyName(name);
            Write(writer, value);
        }
    }

    private static void WriteMap(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> map)
    {
        writer.WriteStartObject();
        WriteAdditional(writer, map);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, IEnumerable items)
    {
        writer.WriteStartArray();
        foreach (var item in items)
            Write(writer, item);

        writer.WriteEndArray();
    }

    /// <summary>Less common types, kept apart so that writing a string does not load Newtonsoft.Json.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteOther(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case IDictionary<string, object?> map:
                WriteMap(writer, map);
                break;
            case IDictionary map:
                WriteMap(writer, Entries(map));
                break;
            case Enum constant when !constant.GetType().IsDefined(typeof(JsonConverterAttribute)):
                Write(writer, Convert.ChangeType(constant, constant.GetTypeCode(), CultureInfo.InvariantCulture));
                break;
            case var _ when IsUnsupported(value.GetType()):
                throw new RefusedValueException($"must be a value that JSON can hold, not a {value.GetType().Name}");
            case IEnumerable items
                when !JsonSerializer.IsReflectionEnabledByDefault && value is not (JToken or Array { Rank: > 1 }):
                WriteList(writer, items);
                break;
            default:
                WriteJson(writer, value);
                break;
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
            yield return new(ParameterText.Of(entry.Key), entry.Value);
    }

    /// <summary>Types that hold no JSON value, or hold it in fields, which System.Text.Json would drop.</summary>
    private static bool IsUnsupported(Type type) =>
        type.IsAssignableTo(typeof(Task))
        || type.IsAssignableTo(typeof(Stream))
        || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        || (type.IsValueType && type.IsAssignableTo(typeof(ITuple)));

    private static void WriteJson(Utf8JsonWriter writer, object value)
    {
        try
        {
            switch (value)
            {
                case JsonElement element:
                    element.WriteTo(writer);
                    break;
                case JsonDocument document:
                    document.WriteTo(writer);
                    break;
                case JsonNode node:
                    node.WriteTo(writer);
                    break;
                default:
                    Serialize(writer, value);
                    break;
            }
        }
        catch (Exception exception)
            when (exception is not (RefusedValueException or OutOfMemoryException)
                && writer.CurrentDepth < writer.Options.MaxDepth
            )
        {
            // The exception's message may contain the value.
            throw new RefusedValueException(
                $"cannot be written as JSON; it is, or is part of, a {value.GetType().Name}"
            );
        }
    }

    /// <summary>Writes a custom type as System.Text.Json does, honoring its attributes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026",
        Justification = "IsReflectionEnabledByDefault is checked first; trimming turns it off."
    )]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above.")]
    private static void Serialize(Utf8JsonWriter writer, object value)
    {
        if (value is JToken token)
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
            using var document = JsonDocument.Parse(JsonText.Of(token.CreateReader()), options);
            document.WriteTo(writer);
            return;
        }

        if (!JsonSerializer.IsReflectionEnabledByDefault)
        {
            throw new RefusedValueException(
                $"is a {value.GetType()}, which cannot be written without reflection; pass "
                    + "JsonSerializer.SerializeToElement(x, context), JToken.FromObject(x) or a dictionary instead"
            );
        }

        JsonSerializer.Serialize(writer, value, value.GetType(), AnyConverter.Options);
    }

    /// <summary>Within custom types, writes what System.Text.Json cannot write or writes differently.</summary>
    private sealed class AnyConverter : JsonConverter<object>
    {
        public static readonly JsonSerializerOptions Options = new()
        {
            // Above the writer's limit, which is to apply: the serializer also counts the values in an innermost array.
            MaxDepth = JsonCodec.WriteDepthLimit + 1,
            Converters = { new AnyConverter() },
        };

        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert == typeof(BigInteger)
            || typeToConvert == typeof(NFloat)
            || typeToConvert == typeof(nint)
            || typeToConvert == typeof(nuint)
            || typeToConvert == typeof(DBNull)
            || typeToConvert.IsAssignableTo(typeof(JToken))
            || IsUnsupported(typeToConvert);

        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) =>
            JsonAny.Write(writer, value);
    }
}
