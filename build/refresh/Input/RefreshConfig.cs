using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrqGenerated.Refresh;

/// <summary><c>refresh.yaml</c>: the operations of the document, and all of its prose.</summary>
internal sealed class RefreshConfig
{
    /// <summary>The operation name that stands for every operation of the upstream document.</summary>
    public const string Every = "*";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public required JsonObject Info { get; init; }
    public Descriptions Servers { get; init; } = [];
    public Descriptions SecuritySchemes { get; init; } = [];
    public Descriptions Tags { get; init; } = [];
    public required OrderedDictionary<string, OperationConfig?> Operations { get; init; }
    public OrderedDictionary<string, SchemaConfig?> Schemas { get; init; } = [];

    public bool TakesEveryOperation => Operations.ContainsKey(Every);

    /// <param name="file">The name of the file, for errors.</param>
    public static RefreshConfig Read(string text, string file)
    {
        var root = DocumentReader.Read(text, file);

        // A property may be just its description.
        foreach (var properties in root.Map("schemas").Select(s => s.Value.Map("properties")))
        {
            foreach (var (key, value) in properties.Where(p => p.Value is JsonValue).ToList())
                properties[key] = new JsonObject { ["description"] = value!.DeepClone() };
        }

        try
        {
            return root.Deserialize<RefreshConfig>(Strict)!;
        }
        catch (JsonException e)
        {
            // .NET's line numbers are not those of the YAML file.
            throw new BadInputException($"{file}: {e.Path}: {e.Message.Split(" Path: ")[0]}", e);
        }
    }
}

/// <summary>Descriptions by the name of what they describe.</summary>
internal sealed class Descriptions : OrderedDictionary<string, string?>;

internal sealed record OperationConfig
{
    public string? Name { get; init; }
    public string? Summary { get; init; }
    public string? Description { get; init; }
    public string? RequestBody { get; init; }
    public Descriptions Responses { get; init; } = [];

    /// <summary>In the order that the parameters have in the document.</summary>
    public Descriptions Parameters { get; init; } = [];

    /// <summary>Why retries are harmless; marks the operation as safe to retry.</summary>
    [JsonPropertyName("x-idempotent")]
    public string IdempotentReason { get; init; } = "";

    [JsonPropertyName("x-orq-paging")]
    public PagingConfig? Paging { get; init; }
}

/// <summary>How to read the next page of a list: a parameter, two fields of the response, one of an item.</summary>
internal sealed record PagingConfig(string Cursor, string Items, string Id, string More);

internal sealed record SchemaConfig
{
    public string? Description { get; init; }

    /// <summary>These come first in the document, in this order.</summary>
    public OrderedDictionary<string, PropertyConfig?> Properties { get; init; } = [];
}

/// <summary>Its lengths are enforced by the server although the published document does not state them.</summary>
internal sealed record PropertyConfig
{
    public string? Description { get; init; }
    public int? MinLength { get; init; }
    public int? MaxLength { get; init; }
    public JsonArray? Examples { get; init; }
}
