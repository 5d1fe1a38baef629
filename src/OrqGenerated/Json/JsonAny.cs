using System.Collections;
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
/// custom type is left to System.Text.Json's serializer, and so to its attributes, where reflection is enabled.
/// </remarks>
internal sealed class JsonAny : JsonCodec<object?>
{
    public static readonly JsonAny Instance = new();

    private static readonly ListCodec<IReadOnlyList<object?>, object?> List = new(Instance);

    private static readonly MapCodec<IEnumerable<KeyValuePair<string, object?>>, object?> Map = new(Instance);

    public override Mismatch? Read(ref Utf8JsonReader reader, out object? value)
    {
        value = reader.TokenType switch
        {
            JsonTokenType.StartObject => Map.Read(ref reader, out var map) is null ? map : null,
            JsonTokenType.StartArray => List.Read(ref reader, out var list) is null ? list : null,
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => JsonNumber.Parse(reader.ValueSpan),
            JsonTokenType.Null => null,
            _ => reader.GetBoolean(),
        };
        return null;
    }

    public override void Write(Utf8JsonWriter writer, object? value)
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
                Map.Write(writer, map);
                break;
            case IReadOnlyList<object?> items:
                List.Write(writer, items);
                break;
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
                WriteOther(writer, value);
                break;
        }
    }

    /// <summary>Less common types, kept apart so that writing a string does not load Newtonsoft.Json.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Trimming turns off the reflection asked for.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "AOT turns off the reflection asked for.")]
    private static void WriteOther(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case JToken token:
                var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip };
                using (var document = JsonDocument.Parse(JsonText.FromNewtonsoft(token.CreateReader()), options))
                    document.WriteTo(writer);

                break;
            case IDictionary<string, object?> map:
                Map.Write(writer, map);
                break;
            case IDictionary map:
                Map.Write(writer, Entries(map));
                break;
            case Enum constant when !constant.GetType().IsDefined(typeof(JsonConverterAttribute)):
                writer.WriteNumberValue(Convert.ToDecimal(constant, CultureInfo.InvariantCulture));
                break;
            case var _ when IsUnsupported(value.GetType()):
                throw new RefusedValueException($"must be a value that JSON can hold, not a {value.GetType().Name}");
            case var _ when JsonSerializer.IsReflectionEnabledByDefault:
                JsonSerializer.Serialize(writer, value, value.GetType(), AnyConverter.Options);
                break;
            case IEnumerable items when value is not Array { Rank: > 1 }:
                List.Write(writer, [.. items.Cast<object?>()]);
                break;
            default:
                throw new RefusedValueException(
                    $"is a {value.GetType()}, which cannot be written without reflection; pass "
                        + "JsonSerializer.SerializeToElement(x, context), JToken.FromObject(x) or a dictionary instead"
                );
        }
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
            yield return new(ParameterText.Of(entry.Key), entry.Value);
    }

    /// <summary>Types that hold no JSON value, or hold it where System.Text.Json does not look for it.</summary>
    private static bool IsUnsupported(Type type) =>
        type.IsAssignableTo(typeof(Task))
        || type.IsAssignableTo(typeof(Stream))
        || type == typeof(ValueTask)
        || (
            type.IsGenericType
            && type.GetGenericTypeDefinition() is var generic
            && (generic == typeof(ValueTask<>) || generic == typeof(Optional<>))
        )
        || (type.IsValueType && type.IsAssignableTo(typeof(ITuple)));

    /// <summary>Within custom types, writes what System.Text.Json cannot write or writes differently.</summary>
    private sealed class AnyConverter : JsonConverter<object>
    {
        public static readonly JsonSerializerOptions Options = new()
        {
            // The writer has a limit of its own.
            MaxDepth = int.MaxValue,
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
            Instance.Write(writer, value);
    }
}
