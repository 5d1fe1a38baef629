using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>A value that was read and is not what the document describes.</summary>
/// <param name="Path">
/// Its path, such as <c>data[3].name</c>; empty for the whole value. A codec only names a missing property;
/// <see cref="JsonCodec.Read"/> completes the path.
/// </param>
/// <param name="Expected">What was expected, such as "a string"; never the value itself.</param>
internal sealed record Mismatch(string Path, string Expected)
{
    public Mismatch(string expected)
        : this("", expected) { }

    /// <summary>Replaces a required property, whose absence is a mismatch unless there already is one.</summary>
    public static T Missing<T>(string name, ref Mismatch? mismatch)
    {
        mismatch ??= new Mismatch(name, "a value, since it is required");
        return default!;
    }

    public string Describe(Type type) => $"{(Path.Length == 0 ? type.Name : Path)}: expected {Expected}.";
}

/// <summary>A value to be written is not allowed by the document or by JSON.</summary>
/// <param name="rule">The rule it breaks, such as "must not be null"; never the value itself.</param>
internal sealed class RefusedValueException(string rule) : Exception(rule);

internal static class JsonPath
{
    /// <summary>The path of the value before which a JSON text breaks off, such as <c>data[3].name</c>.</summary>
    /// <param name="prefix">The text up to that value.</param>
    /// <param name="missing">The property that the innermost object lacks; empty for the path of the value.</param>
    public static string Of(ReadOnlySpan<byte> prefix, string missing = "")
    {
        // The space ends a number, which the reader would otherwise wait for more of.
        var state = new JsonReaderState(JsonText.Lenient);
        var reader = new Utf8JsonReader([.. prefix, (byte)' '], isFinalBlock: false, state);
        // The current property name of each open object, and the next index of each open array.
        var steps = new List<object>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                steps.RemoveAt(steps.Count - 1);

            if (reader.TokenType == JsonTokenType.PropertyName)
                steps[^1] = reader.GetString()!;
            else if (reader.TokenType == JsonTokenType.StartObject)
                steps.Add("");
            else if (reader.TokenType == JsonTokenType.StartArray)
                steps.Add(0);
            else if (steps is [.., int index])
                steps[^1] = index + 1;
        }

        if (missing.Length > 0)
            steps[^1] = missing;

        // An open object has no name before its first property.
        var named = steps.Where(step => step is not "");
        var path = string.Concat(named.Select(step => step is int index ? $"[{index}]" : $".{step}"));
        return path.StartsWith('.') ? path[1..] : path;
    }
}
