using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Newtonsoft.Json;

namespace OrqGenerated.Internal;

/// <summary>A type that the document describes: it reads, writes and checks itself.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IJsonModel<TSelf>
    where TSelf : IJsonModel<TSelf>
{
    /// <inheritdoc cref="JsonCodec{T}.TryRead"/>
    static abstract bool TryRead(ref OrqJsonReader reader, [MaybeNullWhen(false)] out TSelf value);

    /// <summary>Writes the value as JSON.</summary>
    void Write(JsonWriter writer);

    /// <summary>The first thing in it that the document does not allow; null when there is none.</summary>
    /// <param name="depth">How many objects and arrays are around it, itself counted.</param>
    Invalid? Check(int depth);
}

/// <summary>Reads and writes one type as JSON.</summary>
/// <typeparam name="T">The type.</typeparam>
internal abstract class JsonCodec<T>
{
    /// <summary>Whether no body at all (204) is an answer as well.</summary>
    public virtual bool AllowsNothing => false;

    /// <summary>Reads the value that starts at the reader's current token, and leaves the reader at its last one.</summary>
    /// <returns>False when it is of another kind; the reader then knows where and what was expected.</returns>
    public abstract bool TryRead(ref OrqJsonReader reader, [MaybeNullWhen(false)] out T value);

    /// <summary>Writes the value.</summary>
    public abstract void Write(JsonWriter writer, T value);

    /// <inheritdoc cref="IJsonModel{TSelf}.Check"/>
    public virtual Invalid? Check(T value, int depth) => null;
}

/// <summary>The codecs that generated code is made of.</summary>
internal static partial class JsonCodec
{
    public static JsonCodec<string> String { get; } = new StringCodec();

    public static JsonCodec<bool> Boolean { get; } = new BooleanCodec();

    public static JsonCodec<long> Integer { get; } = new IntegerCodec();

    public static JsonCodec<double> Number { get; } = new NumberCodec();

    public static JsonCodec<decimal> Decimal { get; } = new DecimalCodec();

    public static JsonCodec<DateTimeOffset> DateTime { get; } = new DateTimeCodec();

    public static JsonCodec<DateOnly> Date { get; } = new DateCodec();

    public static JsonCodec<byte[]> Bytes { get; } = new BytesCodec();

    public static JsonCodec<object?> Any { get; } = new AnyCodec();

    public static JsonCodec<T> Model<T>()
        where T : IJsonModel<T> => ModelCodec<T>.Instance;

    /// <summary>For items that may be null, and for an operation that may answer with no body (204), which is null.</summary>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec)
        where T : class => new OrNullCodec<T, T?>(codec);

    /// <inheritdoc cref="OrNull{T}(JsonCodec{T})"/>
    /// <param name="codec">The codec of what is not null.</param>
    /// <param name="_">Only there because C# tells no methods apart by their constraints.</param>
    public static JsonCodec<T?> OrNull<T>(JsonCodec<T> codec, T? _ = null)
        where T : struct => new OrNullCodec<T, T?>(codec);

    public static JsonCodec<IReadOnlyList<T>> List<T>(JsonCodec<T> item) =>
        new ListCodec<IReadOnlyList<T>, T>(item);

    public static JsonCodec<List<T>> MutableList<T>(JsonCodec<T> item) =>
        new ListCodec<List<T>, T>(item);

    public static JsonCodec<IReadOnlyDictionary<string, T>> Map<T>(JsonCodec<T> item) =>
        new MapCodec<IReadOnlyDictionary<string, T>, T>(item);

    public static JsonCodec<Dictionary<string, T>> MutableMap<T>(JsonCodec<T> item) =>
        new MapCodec<Dictionary<string, T>, T>(item);

    private sealed class AnyCodec : JsonCodec<object?>
    {
        public override bool TryRead(ref OrqJsonReader reader, out object? value)
        {
            value = JsonAny.Read(ref reader);
            return true;
        }

        public override void Write(JsonWriter writer, object? value) =>
            JsonAny.Write(writer, value, 1);
    }

    private sealed class ModelCodec<T> : JsonCodec<T>
        where T : IJsonModel<T>
    {
        public static readonly ModelCodec<T> Instance = new();

        public override bool TryRead(
            ref OrqJsonReader reader,
            [MaybeNullWhen(false)] out T value
        ) => T.TryRead(ref reader, out value);

        public override void Write(JsonWriter writer, T value)
        {
            // Only a user's own serializer comes here without a check of the depth before.
            RuntimeHelpers.EnsureSufficientExecutionStack();
            value.Write(writer);
        }

        public override Invalid? Check(T value, int depth) =>
            Invalid.Null(value, "")
            ?? (
                depth < JsonAny.DepthLimit
                    ? value.Check(depth + 1)
                    : new Invalid("", JsonAny.TooDeep)
            );
    }
}
