using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>One operation of a document, with what its path says for all of its operations.</summary>
internal sealed record UpstreamOperation(string Method, string Path, JsonObject PathItem, JsonObject Node)
{
    /// <summary>What refresh.yaml says about it.</summary>
    public OperationTexts Text { get; init; } = new();

    /// <summary>The C# name, to which NSwag adds Async.</summary>
    public string Id =>
        Names.Pascal(Text.Name ?? PublishedId) switch
        {
            [.. { Length: > 0 } stem, 'A', 's', 'y', 'n', 'c'] => stem,
            var name => name,
        };

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

    private static readonly string[] OfEveryMethod = ["summary", "description", "servers", "parameters"];

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

    /// <summary>Methods that the client does not have, with their paths.</summary>
    public IEnumerable<string> OtherRoutes =>
        from path in Root.Map("paths").Where(p => !IsExtension(p.Key))
        from key in (path.Value as JsonObject ?? []).Keys()
        where !Methods.Contains(key) && !OfEveryMethod.Contains(key) && !IsExtension(key)
        select $"{key} {path.Key}";

    private List<UpstreamOperation> ReadOperations()
    {
        var paths = Root["paths"] as JsonObject ?? throw new BadInputException($"{Name} has no 'paths'");
        var operations = new List<UpstreamOperation>();
        foreach (var (path, item) in paths.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var isOperations = !IsExtension(path) && item.Get("$ref") is null;
            var pathItem = isOperations ? Object(item, $"the path {path}") : [];
            foreach (var method in Methods.Where(pathItem.ContainsKey))
            {
                var node = Object(pathItem[method], $"{method.ToUpperInvariant()} {path}");
                operations.Add(new(method, path, pathItem, node));
            }
        }

        return operations;
    }

    private static bool IsExtension(string key) => key.StartsWith("x-", StringComparison.Ordinal);

    /// <summary>The node as a mapping; only schemas are referred to in the API's documents.</summary>
    /// <exception cref="NotSupportedOperationException">It is a reference.</exception>
    public JsonObject Object(JsonNode? node, string what) =>
        node.Text("$ref") is { } reference
            ? throw new NotSupportedOperationException($"{what} is {reference}, and only schemas are referred to")
            : node as JsonObject
                ?? throw new BadInputException($"{Name}: {what} has to be a mapping; is the document cut off?");

    /// <summary>What the key lists, nothing if it is not there.</summary>
    public IEnumerable<JsonNode?> List(JsonObject node, string key, string what) =>
        node[key] is null or JsonArray
            ? node.List(key)
            : throw new BadInputException($"{Name}: {what} have to be a list");

    /// <summary>The schema of this name, and the name from a reference to it.</summary>
    public (string Name, JsonNode Schema) Resolve(string reference)
    {
        var name = reference.StartsWith(SchemaPrefix, StringComparison.Ordinal) ? reference[SchemaPrefix.Length..] : "";
        name = Uri.UnescapeDataString(name).Replace("~1", "/").Replace("~0", "~");
        var schema = Root["components"].Get("schemas").Get(name);
        return schema is null
            ? throw new BadInputException($"{Name}: the reference {reference} leads to no named schema of the document")
            : (name, schema);
    }
}
