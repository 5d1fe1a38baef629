using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>What <c>refresh.yaml</c> says: which operations the document holds, and every word of text in it.</summary>
internal sealed class RefreshConfig
{
    /// <summary>The operation name that stands for every operation of the upstream document.</summary>
    public const string Every = "*";

    private const string Reason = "reason why a retry does no harm";

    /// <summary>
    /// What may stand in the file; an asterisk is any key, and a property may be its description alone.
    /// </summary>
    private static readonly JsonObject Shape = DocumentReader.Read(
        """
        info: {title: text, version: text, description: text, license: anything}
        servers: {"*": text}
        securitySchemes: {"*": text}
        tags: {"*": text}
        operations:
          "*":
            name: text
            summary: text
            description: text
            x-idempotent: reason why a retry does no harm
            x-orq-paging: {cursor: text, items: text, id: text, more: text}
            requestBody: text
            parameters: {"*": text}
            responses: {"*": text}
        schemas:
          "*":
            description: text
            properties: {"*": {description: text, minLength: whole number, maxLength: whole number, examples: list}}
        """,
        ""
    );

    private readonly JsonObject _root;

    /// <param name="file">What to call the file in an error.</param>
    public RefreshConfig(JsonObject root, string file)
    {
        _root = root;
        Check(root, Shape, file, "");
        foreach (var key in (string[])["title", "version"])
        {
            _ = Info.Text(key) ?? throw new BadInputException($"{file} lacks 'info.{key}'");
        }

        if (Operations.Count == 0)
        {
            throw new BadInputException($"{file} lists no operation; '{Every}' stands for all of them");
        }
    }

    public JsonObject Info => _root.Map("info");
    public JsonObject Servers => _root.Map("servers");
    public JsonObject SecuritySchemes => _root.Map("securitySchemes");
    public JsonObject Tags => _root.Map("tags");

    /// <summary>A reason in <c>x-idempotent</c> marks an operation as safe to retry.</summary>
    public JsonObject Operations => _root.Map("operations");

    /// <summary>The properties come first in the document, in the order given here.</summary>
    public JsonObject Schemas => _root.Map("schemas");

    public bool TakesEveryOperation => Operations.ContainsKey(Every);

    private static void Check(JsonNode? node, JsonNode shape, string file, string path)
    {
        if (!Fits(node, shape))
        {
            var expected = shape is JsonObject ? "a mapping" : "a " + shape;
            throw new BadInputException($"{file}: '{path}' has to be {expected}");
        }

        if (node is not JsonObject mapping || shape is not JsonObject known)
        {
            return;
        }

        foreach (var (key, value) in mapping)
        {
            if ((known[key] ?? known["*"]) is not { } inner)
            {
                var where = path.Length == 0 ? "" : $" in '{path}'";
                var keys = string.Join(", ", known.Keys());
                throw new BadInputException($"{file}: unknown key '{key}'{where}; known are {keys}");
            }

            Check(value, inner, file, $"{path}.{key}".TrimStart('.'));
        }
    }

    private static bool Fits(JsonNode? node, JsonNode shape) =>
        shape.ToString() switch
        {
            Reason => node?.GetValueKind() == JsonValueKind.String && !string.IsNullOrWhiteSpace(node.ToString()),
            "anything" => true,
            _ when node is null => true,
            "text" => node is JsonValue,
            "list" => node is JsonArray,
            "whole number" => uint.TryParse(node.ToString(), CultureInfo.InvariantCulture, out _),
            _ => node is JsonObject || (node is JsonValue && shape.Get("examples") is not null),
        };
}
