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
        replaceServers: anything
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
    private readonly string _file;

    /// <param name="file">What to call the file in an error.</param>
    public RefreshConfig(JsonObject root, string file)
    {
        (_root, _file) = (root, file);
        Check(root, Shape, "");
        if (root["info"] is not JsonObject)
        {
            throw new BadInputException($"{file} lacks 'info'");
        }

        foreach (var key in (string[])["title", "version"])
        {
            _ = root["info"].Text(key) ?? throw new BadInputException($"{file} lacks 'info.{key}'");
        }

        if (Operations.Count == 0)
        {
            throw new BadInputException($"{file} lists no operation; '{Every}' stands for all of them");
        }
    }

    public JsonObject Info => _root.Map("info");

    public JsonObject Servers => _root.Map("servers");

    /// <summary>Whether the servers given here take the place of those of the upstream document.</summary>
    public bool ReplaceServers => _root.IsTrue("replaceServers");

    public JsonObject SecuritySchemes => _root.Map("securitySchemes");

    public JsonObject Tags => _root.Map("tags");

    /// <summary>A reason in <c>x-idempotent</c> marks an operation as safe to retry.</summary>
    public JsonObject Operations => _root.Map("operations");

    /// <summary>The properties come first in the document, in the order given here.</summary>
    public JsonObject Schemas => _root.Map("schemas");

    public bool TakesEveryOperation => Operations.ContainsKey(Every);

    /// <summary>Every operation of a document under its own title, without a word of ours.</summary>
    public static RefreshConfig WholeDocument(JsonObject upstream)
    {
        var info = new JsonObject
        {
            ["title"] = upstream["info"].Text("title") ?? "API",
            ["version"] = upstream["info"].Text("version") ?? "1",
        };
        return new(
            new JsonObject
            {
                ["info"] = info,
                ["operations"] = new JsonObject { [Every] = null },
            },
            ""
        );
    }

    private void Check(JsonNode? node, JsonNode shape, string path)
    {
        var isRight = (node, shape.ToString()) switch
        {
            (null, not Reason) or (_, "anything") or (JsonValue, "text") or (JsonArray, "list") => true,
            (JsonValue, Reason) => node.GetValueKind() == JsonValueKind.String && node.ToString().Trim().Length > 0,
            (JsonValue, "whole number") => uint.TryParse(
                node.ToString(),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out _
            ),
            (JsonValue, _) => shape.Get("examples") is not null,
            _ => node is JsonObject && shape is JsonObject,
        };
        if (!isRight)
        {
            var expected = shape is JsonObject ? "a mapping" : "a " + shape;
            throw new BadInputException($"{_file}: '{path}' has to be {expected}");
        }

        foreach (var (key, value) in node as JsonObject ?? [])
        {
            if (shape is JsonObject known)
            {
                var keys = string.Join(", ", known.Select(k => k.Key));
                var where = path.Length == 0 ? "" : $" in '{path}'";
                var inner =
                    known[key]
                    ?? known["*"]
                    ?? throw new BadInputException($"{_file}: unknown key '{key}'{where}; known are {keys}");
                Check(value, inner, $"{path}.{key}".TrimStart('.'));
            }
        }
    }
}
