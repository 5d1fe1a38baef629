using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Which security an operation has in effect, and the schemes that this needs.</summary>
internal sealed class SecuritySelection(Upstream upstream)
{
    /// <summary>The requirements of an operation, or of the document, without an order; null when neither says any.</summary>
    public JsonArray? Of(JsonObject operation)
    {
        if ((operation["security"] ?? upstream.Root["security"]) is not JsonArray requirements)
        {
            return null;
        }

        var sorted = requirements
            .OfType<JsonObject>()
            .Select(r =>
                (JsonNode?)
                    new JsonObject(r.OrderBy(s => s.Key, StringComparer.Ordinal).Select(Scopes))
            )
            .DistinctBy(r => r!.ToJsonString(), StringComparer.Ordinal)
            .OrderBy(r => r!.ToJsonString(), StringComparer.Ordinal);
        return new JsonArray([.. sorted]);
    }

    private static KeyValuePair<string, JsonNode?> Scopes(KeyValuePair<string, JsonNode?> scheme)
    {
        var scopes = (scheme.Value as JsonArray ?? [])
            .Select(s => s!.ToString())
            .Order(StringComparer.Ordinal);
        return KeyValuePair.Create(
            scheme.Key,
            (JsonNode?)new JsonArray([.. scopes.Select(s => JsonValue.Create(s))])
        );
    }

    /// <summary>What all operations have in common is said once, for the document; otherwise each says its own.</summary>
    public static JsonArray? HoistCommon(IReadOnlyList<JsonObject> operations)
    {
        if (
            operations.Count == 0
            || operations
                .DistinctBy(o => o["security"]?.ToJsonString(), StringComparer.Ordinal)
                .Skip(1)
                .Any()
        )
        {
            return null;
        }

        var common = operations[0]["security"] as JsonArray;
        foreach (var operation in operations)
        {
            operation.Remove("security");
        }

        return common;
    }

    /// <summary>The schemes that the document or an operation asks for.</summary>
    public JsonObject Schemes(
        IReadOnlyList<JsonObject> operations,
        JsonObject document,
        RefreshConfig config,
        List<string> notes
    )
    {
        var used = operations
            .Append(document)
            .SelectMany(o => o["security"] as JsonArray ?? [])
            .SelectMany(r => r!.AsObject().Select(s => s.Key))
            .ToHashSet(StringComparer.Ordinal);
        notes.AddRange(
            config
                .SecuritySchemes.Keys.Where(s => !used.Contains(s))
                .Select(s => $"refresh.yaml: no operation uses the security scheme {s}")
        );
        var schemes = new JsonObject();
        foreach (var name in used.Order(StringComparer.Ordinal))
        {
            var published = upstream.Object(
                upstream.Root["components"].Get("securitySchemes")?[name],
                $"the security scheme {name}"
            );
            var scheme = new JsonObject(
                (
                    (string[])
                        [
                            "type",
                            "scheme",
                            "bearerFormat",
                            "in",
                            "name",
                            "openIdConnectUrl",
                            "flows",
                        ]
                )
                    .Where(published.ContainsKey)
                    .Select(k => KeyValuePair.Create(k, published[k]?.DeepClone()))
            );
            if (config.SecuritySchemes.TryGetValue(name, out var text))
            {
                scheme["description"] = text;
            }

            schemes[name] = scheme;
        }

        return schemes;
    }
}
