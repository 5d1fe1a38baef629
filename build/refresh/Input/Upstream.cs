using System.Globalization;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>One operation of a document, with what its path says for all of its operations.</summary>
internal sealed record UpstreamOperation(string Method, string Path, JsonObject PathItem, JsonObject Node)
{
    /// <summary>The C# name.</summary>
    public string Id { get; init; } = "";

    /// <summary>Why the name is not the operationId, or null.</summary>
    public string? Renamed { get; init; }

    /// <summary>What refresh.yaml says about it.</summary>
    public JsonObject Text { get; init; } = [];

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

    private const string WithResponse = "WithResponse";

    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete", "head", "options"];

    public Upstream(JsonObject root, string name)
    {
        Root = root;
        Name = name;
        var version = root["openapi"]?.ToString();
        if (version?.StartsWith("3.", StringComparison.Ordinal) != true)
        {
            throw new BadInputException(
                version is not null || root["swagger"] is not null
                    ? $"{name} is OpenAPI {version ?? root["swagger"]}; 3.x is needed"
                    : $"{name} is not an OpenAPI document: it has no 'openapi' version"
            );
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
        var published = new List<UpstreamOperation>();
        foreach (var (path, item) in paths.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (path.StartsWith("x-", StringComparison.Ordinal))
            {
                continue;
            }

            var pathItem = Object(item, $"the path {path}");
            foreach (var method in Methods.Where(pathItem.ContainsKey))
            {
                var node = Object(pathItem[method], $"{method.ToUpperInvariant()} {path}");
                published.Add(new(method, path, pathItem, node));
            }
        }

        // A number would move to another operation when one is added before it; the route does not.
        var byName = published.ToLookup(o => Names.Pascal(o.PublishedId), StringComparer.OrdinalIgnoreCase);
        var taken = byName.Where(g => g.Count() == 1).Select(g => g.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. published.Select(o =>
            {
                var id = Names.Pascal(o.PublishedId);
                var other = byName[id].FirstOrDefault(b => b.Route != o.Route);
                var renamed =
                    other is not null ? $"its operationId {o.PublishedId} is that of {other.Route}, too"
                    : id.EndsWith(WithResponse, StringComparison.OrdinalIgnoreCase)
                    && byName.Contains(id[..^WithResponse.Length])
                        ? $"{id}Async is also a method of {byName[id[..^WithResponse.Length]].First().Route}"
                    : null;
                var name = renamed is null ? id : Names.Unique(Names.Pascal($"{o.Method} {o.Path}"), taken);
                return o with { Id = name, Renamed = renamed };
            }),
        ];
    }

    /// <summary>The node after following references, which must neither break nor form a circle.</summary>
    public JsonObject Object(JsonNode? node, string what)
    {
        var followed = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var found =
                node as JsonObject
                ?? throw new BadInputException($"{Name}: {what} has to be a mapping; is the document cut off?");
            if (found["$ref"] is not JsonValue reference)
            {
                return found;
            }

            if (!followed.Add(reference.ToString()))
            {
                throw Circular(reference.ToString());
            }

            node = Resolve(reference.ToString());
        }
    }

    /// <summary>The node that a reference points at.</summary>
    public JsonNode? Resolve(string reference)
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
        {
            throw new BadInputException($"{Name}: the reference {reference} leads out of the document");
        }

        JsonNode? node = Root;
        foreach (var segment in reference[2..].Split('/').Select(Unescape))
        {
            var found = node switch
            {
                JsonObject o => o.TryGetPropertyValue(segment, out node),
                JsonArray a
                    when int.TryParse(segment, CultureInfo.InvariantCulture, out var i) && i >= 0 && i < a.Count => (
                    node = a[i]
                )
                    is not null,
                _ => false,
            };
            if (!found)
            {
                throw new BadInputException($"{Name}: the reference {reference} leads nowhere");
            }
        }

        return node;
    }

    public BadInputException Circular(string reference) =>
        new($"{Name}: the reference {reference} leads back to itself and never to a schema");

    private static string Unescape(string segment) =>
        Uri.UnescapeDataString(segment)
            .Replace("~1", "/", StringComparison.Ordinal)
            .Replace("~0", "~", StringComparison.Ordinal);
}
