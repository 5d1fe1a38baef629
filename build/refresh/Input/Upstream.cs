using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>One operation of a document, with what its path says for all of its operations.</summary>
internal sealed record UpstreamOperation(string Method, string Path, JsonObject PathItem, JsonObject Node)
{
    /// <summary>What refresh.yaml says about it.</summary>
    public JsonObject Text { get; init; } = [];

    /// <summary>The C# name.</summary>
    public string Id => Text.Text("name") ?? Names.Pascal(PublishedId);

    public string Route => $"{Method.ToUpperInvariant()} {Path}";

    /// <summary>The operationId, or the route if there is none.</summary>
    public string PublishedId => Node.Text("operationId") ?? $"{Method} {Path}";

    /// <summary>The tag that names its client.</summary>
    public string Tag => Names.ForTag(Node.List("tags").FirstOrDefault()?.ToString() ?? "Default");

    public override string ToString() => $"{Route} {Id}";
}

/// <summary>An OpenAPI 3 document as published: its operations, and what its references point at.</summary>
internal sealed class Upstream
{
    public const string SchemaPrefix = "#/components/schemas/";

    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete", "head", "options"];

    public Upstream(JsonObject root, string name)
    {
        Root = root;
        Name = name;
        var version = root["openapi"] ?? root["swagger"];
        if (version?.ToString().StartsWith("3.", StringComparison.Ordinal) != true)
        {
            throw new BadInputException($"{name} is not an OpenAPI 3 document; its version is {version ?? "missing"}");
        }

        Operations = ReadOperations();
    }

    public string Name { get; }

    public JsonObject Root { get; }

    /// <summary>By path, then method, regardless of their order in the document.</summary>
    public IReadOnlyList<UpstreamOperation> Operations { get; }

    private List<UpstreamOperation> ReadOperations()
    {
        var paths = Root["paths"] as JsonObject ?? throw new BadInputException($"{Name} has no 'paths'");
        var operations = new List<UpstreamOperation>();
        foreach (var (path, item) in paths.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var pathItem = path.StartsWith("x-", StringComparison.Ordinal) ? [] : Object(item, $"the path {path}");
            foreach (var method in Methods.Where(pathItem.ContainsKey))
            {
                var node = Object(pathItem[method], $"{method.ToUpperInvariant()} {path}");
                operations.Add(new(method, path, pathItem, node));
            }
        }

        return operations;
    }

    /// <summary>The node after following references, which must neither break nor form a circle.</summary>
    public JsonObject Object(JsonNode? node, string what)
    {
        for (var followed = 0; node.Text("$ref") is { } reference; followed++)
        {
            node = followed < 100 ? Resolve(reference) : throw Circular(reference);
        }

        return node as JsonObject
            ?? throw new BadInputException($"{Name}: {what} has to be a mapping; is the document cut off?");
    }

    /// <summary>The node that a reference such as <c>#/components/schemas/Contact</c> points at.</summary>
    public JsonNode Resolve(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw new BadInputException($"{Name}: the reference {reference} leads out of the document");
        }

        return reference[2..]
                .Split('/')
                .Select(key => Uri.UnescapeDataString(key).Replace("~1", "/").Replace("~0", "~"))
                .Aggregate((JsonNode?)Root, (node, key) => node.Get(key))
            ?? throw new BadInputException($"{Name}: the reference {reference} leads nowhere");
    }

    public BadInputException Circular(string reference) =>
        new($"{Name}: the reference {reference} leads back to itself and never to a schema");
}
