using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>A refreshed document, and what a person should know about how it came about.</summary>
/// <param name="Document">The OpenAPI document, in its canonical order.</param>
/// <param name="Notes">What was left out and why, and texts that match nothing; a line each.</param>
/// <param name="WithoutText">Operations, responses, schemas and properties that have no text of ours.</param>
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
        var selection = Selection(upstream, config, previous);
        var reader = new SchemaReader(upstream);
        var catalog = new SchemaCatalog(reader, TakenNames(selection), notes);
        var security = new Security(upstream);
        var writer = new OperationWriter(upstream, reader, catalog, notes);

        // Responses come first, so that a schema for both directions keeps its name there.
        var written = new List<(UpstreamOperation Source, OperationText Text, JsonObject Node)>();
        var leftOut = new List<string>();
        foreach (var (source, text) in selection)
        {
            try
            {
                var schemes = security.Of(source);
                written.Add((source, text, writer.Write(source, text)));
                security.Use(schemes);
            }
            catch (NotSupportedOperationException e)
            {
                leftOut.Add($"{source} is left out: {e.Message}");
                if (!config.TakesEveryOperation)
                {
                    throw new BadInputException(leftOut[^1], e);
                }
            }
        }

        if (written.Count == 0 && leftOut.Count > 0)
        {
            throw new BadInputException(
                leftOut[0] + (leftOut.Count > 1 ? ", and so are all others" : "")
            );
        }

        var paths = new JsonObject();
        foreach (var (source, text, operation) in written)
        {
            notes.AddRange(
                source.Renamed is null ? [] : [$"{source} is named by its route: {source.Renamed}"]
            );
            writer.AddBody(operation, source, text);
            var item = paths[source.Path] as JsonObject ?? [];
            paths[source.Path] = item;
            item[source.Method] = operation;
        }

        var operations = written.Select(w => w.Node).ToList();
        var components = new JsonObject();
        var document = new JsonObject { ["openapi"] = "3.1.0", ["info"] = config.Info.DeepClone() };
        AddServers(document, upstream, config, notes);
        security.Write(document, components, config, notes);
        AddTags(document, operations, config, notes);
        document["paths"] = paths;
        document["components"] = components;
        var schemas = catalog.Schemas;
        components["schemas"] = schemas;
        var withoutText = WithoutText(written).Concat(SchemaTexts.Add(schemas, config, notes));
        return new(
            document,
            [.. leftOut, .. notes.Distinct(StringComparer.Ordinal)],
            [.. withoutText]
        );
    }

    private static List<(UpstreamOperation Operation, OperationText Text)> Selection(
        Upstream upstream,
        RefreshConfig config,
        JsonObject? previous
    )
    {
        var texts = new Dictionary<UpstreamOperation, OperationText>();
        foreach (var (id, text) in config.Operations.Where(o => o.Key != RefreshConfig.Every))
        {
            var found = upstream
                .Operations.Where(o =>
                    o.Route == id || Names.Pascal(o.PublishedId) == Names.Pascal(id)
                )
                .ToList();
            if (found.Count == 0)
            {
                found =
                [
                    .. upstream.Operations.Where(o => text.Name is not null && o.Id == text.Name),
                ];
            }

            texts[
                found switch
                {
                    [var only] => only,
                    [] => throw new BadInputException(Nearest.Message(upstream, id, previous)),
                    _ => throw new BadInputException(
                        $"{id} is the operationId of {string.Join(" and ", found.Select(o => o.Route))}; "
                            + "refresh.yaml can name one by its route"
                    ),
                }
            ] = text;
        }

        return
        [
            .. upstream
                .Operations.Where(o => config.TakesEveryOperation || texts.ContainsKey(o))
                .Select(o => (o, texts.GetValueOrDefault(o, OperationText.None))),
        ];
    }

    /// <summary>The names of classes that are made of something else than schemas.</summary>
    private static HashSet<string> TakenNames(
        List<(UpstreamOperation Operation, OperationText Text)> selection
    )
    {
        var tags = selection
            .SelectMany(o => o.Operation.Node.List("tags").Take(1))
            .Select(t => Names.ForTag(t!.ToString()))
            .Append("Default");
        return tags.SelectMany(t => (string[])[t + "Client", $"I{t}Client"])
            .Concat(selection.Select(o => (o.Text.Name ?? o.Operation.Id) + "Parameters"))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static void AddServers(
        JsonObject document,
        Upstream upstream,
        RefreshConfig config,
        List<string> notes
    )
    {
        var urls = config.ReplaceServers
            ? [.. config.Servers.Keys]
            : upstream
                .Root.List("servers")
                .Select((s, i) => ServerUrl(upstream, s, i))
                .Distinct(StringComparer.Ordinal)
                .ToList();
        notes.AddRange(
            config
                .Servers.Keys.Except(urls, StringComparer.Ordinal)
                .Select(u => $"refresh.yaml: no server {u} in the document")
        );
        if (urls.Count > 0)
        {
            document["servers"] = new JsonArray([
                .. urls.Select(u => Described("url", u, config.Servers)),
            ]);
        }
    }

    /// <summary>A server's address with the defaults of its variables.</summary>
    private static string ServerUrl(Upstream upstream, JsonNode? server, int index)
    {
        var url = server.Text("url") ?? "/";
        foreach (var (name, variable) in server.Map("variables"))
        {
            url = url.Replace("{" + name + "}", variable.Text("default"), StringComparison.Ordinal);
        }

        return
            url.Contains('{', StringComparison.Ordinal)
            || !Uri.TryCreate(url, UriKind.RelativeOrAbsolute, out _)
            ? throw new BadInputException(
                $"{upstream.Name}: servers[{index}].url is {url}, which is no address; a variable of it may lack its default"
            )
            : url;
    }

    private static void AddTags(
        JsonObject document,
        List<JsonObject> operations,
        RefreshConfig config,
        List<string> notes
    )
    {
        var tags = operations
            .SelectMany(o => o.List("tags"))
            .Select(t => t!.ToString())
            .ToHashSet(StringComparer.Ordinal);
        notes.AddRange(
            config
                .Tags.Keys.Where(t => !tags.Contains(t))
                .Select(t => $"refresh.yaml: no operation has the tag {t}")
        );
        if (tags.Count > 0)
        {
            document["tags"] = new JsonArray([
                .. tags.Order(StringComparer.Ordinal)
                    .Select(t => Described("name", t, config.Tags)),
            ]);
        }
    }

    private static JsonObject Described(
        string key,
        string value,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var described = new JsonObject { [key] = value };
        described.AddText("description", texts.GetValueOrDefault(value));
        return described;
    }

    private static IEnumerable<string> WithoutText(
        IEnumerable<(UpstreamOperation Source, OperationText Text, JsonObject Node)> written
    )
    {
        foreach (var (_, text, operation) in written)
        {
            var id = operation["operationId"]!.ToString();
            if (text.Summary is null)
            {
                yield return id;
            }

            foreach (
                var code in operation
                    .Map("responses")
                    .Select(r => r.Key)
                    .Except(text.Responses.Keys, StringComparer.Ordinal)
            )
            {
                yield return $"{id} {code}";
            }
        }
    }
}
