using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>The client sends its key as a bearer token and nothing else, so one scheme that takes it is all that counts.</summary>
internal sealed class Security(Upstream upstream)
{
    private readonly SortedSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The schemes of an operation that the key meets; none if it needs no key.</summary>
    /// <exception cref="NotSupportedOperationException">The operation needs something else than a bearer token.</exception>
    public List<string> Of(UpstreamOperation operation)
    {
        var requirements =
            (operation.Node["security"] ?? upstream.Root["security"]) as JsonArray ?? [];
        var alternatives = requirements
            .Select(r => (r as JsonObject ?? []).Select(s => s.Key).ToList())
            .ToList();
        if (alternatives.Count == 0 || alternatives.Exists(a => a.Count == 0))
        {
            return [];
        }

        var bearer = alternatives.Where(a => a.TrueForAll(IsBearer)).SelectMany(a => a).ToList();
        return bearer.Count > 0
            ? bearer
            : throw new NotSupportedOperationException(
                $"it needs {string.Join(" or ", alternatives.Select(a => string.Join(" and ", a)))}, "
                    + "and the client sends only bearer tokens"
            );
    }

    public void Use(List<string> schemes) => _used.UnionWith(schemes);

    /// <summary>Adds the requirements and the schemes to our document.</summary>
    public void Write(
        JsonObject document,
        JsonObject components,
        RefreshConfig config,
        List<string> notes
    )
    {
        notes.AddRange(
            config
                .SecuritySchemes.Keys()
                .Except(_used, StringComparer.Ordinal)
                .Select(s => $"refresh.yaml: no operation uses the security scheme {s}")
        );
        if (_used.Count == 0)
        {
            return;
        }

        document["security"] = new JsonArray([
            .. _used.Select(s => new JsonObject { [s] = new JsonArray() }),
        ]);
        var schemes = new JsonObject();
        components["securitySchemes"] = schemes;
        foreach (var name in _used)
        {
            var scheme = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" };
            scheme.AddText("bearerFormat", Published(name).Text("bearerFormat"));
            scheme.AddText("description", config.SecuritySchemes.Text(name));
            schemes[name] = scheme;
        }
    }

    private bool IsBearer(string scheme) =>
        Published(scheme) is var published
        && published.Text("type") switch
        {
            "http" => string.Equals(
                published.Text("scheme"),
                "bearer",
                StringComparison.OrdinalIgnoreCase
            ),
            "oauth2" or "openIdConnect" => true,
            _ => false,
        };

    private JsonObject Published(string scheme) =>
        upstream.Object(
            upstream.Root["components"].Get("securitySchemes").Get(scheme),
            $"the security scheme {scheme}"
        );
}
