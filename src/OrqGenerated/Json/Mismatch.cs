using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>A value that was read and is not what the document describes.</summary>
/// <param name="Expected">What was expected, such as "a string"; never the value itself.</param>
/// <param name="Path">
/// Its path, such as <c>data[3].name</c>; empty for the whole value. A codec only names a missing property;
/// <see cref="JsonCodec.Read"/> completes the path.
/// </param>
internal sealed record Mismatch(string Expected, string Path = "")
{
    /// <summary>Stands in for a missing required property, and reports it unless there already is a mismatch.</summary>
    public static T Missing<T>(string name, ref Mismatch? mismatch)
    {
        mismatch ??= new Mismatch("a value, since it is required", name);
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
    /// <param name="prefix">The text up to that value; a number at its end needs a space behind it.</param>
    /// <param name="missing">The property that the innermost object lacks; empty for the path of the value.</param>
    public static string Of(ReadOnlySpan<byte> prefix, string missing = "")
    {
        var reader = new Utf8JsonReader(prefix, isFinalBlock: false, new JsonReaderState(JsonText.Lenient));
        // For each open array the next index, for each open object where its current property name starts, or -1.
        var steps = new List<(bool IsIndex, int Value)>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                steps.RemoveAt(steps.Count - 1);

            if (reader.TokenType == JsonTokenType.PropertyName)
                steps[^1] = (IsIndex: false, (int)reader.TokenStartIndex);
            else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                steps.Add(reader.TokenType == JsonTokenType.StartArray ? (true, 0) : (false, -1));
            else if (steps is [.., (IsIndex: true, var index)]) // An item has ended.
                steps[^1] = (true, index + 1);
        }

        if (missing.Length > 0 || steps is [.., (IsIndex: false, < 0)])
            steps.RemoveAt(steps.Count - 1);

        var path = "";
        foreach (var (isIndex, value) in steps)
            path += isIndex ? $"[{value}]" : $".{StringAt(prefix[value..])}";

        path += missing.Length > 0 ? $".{missing}" : "";
        return path.StartsWith('.') ? path[1..] : path;
    }

    // Only now, since a name for every property would cost more than the call.
    private static string StringAt(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, isFinalBlock: false, state: default);
        reader.Read();
        return reader.GetString()!;
    }
}
