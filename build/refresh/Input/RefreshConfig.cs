using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace OrqGenerated.Refresh;

/// <summary>What <c>refresh.yaml</c> says: which operations the document holds, and every word of text in it.</summary>
internal sealed class RefreshConfig
{
    /// <summary>The operation name that stands for every operation of the upstream document.</summary>
    public const string Every = "*";

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerOptions.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    public required JsonObject Info { get; init; }
    public Texts Servers { get; init; } = [];
    public Texts SecuritySchemes { get; init; } = [];
    public Texts Tags { get; init; } = [];
    public required OrderedDictionary<string, OperationTexts?> Operations { get; init; }
    public OrderedDictionary<string, SchemaTexts?> Schemas { get; init; } = [];

    public bool TakesEveryOperation => Operations.ContainsKey(Every);

    /// <param name="file">What to call the file in an error.</param>
    public static RefreshConfig Read(JsonObject root, string file)
    {
        // A property may be its description alone.
        foreach (var properties in root.Map("schemas").Select(s => s.Value.Map("properties")))
        {
            foreach (var (key, value) in properties.Where(p => p.Value is JsonValue).ToList())
            {
                properties[key] = new JsonObject { ["description"] = value!.DeepClone() };
            }
        }

        try
        {
            return root.Deserialize<RefreshConfig>(Strict)!;
        }
        catch (JsonException e)
        {
            // The lines that .NET counts are not those of the file.
            throw new BadInputException($"{file}: {e.Path}: {e.Message.Split(" Path: ")[0]}", e);
        }
    }
}

/// <summary>Texts by the name of what they are for.</summary>
internal sealed class Texts : OrderedDictionary<string, string?>
{
    public string? Of(string name) => this.GetValueOrDefault(name);
}

internal sealed record OperationTexts
{
    public string? Name { get; init; }
    public string? Summary { get; init; }
    public string? Description { get; init; }
    public string? RequestBody { get; init; }
    public Texts Responses { get; init; } = [];

    /// <summary>Their order is that of the parameters in the document.</summary>
    public Texts Parameters { get; init; } = [];

    /// <summary>The reason why a retry does no harm, which marks the operation as safe to retry.</summary>
    [JsonPropertyName("x-idempotent")]
    public string IdempotentReason { get; init; } = "";

    [JsonPropertyName("x-orq-paging")]
    public PagingTexts? Paging { get; init; }
}

/// <summary>How a list goes on from page to page: a parameter, two fields of the answer, one of an item.</summary>
internal sealed record PagingTexts(string Cursor, string Items, string Id, string More);

internal sealed record SchemaTexts
{
    public string? Description { get; init; }

    /// <summary>The properties come first in the document, in the order given here.</summary>
    public OrderedDictionary<string, PropertyTexts?> Properties { get; init; } = [];
}

/// <summary>
/// Our texts, and lengths that the server is known to apply although the published document does not say so.
/// </summary>
internal sealed record PropertyTexts
{
    public string? Description { get; init; }
    public int? MinLength { get; init; }
    public int? MaxLength { get; init; }
    public JsonArray? Examples { get; init; }
}
