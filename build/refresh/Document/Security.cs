using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>The client sends its key as a bearer token and nothing else, so only schemes that take one count.</summary>
internal sealed class Security(Upstream upstream)
{
    /// <summary>The schemes of an operation, all met by the key; none if it needs no key.</summary>
    /// <exception cref="NotSupportedOperationException">The operation needs something else.</exception>
    public List<string> Of(UpstreamOperation operation)
    {
        var alternatives = (operation.Node["security"] is null ? upstream.Root : operation.Node)
            .List("security")
            .Select(r => (r as JsonObject ?? []).Keys().ToList())
            .OrderBy(a => string.Join(' ', a), StringComparer.Ordinal)
            .ToList();
        return alternatives.Find(a => a.TrueForAll(IsBearer))
            ?? (alternatives.Count == 0 ? new List<string>() : null)
            ?? throw new NotSupportedOperationException(
                $"it needs {string.Join(" or ", alternatives.SelectMany(a => a))}, "
                    + "and the client sends only bearer tokens"
            );
    }

    /// <summary>The schemes as our document has them.</summary>
    public JsonObject Write(IEnumerable<string> names, JsonObject texts)
    {
        var schemes = new JsonObject();
        foreach (var name in names)
        {
            var scheme = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" };
            scheme.AddText("bearerFormat", Published(name).Text("bearerFormat"));
            scheme.AddText("description", texts.Text(name));
            schemes[name] = scheme;
        }

        return schemes;
    }

    private bool IsBearer(string scheme) =>
        Published(scheme).Text("type") is "oauth2" or "openIdConnect"
        || string.Equals(Published(scheme).Text("scheme"), "bearer", StringComparison.OrdinalIgnoreCase);

    private JsonObject Published(string scheme) =>
        upstream.Object(
            upstream.Root["components"].Get("securitySchemes").Get(scheme),
            $"the security scheme {scheme}"
        );
}
