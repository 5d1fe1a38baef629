using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>The client sends its key as a bearer token and nothing else.</summary>
internal sealed class Security(Upstream upstream)
{
    /// <summary>The schemes of an operation, all met by the key; none if it needs no key.</summary>
    /// <exception cref="NotSupportedOperationException">One of them is met by something else.</exception>
    public List<string> Of(UpstreamOperation operation)
    {
        var schemes = (operation.Node["security"] is null ? upstream.Root : operation.Node)
            .List("security")
            .SelectMany(r => (r as JsonObject ?? []).Keys())
            .ToList();
        return schemes.Find(s => !IsBearer(s)) is { } other
            ? throw new NotSupportedOperationException($"it needs {other}, and the client sends only bearer tokens")
            : schemes;
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
        string.Equals(Published(scheme).Text("scheme"), "bearer", StringComparison.OrdinalIgnoreCase);

    private JsonObject Published(string scheme) =>
        upstream.Object(
            upstream.Root["components"].Get("securitySchemes").Get(scheme),
            $"the security scheme {scheme}"
        );
}
