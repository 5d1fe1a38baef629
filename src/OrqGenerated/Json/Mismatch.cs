using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>Where a value that was read is not what the document promises, and what is expected there.</summary>
/// <param name="Path">
/// The place, as in <c>data[3].name</c>; empty for the whole value. A codec only names a missing property;
/// <see cref="JsonCodec.Read"/> finds the rest.
/// </param>
/// <param name="Expected">What should have come, as in "a string"; never the value.</param>
internal sealed record Mismatch(string Path, string Expected)
{
    public Mismatch(string expected)
        : this("", expected) { }

    /// <summary>A required property did not come.</summary>
    public static Mismatch Missing(string name) => new(name, "a value, since it is required");

    /// <summary>The mismatch in a sentence.</summary>
    public string Describe(Type type) => $"{(Path.Length == 0 ? type.Name : Path)}: expected {Expected}.";
}

/// <summary>A value that is to be written is not what the document or JSON allows.</summary>
/// <param name="rule">The rule that it breaks, as in "must not be null"; never the value.</param>
internal sealed class RefusedValueException(string rule) : Exception
{
    public string Rule => rule;
}

/// <summary>Places in a JSON text.</summary>
internal static class JsonPath
{
    /// <summary>The place at which a text breaks off, as in <c>data[3].name</c>.</summary>
    /// <param name="begun">The text up to the value in question.</param>
    /// <param name="missing">A property that its object should have had; empty for the next value.</param>
    public static string Of(ReadOnlySpan<byte> begun, string missing = "")
    {
        // A number ends only where something else begins.
        var state = new JsonReaderState(JsonText.Lenient);
        var reader = new Utf8JsonReader([.. begun, (byte)' '], isFinalBlock: false, state);
        // Of each object that is open the last name, and of each list the next index.
        var steps = new List<object>();
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    steps[^1] = reader.GetString()!;
                    continue;
                case JsonTokenType.StartObject:
                    steps.Add("");
                    continue;
                case JsonTokenType.StartArray:
                    steps.Add(0);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    steps.RemoveAt(steps.Count - 1);
                    break;
            }

            if (steps is [.., int index])
            {
                steps[^1] = index + 1;
            }
        }

        if (missing.Length > 0)
        {
            steps[^1] = missing;
        }

        // An object that has only just begun has no name yet.
        var named = steps.Where(step => step is not "");
        var path = string.Concat(named.Select(step => step is int index ? $"[{index}]" : $".{step}"));
        return path.StartsWith('.') ? path[1..] : path;
    }
}
