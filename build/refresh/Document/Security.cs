using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>The client sends its key as a bearer token and nothing else.</summary>
internal sealed class Security(Upstream upstream)
{
    /// <summary>The schemes of an operation, all met by the key; none if it needs no key.</summary>
    /// <exception cref="NotSupportedOperationException">Every alternative needs something else.</exception>
    public List<string> Of(UpstreamOperation operation)
    {
        var alternatives = (operation.Node["security"] is null ? upstream.Root : operation.Node)
            .List("security")
            .Select(r => (r as JsonObject ?? []).Keys().ToList())
            .ToList();
        var met = alternatives.FindAll(a => a.TrueForAll(IsBearer));
        return met.Count == 0 && alternatives.SelectMany(a => a).FirstOrDefault(s => !IsBearer(s)) is { } other
            ? throw new NotSupportedOperationException($"it needs {other}, and the client sends only bearer tokens")
            : [.. met.SelectMany(a => a)];
    }

    /// <summary>The schemes as our document has them.</summary>
    public JsonObject Write(IEnumerable<string> names, Texts texts)
    {
        var schemes = new JsonObject();
        foreach (var name in names)
        {
            var scheme = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" };
            scheme.AddText("bearerFormat", Published(name).Text("bearerFormat"));
            scheme.AddText("description", texts.Of(name));
            schemes[name] = scheme;
        }

        return schemes;
    }

    private bool IsBearer(string scheme) =>
        string.Equals(Published(scheme).Text("scheme"), "bearer", StringComparison.OrdinalIgnoreCase);

    private JsonObject Published(string scheme) =>
        upstream.Object(
            upstream.Root["components"].Get("securitySchemes").Get(scheme),
            $"the security scheme {scheme}"
        );
}
