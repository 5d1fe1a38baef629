using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>The body of an operation that promises none; whatever comes is passed over.</summary>
internal sealed class NothingCodec : JsonCodec<object?>
{
    public static readonly NothingCodec Instance = new();

    public override bool TryRead(ref OrqJsonReader reader, out object? value)
    {
        value = null;
        return true;
    }

    public override void Write(JsonWriter writer, object? value) => writer.WriteNull();
}
