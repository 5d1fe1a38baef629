using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Our words for one operation; a reason in <c>x-idempotent</c> marks it as safe to repeat.</summary>
internal sealed record OperationText(
    string? Name,
    string? Summary,
    string? Description,
    string? IdempotentReason,
    string? RequestBody,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> Responses
);

/// <summary>Our words and examples for one property.</summary>
internal sealed record PropertyText(string? Description, JsonArray? Examples);

/// <summary>Our words for one schema; its properties come first in the document, in the order given here.</summary>
internal sealed record SchemaText(
    string? Description,
    IReadOnlyDictionary<string, PropertyText> Properties
);

/// <summary>What <c>refresh.yaml</c> says: which operations the document holds, and every word of text in it.</summary>
internal sealed class RefreshConfig
{
    /// <summary>The operation name that stands for every operation of the upstream document.</summary>
    public const string Every = "*";

    public JsonObject Info { get; private init; } = [];

    public IReadOnlyDictionary<string, string> Servers { get; private init; } =
        ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Whether the servers given here take the place of those of the upstream document.</summary>
    public bool ReplaceServers { get; private init; }

    public IReadOnlyDictionary<string, string> SecuritySchemes { get; private init; } =
        ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, string> Tags { get; private init; } =
        ReadOnlyDictionary<string, string>.Empty;

    public IReadOnlyDictionary<string, OperationText> Operations { get; private init; } =
        ReadOnlyDictionary<string, OperationText>.Empty;

    public IReadOnlyDictionary<string, SchemaText> Schemas { get; private init; } =
        ReadOnlyDictionary<string, SchemaText>.Empty;

    public bool TakesEveryOperation => Operations.ContainsKey(Every);

    /// <summary>Every operation of a document under its own title, without a word of ours.</summary>
    public static RefreshConfig WholeDocument(JsonObject upstream)
    {
        var info = upstream["info"] as JsonObject;
        return new()
        {
            Info = new JsonObject
            {
                ["title"] = info.Text("title") ?? "API",
                ["version"] = info.Text("version") ?? "1",
            },
            Operations = new Dictionary<string, OperationText>(StringComparer.Ordinal)
            {
                [Every] = Operation(null, Every, ""),
            },
        };
    }

    public static RefreshConfig Read(string text, string file)
    {
        var root = DocumentReader.Read(text, file);
        Allow(
            root,
            file,
            "",
            "info",
            "servers",
            "replaceServers",
            "securitySchemes",
            "tags",
            "operations",
            "schemas"
        );
        var info =
            root["info"] as JsonObject ?? throw new BadInputException($"{file} lacks 'info'");
        Allow(info, file, "info", "title", "version", "description", "license");
        foreach (var key in (string[])["title", "version"])
        {
            _ = Text(info, key, file) ?? throw new BadInputException($"{file} lacks 'info.{key}'");
        }

        var operations = Map(root, "operations", file, Operation);
        return operations.Count == 0
            ? throw new BadInputException(
                $"{file} lists no operation; '{Every}' stands for all of them"
            )
            : new()
            {
                Info = info,
                Servers = Texts(root, "servers", file),
                ReplaceServers = root.IsTrue("replaceServers"),
                SecuritySchemes = Texts(root, "securitySchemes", file),
                Tags = Texts(root, "tags", file),
                Operations = operations,
                Schemas = Map(root, "schemas", file, Schema),
            };
    }

    private static OperationText Operation(JsonNode? node, string path, string file)
    {
        var operation = ObjectOrNothing(node, path, file);
        Allow(
            operation,
            file,
            path,
            "name",
            "summary",
            "description",
            "x-idempotent",
            "requestBody",
            "parameters",
            "responses"
        );
        var reason = Text(operation, "x-idempotent", file);
        var isReason =
            operation["x-idempotent"]?.GetValueKind() == JsonValueKind.String
            && !string.IsNullOrWhiteSpace(reason);
        return operation.ContainsKey("x-idempotent") && !isReason
            ? throw new BadInputException(
                $"{file}: '{path}.x-idempotent' has to say why the operation may be repeated"
            )
            : new OperationText(
                Text(operation, "name", file),
                Text(operation, "summary", file),
                Text(operation, "description", file),
                reason,
                Text(operation, "requestBody", file),
                Texts(operation, "parameters", file),
                Texts(operation, "responses", file)
            );
    }

    private static SchemaText Schema(JsonNode? node, string path, string file)
    {
        var schema = ObjectOrNothing(node, path, file);
        Allow(schema, file, path, "description", "properties");
        return new(Text(schema, "description", file), Map(schema, "properties", file, Property));
    }

    private static PropertyText Property(JsonNode? node, string path, string file)
    {
        if (node is JsonValue)
        {
            return new(node.ToString(), null);
        }

        var property = ObjectOrNothing(node, path, file);
        Allow(property, file, path, "description", "examples");
        return property["examples"] is null or JsonArray
            ? new(Text(property, "description", file), property["examples"] as JsonArray)
            : throw new BadInputException($"{file}: '{path}.examples' has to be a list");
    }

    private static Dictionary<string, string> Texts(JsonObject parent, string key, string file) =>
        Map(
            parent,
            key,
            file,
            (node, path, _) => node is JsonValue ? node.ToString() : throw Wrong(file, path, "text")
        );

    private static Dictionary<string, T> Map<T>(
        JsonObject parent,
        string key,
        string file,
        Func<JsonNode?, string, string, T> read
    ) =>
        ObjectOrNothing(parent[key], key, file)
            .ToDictionary(
                p => p.Key,
                p => read(p.Value, $"{key}.{p.Key}", file),
                StringComparer.Ordinal
            );

    private static string? Text(JsonObject parent, string key, string file) =>
        parent[key] switch
        {
            null => null,
            JsonValue value => value.ToString(),
            _ => throw Wrong(file, key, "text"),
        };

    private static JsonObject ObjectOrNothing(JsonNode? node, string path, string file) =>
        node is null ? [] : node as JsonObject ?? throw Wrong(file, path, "a mapping");

    private static BadInputException Wrong(string file, string path, string expected) =>
        new($"{file}: '{path}' has to be {expected}");

    private static void Allow(JsonObject node, string file, string path, params string[] keys)
    {
        if (node.Select(p => p.Key).FirstOrDefault(k => !keys.Contains(k)) is { } unknown)
        {
            var where = path.Length == 0 ? "" : $" in '{path}'";
            throw new BadInputException(
                $"{file}: unknown key '{unknown}'{where}; known are {string.Join(", ", keys)}"
            );
        }
    }
}
