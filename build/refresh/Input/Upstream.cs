using System.Globalization;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>One operation of a document, with what its path says for all of its operations.</summary>
internal sealed record UpstreamOperation(
    string Id,
    string Method,
    string Path,
    JsonObject PathItem,
    JsonObject Node
)
{
    public override string ToString() => $"{Method.ToUpperInvariant()} {Path} {Id}";
}

/// <summary>An OpenAPI 3 document as it was published: its operations, and what its references point at.</summary>
internal sealed class Upstream
{
    public const string SchemaPrefix = "#/components/schemas/";

    private static readonly string[] Methods =
    [
        "get",
        "put",
        "post",
        "patch",
        "delete",
        "head",
        "options",
    ];

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

        Operations = [.. ReadOperations()];
    }

    public string Name { get; }

    public JsonObject Root { get; }

    /// <summary>By path, then method, whatever their order in the document.</summary>
    public IReadOnlyList<UpstreamOperation> Operations { get; }

    private IEnumerable<UpstreamOperation> ReadOperations()
    {
        var paths =
            Root["paths"] as JsonObject ?? throw new BadInputException($"{Name} has no 'paths'");
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
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
                var id = node["operationId"] is JsonValue value
                    ? value.ToString()
                    : $"{method} {path}";
                yield return new(
                    Names.Unique(Names.Pascal(id), taken),
                    method,
                    path,
                    pathItem,
                    node
                );
            }
        }
    }

    /// <summary>What the node is after following references, which must neither break nor go round in a circle.</summary>
    public JsonObject Object(JsonNode? node, string what)
    {
        for (var followed = new HashSet<string>(StringComparer.Ordinal); ; )
        {
            var found =
                node as JsonObject
                ?? throw new BadInputException(
                    $"{Name}: {what} has to be a mapping; is the document cut off?"
                );
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
        JsonNode? node = Root;
        foreach (var segment in Segments(reference))
        {
            var found = node switch
            {
                JsonObject o => o.TryGetPropertyValue(segment, out node),
                JsonArray a
                    when int.TryParse(segment, CultureInfo.InvariantCulture, out var i)
                        && i >= 0
                        && i < a.Count => (node = a[i]) is not null,
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

    private IEnumerable<string> Segments(string reference) =>
        reference.StartsWith("#/", StringComparison.Ordinal)
            ? reference[2..]
                .Split('/')
                .Select(s =>
                    Uri.UnescapeDataString(s)
                        .Replace("~1", "/", StringComparison.Ordinal)
                        .Replace("~0", "~", StringComparison.Ordinal)
                )
            : throw new BadInputException(
                $"{Name}: the reference {reference} leads out of the document"
            );
}
