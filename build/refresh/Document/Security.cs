using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Selects the security schemes that the client supports: it sends its key as a bearer token only.</summary>
internal sealed class Security(Upstream upstream)
{
    /// <summary>The bearer schemes that the operation accepts; empty if it needs no key.</summary>
    /// <exception cref="NotSupportedOperationException">Every alternative needs something else.</exception>
    public List<string> Of(UpstreamOperation operation)
    {
        var alternatives = (operation.Node["security"] is null ? upstream.Root : operation.Node)
            .List("security")
            .Select(r => (r as JsonObject ?? []).Keys().ToList())
            .ToList();
        var supported = alternatives.FindAll(a => a.TrueForAll(IsBearer));
        return supported.Count == 0 && alternatives.SelectMany(a => a).FirstOrDefault(s => !IsBearer(s)) is { } other
            ? throw new NotSupportedOperationException($"it needs {other}, and the client sends only bearer tokens")
            : [.. supported.SelectMany(a => a)];
    }

    public JsonObject Write(IEnumerable<string> names, Descriptions descriptions)
    {
        var schemes = new JsonObject();
        foreach (var name in names)
        {
            var scheme = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" };
            scheme.AddIfAny("bearerFormat", Published(name).Text("bearerFormat"));
            scheme.AddIfAny("description", descriptions.GetValueOrDefault(name));
            schemes[name] = scheme;
        }

        return schemes;
    }

    private bool IsBearer(string scheme) =>
        string.Equals(Published(scheme).Text("scheme"), "bearer", StringComparison.OrdinalIgnoreCase);

    private JsonObject Published(string scheme) =>
        upstream.Mapping(
            upstream.Root["components"].Get("securitySchemes").Get(scheme),
            $"the security scheme {scheme}"
        );
}
