using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>A refreshed document, and what a person should know about how it came about.</summary>
/// <param name="Document">The OpenAPI document, in its canonical order.</param>
/// <param name="Notes">What was left out and why, and texts that match nothing; a line each.</param>
/// <param name="WithoutText">Schemas, properties, operations that have no text of ours.</param>
internal sealed record Refreshed(
    JsonObject Document,
    IReadOnlyList<string> Notes,
    IReadOnlyList<string> WithoutText
);

/// <summary>Makes our document: a pure function of the upstream document and of <c>refresh.yaml</c>.</summary>
internal static class Refresher
{
    /// <param name="previous">The document as it was, or null; it only helps to say what has become of a lost operation.</param>
    public static Refreshed Refresh(
        Upstream upstream,
        RefreshConfig config,
        JsonObject? previous = null
    )
    {
        var notes = new List<string>();
        var catalog = new SchemaCatalog(new SchemaFlattener(upstream));
        var security = new SecuritySelection(upstream);
        var writer = new OperationWriter(upstream, catalog, security, notes);

        // Requests come first: what they share with responses keeps the limits that requests have to obey.
        var written = Selection(upstream, config, previous)
            .Select(o => writer.Begin(o.Operation, o.Text))
            .OfType<OperationWriter.Draft>()
            .ToList();
        var paths = new JsonObject();
        foreach (var draft in written)
        {
            var path = draft.Source.Path;
            var item = paths[path] as JsonObject ?? [];
            paths[path] = item;
            item[draft.Source.Method] = writer.Complete(draft);
        }

        var operations = written.Select(d => d.Node).ToList();
        var document = new JsonObject { ["openapi"] = "3.1.0", ["info"] = config.Info.DeepClone() };
        AddServers(document, upstream, config, notes);
        if (SecuritySelection.HoistCommon(operations) is { } common)
        {
            document["security"] = common;
        }

        var tags = operations
            .Select(o => o["tags"]?[0]!.ToString())
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        AddTags(document, tags, config, notes);
        document["paths"] = paths;
        var taken = tags.SelectMany(t => (string[])[t + "Client", $"I{t}Client"])
            .Concat(["DefaultClient", "IDefaultClient"])
            .Concat(operations.Select(o => o["operationId"] + "Parameters"));
        var schemas = catalog.Complete(paths, taken);
        var components = new JsonObject();
        if (security.Schemes(operations, document, config, notes) is { Count: > 0 } schemes)
        {
            components["securitySchemes"] = schemes;
        }

        components["schemas"] = schemas;
        document["components"] = components;
        var withoutText = SchemaTexts.Add(schemas, config, notes);
        withoutText.InsertRange(
            0,
            operations.Where(o => o["summary"] is null).Select(o => o["operationId"]!.ToString())
        );
        return new(document, notes, withoutText);
    }

    private static IEnumerable<(UpstreamOperation Operation, OperationText? Text)> Selection(
        Upstream upstream,
        RefreshConfig config,
        JsonObject? previous
    )
    {
        var texts = new Dictionary<UpstreamOperation, OperationText>();
        foreach (var (id, text) in config.Operations.Where(o => o.Key != RefreshConfig.Every))
        {
            var found =
                upstream.Operations.FirstOrDefault(o => o.Id == Names.Pascal(id))
                ?? upstream.Operations.FirstOrDefault(o =>
                    text.Name is not null && o.Id == text.Name
                )
                ?? throw new BadInputException(Nearest.Message(upstream, id, previous));
            texts[found] = text;
        }

        return upstream
            .Operations.Where(o => config.TakesEveryOperation || texts.ContainsKey(o))
            .Select(o => (o, texts.GetValueOrDefault(o)))
            .OrderBy(o => o.o.Path, StringComparer.Ordinal);
    }

    private static void AddServers(
        JsonObject document,
        Upstream upstream,
        RefreshConfig config,
        List<string> notes
    )
    {
        var published = upstream
            .Root.List("servers")
            .Select(ServerUrl)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var urls = config.ReplaceServers ? [.. config.Servers.Keys] : published;
        notes.AddRange(
            config
                .Servers.Keys.Except(urls, StringComparer.Ordinal)
                .Select(u => $"refresh.yaml: no server {u} in the document")
        );
        if (urls.Count > 0)
        {
            document["servers"] = new JsonArray([
                .. urls.Select(u =>
                    config.Servers.TryGetValue(u, out var text)
                        ? new JsonObject { ["url"] = u, ["description"] = text }
                        : new JsonObject { ["url"] = u }
                ),
            ]);
        }
    }

    /// <summary>A server's address with the defaults of its variables.</summary>
    private static string ServerUrl(JsonNode? server)
    {
        var url = server.Text("url") ?? "/";
        foreach (var (name, variable) in server.Map("variables"))
        {
            url = url.Replace("{" + name + "}", variable.Text("default"), StringComparison.Ordinal);
        }

        return url;
    }

    private static void AddTags(
        JsonObject document,
        HashSet<string> tags,
        RefreshConfig config,
        List<string> notes
    )
    {
        notes.AddRange(
            config
                .Tags.Keys.Where(t => !tags.Contains(t))
                .Select(t => $"refresh.yaml: no operation has the tag {t}")
        );
        if (tags.Count > 0)
        {
            document["tags"] = new JsonArray([
                .. tags.Order(StringComparer.Ordinal)
                    .Select(t =>
                        config.Tags.TryGetValue(t, out var text)
                            ? new JsonObject { ["name"] = t, ["description"] = text }
                            : new JsonObject { ["name"] = t }
                    ),
            ]);
        }
    }
}
