using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Internal;

/// <summary>Values of which the document says nothing: what metadata holds, and fields that it does not know.</summary>
/// <remarks>
/// They come back as <see cref="string"/>, <see cref="bool"/>, null, <see cref="long"/>, <see cref="BigInteger"/>,
/// <see cref="decimal"/>, <see cref="double"/>, <c>IReadOnlyDictionary&lt;string, object?&gt;</c> and
/// <c>IReadOnlyList&lt;object?&gt;</c>. These go out as they came, and so does all that is listed here; a type of
/// the caller's own goes through System.Text.Json's serializer where that may use reflection.
/// </remarks>
internal static class JsonAny
{
    /// <summary>No fields at all.</summary>
    public static readonly IReadOnlyDictionary<string, object?> None = ReadOnlyDictionary<string, object?>.Empty;

    public static object? Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new Dictionary<string, object?>(StringComparer.Ordinal);
                while (reader.ReadProperty())
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    map[name] = Read(ref reader);
                }

                return map;
            case JsonTokenType.StartArray:
                var list = new List<object?>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Add(Read(ref reader));
                }

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

    /// <summary>Keeps a property that the document does not know.</summary>
    public static void ReadOther(ref Utf8JsonReader reader, ref Dictionary<string, object?>? others)
    {
        var name = reader.GetString()!;
        reader.Read();
        (others ??= new(StringComparer.Ordinal))[name] = Read(ref reader);
    }

    /// <inheritdoc cref="JsonCodec{T}.Write"/>
    public static Mismatch? Write(Utf8JsonWriter writer, object? value) => Write(writer, value, DepthLimit(writer));

    /// <summary>Writes the properties that the document does not know.</summary>
    public static Mismatch? WriteOthers(Utf8JsonWriter writer, IReadOnlyDictionary<string, object?>? others) =>
        WriteProperties(writer, others ?? None, DepthLimit(writer));

    private static int DepthLimit(Utf8JsonWriter writer) =>
        Math.Min(writer.CurrentDepth + JsonCodec.WriteDepthLimit, writer.Options.MaxDepth);

    private static Mismatch? Write(Utf8JsonWriter writer, object? value, int limit)
    {
        switch (value)
        {
            case null or DBNull:
                writer.WriteNullValue();
                return null;
            case string text:
                writer.WriteStringValue(text);
                return null;
            case bool flag:
                writer.WriteBooleanValue(flag);
                return null;
            case int or long:
                writer.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                return null;
            case sbyte or byte or short or ushort or uint or ulong or Int128 or UInt128 or nint or nuint or BigInteger:
            case decimal or double or float or Half or NFloat:
                return WriteNumber(writer, ParameterText.Of(value));
            case char or Guid or Uri or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan:
            case byte[] or Memory<byte> or ReadOnlyMemory<byte>:
                writer.WriteStringValue(ParameterText.Of(value));
                return null;
            case IReadOnlyDictionary<string, object?> map:
                return WriteMap(writer, map, limit);
            case IReadOnlyList<object?> items:
                return WriteList(writer, items, limit);
            case JsonElement or JsonDocument or JsonNode:
                return WriteText(writer, value, limit);
            default:
                return WriteOther(writer, value, limit);
        }
    }

    private static Mismatch? WriteNumber(Utf8JsonWriter writer, string text)
    {
        // Only NaN and Infinity end in a letter.
        if (!char.IsAsciiDigit(text[^1]))
        {
            return Mismatch.NotFinite;
        }

        writer.WriteRawValue(text);
        return null;
    }

    private static Mismatch? WriteMap(Utf8JsonWriter writer, IEnumerable<KeyValuePair<string, object?>> map, int limit)
    {
        if (writer.CheckDepth(limit) is { } refusal)
        {
            return refusal;
        }

        writer.WriteStartObject();
        if (WriteProperties(writer, map, limit) is { } mismatch)
        {
            return mismatch;
        }

        writer.WriteEndObject();
        return null;
    }

    private static Mismatch? WriteProperties(
        Utf8JsonWriter writer,
        IEnumerable<KeyValuePair<string, object?>> properties,
        int limit
    )
    {
        foreach (var (name, value) in properties)
        {
            writer.WritePropertyName(name);
            if (Write(writer, value, limit) is { } mismatch)
            {
                return mismatch.Under(name);
            }
        }

        return null;
    }

    private static Mismatch? WriteList(Utf8JsonWriter writer, IEnumerable items, int limit)
    {
        if (writer.CheckDepth(limit) is { } refusal)
        {
            return refusal;
        }

        writer.WriteStartArray();
        var index = 0;
        foreach (var item in items)
        {
            if (Write(writer, item, limit) is { } mismatch)
            {
                return mismatch.Under(index);
            }

            index++;
        }

        writer.WriteEndArray();
        return null;
    }

    /// <summary>Rarer types, apart so that Newtonsoft.Json is not loaded for a text or a number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Mismatch? WriteOther(Utf8JsonWriter writer, object value, int limit) =>
        value switch
        {
            JToken token => WriteToken(writer, token, limit),
            IDictionary<string, object?> map => WriteMap(writer, map, limit),
            IDictionary map => WriteMap(writer, Entries(map), limit),
            _ when IsNoValue(value.GetType()) => new Mismatch(
                $"must be a value that JSON can hold, not a {value.GetType().Name}"
            ),
            Enum number when !number.GetType().IsDefined(typeof(JsonConverterAttribute)) => Write(
                writer,
                Convert.ChangeType(number, number.GetTypeCode(), CultureInfo.InvariantCulture),
                limit
            ),
            // System.Text.Json sees properties only, and a tuple like (1, "a") has none.
            ValueType and ITuple tuple => WriteMap(
                writer,
                Enumerable.Range(0, tuple.Length).Select(i => KeyValuePair.Create($"Item{i + 1}", tuple[i])),
                limit
            ),
            IEnumerable items when IsList(items) => WriteList(writer, items, limit),
            // A type of the caller's own goes out as System.Text.Json writes it, attributes and all.
            _ when JsonSerializer.IsReflectionEnabledByDefault => WriteText(writer, value, limit),
            _ => new Mismatch(
                $"is a {value.GetType()}, which cannot be written without reflection; pass "
                    + "JsonSerializer.SerializeToElement(x, context), JToken.FromObject(x) or a dictionary instead"
            ),
        };

    private static Mismatch? WriteToken(Utf8JsonWriter writer, JToken token, int limit) =>
        token switch
        {
            JObject map => WriteMap(
                writer,
                map.Properties().Select(p => KeyValuePair.Create(p.Name, (object?)p.Value)),
                limit
            ),
            // JSON has no comments.
            JArray or JConstructor => WriteList(writer, token.Where(item => item.Type != JTokenType.Comment), limit),
            JRaw { Value: { } raw } => WriteText(
                writer,
                token,
                limit,
                Convert.ToString(raw, CultureInfo.InvariantCulture)
            ),
            JValue { Type: JTokenType.Comment or JTokenType.Undefined } => Write(writer, null, limit),
            JValue value => Write(writer, value.Value, limit),
            _ => new Mismatch($"must be a value, not a {token.GetType().Name}"),
        };

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            yield return new(ParameterText.Of(entry.Key), entry.Value);
        }
    }

    /// <summary>
    /// A dictionary that is generic only would pass for a list of pairs, and a matrix for a flat array.
    /// </summary>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2075",
        Justification = "A trimmed-away interface was used by nobody, so the value is not a dictionary to anyone."
    )]
    private static bool IsList(object value) =>
        value is not Array { Rank: > 1 }
        && !Array.Exists(
            value.GetType().GetInterfaces(),
            type => IsOf(type, typeof(IReadOnlyDictionary<,>)) || IsOf(type, typeof(IDictionary<,>))
        );

    private static bool IsOf(Type type, Type generic) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == generic;

    private static bool IsNoValue(Type type) =>
        type.IsAssignableTo(typeof(Task))
        || type.IsAssignableTo(typeof(Delegate))
        || type.IsAssignableTo(typeof(Stream))
        || type == typeof(ValueTask)
        || IsOf(type, typeof(ValueTask<>));

    /// <summary>Writes what becomes a JSON text first; it may turn out to be none.</summary>
    private static Mismatch? WriteText(Utf8JsonWriter writer, object value, int limit, string? json = null)
    {
        try
        {
            return writer.WriteJson(json ?? TextOf(value), limit);
        }
        catch (RefusalException exception)
        {
            return exception.Mismatch;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // What the exception says may hold the value.
            return new Mismatch($"cannot be written as JSON; it is, or is part of, a {value.GetType().Name}");
        }
    }

    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026",
        Justification = "WriteOther asks IsReflectionEnabledByDefault first, which trimming switches off."
    )]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "As above.")]
    private static string TextOf(object value) =>
        value switch
        {
            JsonElement element => element.GetRawText(),
            JsonDocument document => document.RootElement.GetRawText(),
            JsonNode node => node.ToJsonString(),
            _ => JsonSerializer.Serialize(value, value.GetType(), AnyConverter.Options),
        };

    private sealed class RefusalException(Mismatch mismatch) : Exception
    {
        public Mismatch Mismatch => mismatch;
    }

    /// <summary>Writes within objects too what System.Text.Json does not know, or writes as something else.</summary>
    private sealed class AnyConverter : JsonConverter<object>
    {
        public static readonly JsonSerializerOptions Options = new()
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            // The limit is checked when the text is written on.
            MaxDepth = 1000,
            Converters = { new AnyConverter() },
        };

        public override bool CanConvert(Type typeToConvert) =>
            typeToConvert == typeof(BigInteger)
            || typeToConvert == typeof(nint)
            || typeToConvert == typeof(nuint)
            || typeToConvert == typeof(NFloat)
            || (typeToConvert.IsValueType && typeToConvert.IsAssignableTo(typeof(ITuple)))
            || typeToConvert.IsAssignableTo(typeof(JToken))
            || IsNoValue(typeToConvert);

        public override object Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options)
        {
            if (JsonAny.Write(writer, value) is { } mismatch)
            {
                throw new RefusalException(mismatch);
            }
        }
    }
}
