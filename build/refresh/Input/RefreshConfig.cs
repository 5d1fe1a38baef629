using System.Collections.ObjectModel;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Our words for one operation; a reason in <c>x-idempotent</c> marks it as safe to retry.</summary>
internal sealed record OperationText(
    string? Name,
    string? Summary,
    string? Description,
    string? IdempotentReason,
    string? RequestBody,
    IReadOnlyDictionary<string, string> Parameters,
    IReadOnlyDictionary<string, string> Responses
)
{
    public static OperationText None { get; } =
        new(
            null,
            null,
            null,
            null,
            null,
            ReadOnlyDictionary<string, string>.Empty,
            ReadOnlyDictionary<string, string>.Empty
        );
}

/// <summary>Our words and examples for one property.</summary>
internal sealed record PropertyText(string? Description, JsonArray? Examples);

/// <summary>Our words for one schema; its properties come first in the document, in the order given here.</summary>
internal sealed record SchemaText(
    string? Description,
    IReadOnlyDictionary<string, PropertyText> Properties
)
{
    public static SchemaText None { get; } =
        new(null, ReadOnlyDictionary<string, PropertyText>.Empty);
}

/// <summary>What <c>refresh.yaml</c> says: which operations the document holds, and every word of text in it.</summary>
/// <param name="ReplaceServers">Whether the servers given here take the place of those of the upstream document.</param>
internal sealed record RefreshConfig(
    JsonObject Info,
    IReadOnlyDictionary<string, string> Servers,
    bool ReplaceServers,
    IReadOnlyDictionary<string, string> SecuritySchemes,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyDictionary<string, OperationText> Operations,
    IReadOnlyDictionary<string, SchemaText> Schemas
)
{
    /// <summary>The operation name that stands for every operation of the upstream document.</summary>
    public const string Every = "*";

    public bool TakesEveryOperation => Operations.ContainsKey(Every);

    /// <summary>Every operation of a document under its own title, without a word of ours.</summary>
    public static RefreshConfig WholeDocument(JsonObject upstream) =>
        Read(
            new JsonObject
            {
                ["info"] = new JsonObject
                {
                    ["title"] = upstream["info"].Text("title") ?? "API",
                    ["version"] = upstream["info"].Text("version") ?? "1",
                },
                ["operations"] = new JsonObject { [Every] = null },
            },
            ""
        );

    /// <param name="file">What to call the file in an error.</param>
    public static RefreshConfig Read(JsonObject root, string file) =>
        new ConfigReader(file).Read(root);

    private sealed class ConfigReader(string file)
    {
        public RefreshConfig Read(JsonObject root)
        {
            Allow(root, "", "info servers replaceServers securitySchemes tags operations schemas");
            var info =
                root["info"] as JsonObject ?? throw new BadInputException($"{file} lacks 'info'");
            Allow(info, "info", "title version description license");
            foreach (var key in (string[])["title", "version"])
            {
                _ =
                    Text(info, "info", key)
                    ?? throw new BadInputException($"{file} lacks 'info.{key}'");
            }

            var operations = Map(root, "", "operations", Operation);
            return operations.Count == 0
                ? throw new BadInputException(
                    $"{file} lists no operation; '{Every}' stands for all of them"
                )
                : new(
                    info,
                    Texts(root, "", "servers"),
                    root.IsTrue("replaceServers"),
                    Texts(root, "", "securitySchemes"),
                    Texts(root, "", "tags"),
                    operations,
                    Map(root, "", "schemas", Schema)
                );
        }

        private OperationText Operation(JsonNode? node, string path)
        {
            var operation = Object(node, path);
            Allow(
                operation,
                path,
                "name summary description x-idempotent requestBody parameters responses"
            );
            var reason =
                operation["x-idempotent"] is JsonValue value
                && value.GetValueKind() == JsonValueKind.String
                    ? value.ToString().Trim()
                    : "";
            return operation.ContainsKey("x-idempotent") && reason.Length == 0
                ? throw new BadInputException(
                    $"{file}: '{path}.x-idempotent' has to say why a retry does no harm"
                )
                : new(
                    Text(operation, path, "name"),
                    Text(operation, path, "summary"),
                    Text(operation, path, "description"),
                    reason.Length == 0 ? null : reason,
                    Text(operation, path, "requestBody"),
                    Texts(operation, path, "parameters"),
                    Texts(operation, path, "responses")
                );
        }

        private SchemaText Schema(JsonNode? node, string path)
        {
            var schema = Object(node, path);
            Allow(schema, path, "description properties");
            return new(
                Text(schema, path, "description"),
                Map(schema, path, "properties", Property)
            );
        }

        private PropertyText Property(JsonNode? node, string path)
        {
            if (node is JsonValue)
            {
                return new(node.ToString(), null);
            }

            var property = Object(node, path);
            Allow(property, path, "description examples");
            return property["examples"] is null or JsonArray
                ? new(Text(property, path, "description"), property["examples"] as JsonArray)
                : throw Wrong($"{path}.examples", "a list");
        }

        private Dictionary<string, string> Texts(JsonObject parent, string path, string key) =>
            Map(
                parent,
                path,
                key,
                (node, at) => node is JsonValue ? node.ToString() : throw Wrong(at, "text")
            );

        private Dictionary<string, T> Map<T>(
            JsonObject parent,
            string path,
            string key,
            Func<JsonNode?, string, T> read
        )
        {
            var at = $"{path}.{key}".TrimStart('.');
            return Object(parent[key], at)
                .ToDictionary(
                    p => p.Key,
                    p => read(p.Value, $"{at}.{p.Key}"),
                    StringComparer.Ordinal
                );
        }

        private string? Text(JsonObject parent, string path, string key) =>
            parent[key] is null or JsonValue
                ? parent.Text(key)
                : throw Wrong($"{path}.{key}", "text");

        /// <summary>What stands there, or an empty mapping for nothing.</summary>
        private JsonObject Object(JsonNode? node, string path) =>
            node is null ? [] : node as JsonObject ?? throw Wrong(path, "a mapping");

        private BadInputException Wrong(string path, string expected) =>
            new($"{file}: '{path}' has to be {expected}");

        private void Allow(JsonObject node, string path, string keys)
        {
            var known = keys.Split(' ');
            if (node.Select(p => p.Key).FirstOrDefault(k => !known.Contains(k)) is { } unknown)
            {
                var where = path.Length == 0 ? "" : $" in '{path}'";
                throw new BadInputException(
                    $"{file}: unknown key '{unknown}'{where}; known are {string.Join(", ", known)}"
                );
            }
        }
    }
}
