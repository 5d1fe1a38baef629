using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>An operation of a document of ours.</summary>
/// <param name="Place">Method and path.</param>
internal sealed record OurOperation(string Id, string Tag, string Place, JsonNode Node)
{
    /// <summary>The C# method.</summary>
    public string Member => $"{Tag}Client.{Id}Async";

    public JsonNode? Body => Node["requestBody"];

    public IReadOnlyList<string> SuccessCodes => [.. Node.Map("responses").Select(r => r.Key)];

    /// <summary>The schema of what the method returns, null when it returns nothing.</summary>
    public JsonNode? Result =>
        Node.Map("responses")
            .Select(r => OurDocument.SchemaOf(r.Value))
            .FirstOrDefault(s => s is not null);

    public IReadOnlyDictionary<(string In, string Name), JsonNode> Parameters { get; } =
        Node.List("parameters")
            .OfType<JsonObject>()
            .Where(p => p.ContainsKey("schema"))
            .DistinctBy(Key)
            .ToDictionary(Key, JsonNode (p) => p);

    private static (string In, string Name) Key(JsonObject parameter) =>
        (parameter.Text("in") ?? "", parameter.Text("name") ?? "");
}

/// <summary>A document as this program writes it. What an older or foreign one has in other places is not seen.</summary>
internal sealed class OurDocument(JsonObject root)
{
    public IReadOnlyDictionary<string, OurOperation> Operations { get; } =
        root.Map("paths")
            .SelectMany(p => (p.Value as JsonObject ?? []).Select(m => Read(p.Key, m.Key, m.Value)))
            .OfType<OurOperation>()
            .DistinctBy(o => o.Id, StringComparer.Ordinal)
            .ToDictionary(o => o.Id, StringComparer.Ordinal);

    public IReadOnlyDictionary<string, JsonObject> Schemas { get; } =
        root["components"]
            .Map("schemas")
            .Where(s => s.Value is JsonObject)
            .ToDictionary(s => s.Key, s => s.Value!.AsObject(), StringComparer.Ordinal);

    public IReadOnlyList<string> Servers =>
        [.. root.List("servers").Select(s => s.Text("url")).OfType<string>()];

    public string DefaultServer => Servers is [var first, ..] ? first : "none";

    /// <summary>The schemas that the named parts of the operations lead to.</summary>
    public IReadOnlySet<string> Reached(params string[] parts)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var left = new Stack<JsonNode?>(
            Operations.Values.SelectMany(o => parts.Select(p => o.Node[p]))
        );
        while (left.TryPop(out var node))
        {
            if (CSharpSurface.Reference(node) is { } name && reached.Add(name))
            {
                left.Push(Schemas.GetValueOrDefault(name));
            }

            var children = node switch
            {
                JsonObject o => o.Select(c => c.Value),
                JsonArray a => a,
                _ => [],
            };
            foreach (var child in children)
            {
                left.Push(child);
            }
        }

        return reached;
    }

    /// <summary>The schema of a request body or a response.</summary>
    public static JsonNode? SchemaOf(JsonNode? body) =>
        body.Map("content").FirstOrDefault().Value.Get("schema");

    private static OurOperation? Read(string path, string method, JsonNode? node) =>
        node is JsonObject && node.Text("operationId") is { } id
            ? new(
                id,
                node.List("tags").FirstOrDefault()?.ToString() ?? "Default",
                $"{method.ToUpperInvariant()} {path}",
                node
            )
            : null;
}
