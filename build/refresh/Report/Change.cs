using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>One change that a C# user can see, and whether it may break working code.</summary>
/// <param name="Where">The C# class or method.</param>
internal sealed record Change(string Where, string Text, bool IsBreaking);

/// <summary>Collects changes.</summary>
internal sealed class ChangeList : List<Change>
{
    public void Breaking(string where, string text) => Add(where, text, true);

    public void Harmless(string where, string text) => Add(where, text, false);

    public void Add(string where, string text, bool isBreaking) =>
        Add(new(where, text, isBreaking));

    /// <summary>Something of which any change may break callers.</summary>
    public void CompareText(string where, string what, JsonNode? before, JsonNode? after)
    {
        if (!JsonNode.DeepEquals(before, after))
        {
            Breaking(where, $"{what} changed to {Text(after)}, was {Text(before)}");
        }
    }

    private static string Text(JsonNode? node) =>
        node switch
        {
            null => "none",
            JsonValue value => value.ToString(),
            _ => node.ToJsonString(),
        };
}
