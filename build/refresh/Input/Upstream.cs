using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>One operation of a document, and the path item that contains it.</summary>
internal sealed record UpstreamOperation(string Method, string Path, JsonObject PathItem, JsonObject Node)
{
    public OperationConfig Config { get; init; } = new();

    /// <summary>The C# name, without the Async that NSwag adds.</summary>
    public string Id
    {
        get
        {
            var name = Names.Pascal(Config.Name ?? PublishedId);
            return name.EndsWith("Async", StringComparison.Ordinal) && name != "Async" ? name[..^5] : name;
        }
    }

    public string Route => $"{Method.ToUpperInvariant()} {Path}";

    /// <summary>The operationId, or the route if there is none.</summary>
    public string PublishedId => Node.Text("operationId") ?? $"{Method} {Path}";

    /// <summary>The tag that names its client.</summary>
    public string Tag => Names.ForTag(Node.List("tags").FirstOrDefault()?.ToString() ?? "Default");

    public override string ToString() => $"{Route} {Id}";
}

/// <summary>An OpenAPI 3 document as published: its operations, and the targets of its references.</summary>
internal sealed class Upstream
{
    public const string SchemaPrefix = "#/components/schemas/";

    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete", "head", "options"];

    private static readonly string[] OtherKeysOfPaths = ["summary", "description", "servers", "parameters"];

    public Upstream(JsonObject root, string name)
    {
        Root = root;
        Name = name;
        var version = root["openapi"] ?? root["swagger"];
        if (version?.ToString().StartsWith("3.", StringComparison.Ordinal) != true)
            throw new BadInputException($"{name} is not an OpenAPI 3 document; its version is {version ?? "missing"}");

        Operations = ReadOperations();
    }

    public string Name { get; }

    public JsonObject Root { get; }

    /// <summary>Sorted by path, then method, so that their order in the document does not matter.</summary>
    public IReadOnlyList<UpstreamOperation> Operations { get; }

    /// <summary>Methods that the client does not support, with their paths.</summary>
    public IEnumerable<string> UnsupportedRoutes =>
        from path in Root.Map("paths").Where(p => !IsExtension(p.Key))
        from key in (path.Value as JsonObject ?? []).Keys()
        where !Methods.Contains(key) && !OtherKeysOfPaths.Contains(key) && !IsExtension(key)
        select $"{key} {path.Key}";

    private List<UpstreamOperation> ReadOperations()
    {
        var paths = Root["paths"] as JsonObject ?? throw new BadInputException($"{Name} has no 'paths'");
        var items = paths.Where(p => !IsExtension(p.Key) && p.Value.Get("$ref") is null);
        var operations = new List<UpstreamOperation>();
        foreach (var (path, item) in items.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var pathItem = Mapping(item, $"the path {path}");
            foreach (var method in Methods.Where(pathItem.ContainsKey))
            {
                var node = Mapping(pathItem[method], $"{method.ToUpperInvariant()} {path}");
                operations.Add(new(method, path, pathItem, node));
            }
        }

        return operations;
    }

    private static bool IsExtension(string key) => key.StartsWith("x-", StringComparison.Ordinal);

    /// <summary>The node as a mapping. The API's documents use references for schemas only.</summary>
    /// <exception cref="NotSupportedOperationException">It is a reference.</exception>
    public JsonObject Mapping(JsonNode? node, string what) =>
        node.Text("$ref") is { } reference
            ? throw new NotSupportedOperationException(
                $"{what} is a reference to {reference}, and only references to schemas are supported"
            )
            : node as JsonObject
                ?? throw new BadInputException($"{Name}: {what} has to be a mapping; is the document cut off?");

    /// <summary>The items of a list, empty if the key is missing.</summary>
    public IEnumerable<JsonNode?> List(JsonObject node, string key, string what) =>
        node[key] is null or JsonArray
            ? node.List(key)
            : throw new BadInputException($"{Name}: {what} have to be a list");

    /// <summary>The name and the schema that a reference leads to.</summary>
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
