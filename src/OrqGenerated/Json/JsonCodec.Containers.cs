using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

// The codecs of what holds other values.
internal static partial class JsonCodec
{
    private sealed class OrNullCodec<T, TOrNull>(JsonCodec<T> codec) : JsonCodec<TOrNull?>
    {
        public override bool AllowsNothing => true;

        public override bool TryRead(ref OrqJsonReader reader, out TOrNull? value)
        {
            value = default;
            if (reader.IsNull)
            {
                return true;
            }

            var read = codec.TryRead(ref reader, out var result);
            value = (TOrNull?)(object?)result;
            return read;
        }

        public override void Write(JsonWriter writer, TOrNull? value)
        {
            if (value is T present)
            {
                codec.Write(writer, present);
                return;
            }

            writer.WriteNull();
        }

        public override Invalid? Check(TOrNull? value, int depth) =>
            value is T present ? codec.Check(present, depth) : null;
    }

    private sealed class ListCodec<TList, T>(JsonCodec<T> item) : JsonCodec<TList>
        where TList : class, IReadOnlyList<T>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out TList value
        )
        {
            value = null;
            if (!reader.IsArray)
            {
                return reader.Fail("an array");
            }

            var list = new List<T>();
            while (reader.ReadItem())
            {
                if (!item.TryRead(ref reader, out var element))
                {
                    return false;
                }

                list.Add(element);
            }

            value = (TList)(object)list;
            return true;
        }

        public override void Write(JsonWriter writer, TList value)
        {
            writer.WriteStartArray();
            // By index, since an enumerator would be allocated.
            for (var i = 0; i < value.Count; i++)
            {
                item.Write(writer, value[i]);
            }

            writer.WriteEndArray();
        }

        public override Invalid? Check(TList value, int depth)
        {
            if (value is null)
            {
                return Invalid.Null(value, "");
            }

            var index = 0;
            foreach (var element in value)
            {
                if (item.Check(element, depth + 1) is { } invalid)
                {
                    return invalid.Under($"[{index.ToString(CultureInfo.InvariantCulture)}]");
                }

                index++;
            }

            return null;
        }
    }

    private sealed class MapCodec<TMap, T>(JsonCodec<T> item) : JsonCodec<TMap>
        where TMap : class, IEnumerable<KeyValuePair<string, T>>
    {
        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out TMap value
        )
        {
            value = null;
            if (!reader.IsObject)
            {
                return reader.Fail("an object");
            }

            var map = new Dictionary<string, T>(StringComparer.Ordinal);
            while (reader.ReadProperty(out var name))
            {
                if (!item.TryRead(ref reader, out var element))
                {
                    return false;
                }

                map[name] = element;
            }

            value = (TMap)(object)map;
            return true;
        }

        public override void Write(JsonWriter writer, TMap value)
        {
            writer.WriteStartObject();
            if (value is Dictionary<string, T> dictionary)
            {
                // Its own enumerator is not allocated.
                foreach (var (name, element) in dictionary)
                {
                    writer.WritePropertyName(name);
                    item.Write(writer, element);
                }
            }
            else
            {
                foreach (var (name, element) in value)
                {
                    writer.WritePropertyName(name);
                    item.Write(writer, element);
                }
            }

            writer.WriteEndObject();
        }

        public override Invalid? Check(TMap value, int depth)
        {
            if (value is null)
            {
                return Invalid.Null(value, "");
            }

            foreach (var (name, element) in value)
            {
                if (item.Check(element, depth + 1) is { } invalid)
                {
                    return invalid.Under(name);
                }
            }

            return null;
        }
    }
}
