using System.Globalization;
using System.Text.Json;

namespace OrqGenerated.Internal;

/// <summary>Names a place in a JSON text.</summary>
internal static class JsonPath
{
    /// <summary>The path of what is at <paramref name="path"/> within <paramref name="parent"/>.</summary>
    public static string Join(string parent, string path) =>
        parent.Length == 0 ? path
        : path.Length == 0 ? parent
        : path[0] == '[' ? parent + path
        : $"{parent}.{path}";

    /// <summary>The path (<c>data[3].name</c>) of the token at a position; empty for the whole text.</summary>
    public static string At(Utf8JsonReader tokens, int position)
    {
        // For each object or array around the token, the name or the index where it stands.
        var steps = new Stack<string>();
        var indexes = new Stack<int>();
        try
        {
            while (tokens.Read() && tokens.TokenStartIndex <= position)
            {
                switch (tokens.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        steps.Pop();
                        steps.Push(JsonText.Value(ref tokens));
                        continue;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        steps.Pop();
                        indexes.Pop();
                        continue;
                }

                if (indexes.TryPop(out var index))
                {
                    // In an object the count means nothing, and the name stands already.
                    indexes.Push(index < 0 ? index : index + 1);
                    if (index >= 0)
                    {
                        steps.Pop();
                        steps.Push($"[{index.ToString(CultureInfo.InvariantCulture)}]");
                    }
                }

                if (tokens.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    steps.Push("");
                    indexes.Push(tokens.TokenType == JsonTokenType.StartArray ? 0 : -1);
                }
            }
        }
        catch (JsonException)
        {
            // The text ends here, and so does the path.
        }

        return steps.Reverse().Aggregate("", Join);
    }
}
