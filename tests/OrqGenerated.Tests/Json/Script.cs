using System.Buffers;
using System.Text;
using Newtonsoft.Json;

namespace OrqGenerated.Tests.Json;

/// <summary>Writes by calling what it is given.</summary>
internal sealed class Script : JsonCodec<Action<JsonWriter>>
{
    /// <summary>The JSON that these calls of the client's writer make.</summary>
    public static string JsonOf(Action<JsonWriter> write) => JsonOf(new Script(), write);

    /// <summary>The JSON that a codec makes of a value.</summary>
    public static string JsonOf<T>(JsonCodec<T> codec, T value)
    {
        var (buffer, length) = RequestJson.Write(value, codec);
        var json = Encoding.UTF8.GetString(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        return json;
    }

    public override bool TryRead(ref OrqJsonReader reader, out Action<JsonWriter> value) =>
        throw new NotSupportedException();

    public override void Write(JsonWriter writer, Action<JsonWriter> value) => value(writer);
}
