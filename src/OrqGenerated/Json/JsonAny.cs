using System.Buffers;
using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.Internal;

/// <summary>Values of which the document says nothing: what metadata holds, and fields that it does not know.</summary>
/// <remarks>
/// They come back as <see cref="string"/>, <see cref="bool"/>, null, <see cref="long"/>, <see cref="BigInteger"/>,
/// <see cref="decimal"/>, <see cref="double"/>, <c>IReadOnlyDictionary&lt;string, object?&gt;</c> and
/// <c>IReadOnlyList&lt;object?&gt;</c>. These go out as they came, and so does everything that
/// <see cref="Write"/> lists; whatever else goes through Newtonsoft's serializer.
/// </remarks>
internal static partial class JsonAny
{
    /// <summary>How deep values nest at most.</summary>
    public const int DepthLimit = 64;

    /// <summary>What is said of a value that nests deeper.</summary>
    public const string TooDeep = "nests deeper than 64 levels, or contains itself";

    /// <summary>No fields at all.</summary>
    public static readonly IReadOnlyDictionary<string, object?> None = ReadOnlyDictionary<
        string,
        object?
    >.Empty;

    public static object? Read(ref OrqJsonReader reader)
    {
        if (reader.IsArray)
        {
            var list = new List<object?>();
            while (reader.ReadItem())
            {
                list.Add(Read(ref reader));
            }

            return list;
        }

        if (!reader.IsObject)
        {
            return reader.GetScalar();
        }

        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        while (reader.ReadProperty(out var name))
        {
            map[name] = Read(ref reader);
        }

        return map;
    }

    /// <param name="writer">Where to write.</param>
    /// <param name="value">The value.</param>
    /// <param name="depth">How many objects and arrays are around it, plus one.</param>
    /// <exception cref="ArgumentException">JSON has no such value, or it nests too deep (so does a cycle).</exception>
    public static void Write(JsonWriter writer, object? value, int depth)
    {
        switch (value)
        {
            case null:
                writer.WriteNull();
                break;
            case string text:
                writer.WriteValue(text);
                break;
            case double number:
                WriteDouble(writer, number);
                break;
            case float number:
                CheckFinite(writer, float.IsFinite(number));
                writer.WriteValue(number);
                break;
            case Half number:
                WriteDouble(writer, (double)number);
                break;
            case NFloat number:
                WriteDouble(writer, number.Value);
                break;
            case bool
            or sbyte
            or byte
            or short
            or ushort
            or int
            or uint
            or long
            or ulong
            or decimal
            or BigInteger
            or Guid
            or TimeSpan
            or Uri
            or byte[]:
                writer.WriteValue(value);
                break;
            case Int128 or UInt128 or nint or nuint:
                writer.WriteRawValue(
                    ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)
                );
                break;
            case char character:
                writer.WriteValue(character.ToString());
                break;
            case DateTime time:
                writer.WriteValue(JsonTime.Format(time));
                break;
            case DateTimeOffset time:
                writer.WriteValue(JsonTime.Format(time));
                break;
            case DateOnly date:
                writer.WriteValue(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                break;
            case TimeOnly time:
                writer.WriteValue(time.ToString("HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture));
                break;
            case JToken token:
                WriteToken(writer, token, depth);
                break;
            case JsonElement element:
                WriteElement(writer, element, depth);
                break;
            case JsonDocument document:
                WriteElement(writer, document.RootElement, depth);
                break;
            case JsonNode node:
                WriteNode(writer, node, depth);
                break;
            case IReadOnlyDictionary<string, object?> map:
                WriteMap(writer, map, depth);
                break;
            case IDictionary map:
                WriteMap(writer, Entries(map), depth);
                break;
            case IEnumerable items when IsList(items):
                WriteList(writer, items, depth);
                break;
            default:
                WriteOther(writer, value, depth);
                break;
        }
    }

    public static void WriteDouble(JsonWriter writer, double number)
    {
        CheckFinite(writer, double.IsFinite(number));
        writer.WriteValue(number);
    }

    private static void CheckFinite(JsonWriter writer, bool isFinite)
    {
        if (!isFinite)
        {
            throw Refused(writer, "is not a finite number");
        }
    }

    private static void CheckDepth(JsonWriter writer, int depth)
    {
        if (depth > DepthLimit)
        {
            throw Refused(writer, TooDeep);
        }
    }

    /// <summary>The exception for the value that was to be written next.</summary>
    private static ArgumentException Refused(JsonWriter writer, string reason)
    {
        var refusal = new ArgumentException($"{PathOfNext(writer)} {reason}.");
        if (writer is ObjectWriter inner)
        {
            inner.Refusal = refusal;
        }

        return refusal;
    }

    private static string PathOfNext(JsonWriter writer)
    {
        // A writer knows the path of what it wrote last, so something has to stand where the value would.
        writer.WriteNull();
        return writer is ObjectWriter inner
            ? JsonPath.Join(PathOfNext(inner.Outer), inner.Path)
            : writer.Path;
    }

    private static void WriteMap(
        JsonWriter writer,
        IEnumerable<KeyValuePair<string, object?>> map,
        int depth
    )
    {
        CheckDepth(writer, depth);
        writer.WriteStartObject();
        foreach (var (name, value) in map)
        {
            writer.WritePropertyName(name);
            Write(writer, value, depth + 1);
        }

        writer.WriteEndObject();
    }

    private static void WriteList(JsonWriter writer, IEnumerable items, int depth)
    {
        CheckDepth(writer, depth);
        writer.WriteStartArray();
        foreach (var item in items)
        {
            Write(writer, item, depth + 1);
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<KeyValuePair<string, object?>> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            yield return new(ParameterText.Of(entry.Key), entry.Value);
        }
    }

    /// <summary>
    /// A dictionary that is generic only would pass for a list of pairs, and an array of several dimensions for a flat one.
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
            type =>
                type.IsGenericType
                && (
                    type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)
                    || type.GetGenericTypeDefinition() == typeof(IDictionary<,>)
                )
        );
}
