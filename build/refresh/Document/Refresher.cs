using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>A refreshed document, and what a person should know about how it came about.</summary>
/// <param name="Document">The OpenAPI document, in its canonical order.</param>
/// <param name="Notes">What was left out and why, and texts that match nothing; a line each.</param>
internal sealed record Refreshed(JsonObject Document, IReadOnlyList<string> Notes);

/// <summary>Makes our document: a pure function of the upstream document and of <c>refresh.yaml</c>.</summary>
internal sealed class Refresher(Upstream upstream, RefreshConfig config)
{
    private readonly List<string> _notes = [];

    /// <param name="previous">The document as it was, or null; it helps to say what became of a lost operation.</param>
    public Refreshed Refresh(JsonObject? previous = null)
    {
        var selection = Selection(previous);
        var byId = selection.ToLookup(o => o.Id, StringComparer.OrdinalIgnoreCase);
        var byTag = selection
            .DistinctBy(o => o.Tag, StringComparer.Ordinal)
            .ToLookup(o => o.Tag, StringComparer.OrdinalIgnoreCase);
        var reader = new SchemaReader(upstream);
        var catalog = new SchemaCatalog(reader, config, TakenNames(selection), _notes);
        var security = new Security(upstream);
        var writer = new OperationWriter(upstream, reader, catalog, _notes);

        // Responses come first, so that a schema for both directions keeps its name there.
        var written = new List<(UpstreamOperation Source, JsonObject Node)>();
        var others = config.TakesEveryOperation ? upstream.OtherRoutes : [];
        var leftOut = others.Select(o => $"{o} is left out: the client has no such method").ToList();
        var schemes = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var source in selection)
        {
            try
            {
                RefuseNameOfAnother(source, byId, byTag);
                var keys = security.Of(source);
                written.Add((source, writer.Write(source)));
                schemes.UnionWith(keys);
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
            throw new BadInputException(leftOut[0] + (leftOut.Count > 1 ? ", and so are all others" : ""));
        }

        var paths = new JsonObject();
        foreach (var (source, operation) in written)
        {
            writer.AddBody(operation, source);
            paths.TryAdd(source.Path, new JsonObject());
            paths[source.Path]![source.Method] = operation;
        }

        var document = new JsonObject { ["openapi"] = "3.1.0", ["info"] = config.Info.DeepClone() };
        var tags = written.Select(w => w.Source.Tag).Order(StringComparer.Ordinal);
        var components = new JsonObject();
        AddList(document, "servers", "url", Servers(), config.Servers);
        if (schemes.Count > 0)
        {
            document["security"] = new JsonArray([.. schemes.Select(s => new JsonObject { [s] = new JsonArray() })]);
            components["securitySchemes"] = security.Write(schemes, config.SecuritySchemes);
        }

        AddList(document, "tags", "name", tags, config.Tags);
        document["paths"] = paths;
        document["components"] = components;
        components["schemas"] = catalog.Schemas;
        _notes.AddUnused(config.Schemas, components.Map("schemas").Keys(), "no schema is named");
        _notes.AddUnused(config.SecuritySchemes, schemes, "no operation uses the security scheme");
        return new(document, [.. leftOut, .. _notes.Distinct(StringComparer.Ordinal)]);
    }

    private List<UpstreamOperation> Selection(JsonObject? previous)
    {
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, text) in config.Operations.Where(o => o.Key != RefreshConfig.Every))
        {
            var found = upstream.Operations.Where(o =>
                o.Route == id || Names.Pascal(o.PublishedId) == Names.Pascal(id)
            );
            var name = text.Text("name");
            var renamed = upstream.Operations.Where(o => name is not null && o.Id == Names.Pascal(name));
            var operation = (found.Any() ? found : renamed).ToList() switch
            {
                [var only] => only,
                [] => throw new BadInputException(Nearest.Message(upstream, id, previous)),
                var several => throw new BadInputException(
                    $"{id} is the operationId of {string.Join(" and ", several.Select(o => o.Route))}; "
                        + "refresh.yaml can name one by its route"
                ),
            };
            if (!entries.TryAdd(operation.Route, id))
            {
                throw new BadInputException($"refresh.yaml: {entries[operation.Route]} and {id} are one operation");
            }
        }

        return
        [
            .. upstream
                .Operations.Where(o => config.TakesEveryOperation || entries.ContainsKey(o.Route))
                .Select(o => o with { Text = config.Operations.Map(entries.GetValueOrDefault(o.Route, "")) }),
        ];
    }

    /// <summary>
    /// An operation has two methods, of which the second one's name ends in WithResponse; a tag has a class and an
    /// interface, whose name begins with I.
    /// </summary>
    private static void RefuseNameOfAnother(
        UpstreamOperation source,
        ILookup<string, UpstreamOperation> byId,
        ILookup<string, UpstreamOperation> byTag
    )
    {
        var (id, tag) = (source.Id, source.Tag);
        var other = byId[id].Concat(byId[id + "WithResponse"]).FirstOrDefault(o => o.Route != source.Route);
        var ofInterface = tag.StartsWith('I') ? byTag[tag[1..]] : [];
        var namesake = byTag[tag].Concat(ofInterface).FirstOrDefault(o => o.Tag != tag);
        var obstacle =
            other is not null
                ? $"a method of it would be called like one of {other.Route} (refresh.yaml can rename one by its route)"
            : namesake is not null ? $"a type of its client would be called like one of {namesake.Route}"
            : null;
        if (obstacle is not null)
        {
            throw new NotSupportedOperationException(obstacle);
        }
    }

    /// <summary>The names of classes, and of codecs, that are made of something else than schemas.</summary>
    private static HashSet<string> TakenNames(List<UpstreamOperation> selection) =>
        selection
            .SelectMany(o =>
                (string[])[$"{o.Tag}Client", $"I{o.Tag}Client", $"{o.Tag}ClientExtensions", $"{o.Id}Parameters"]
            )
            .Append("JsonCodec")
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private List<string> Servers()
    {
        var urls = new List<string>();
        foreach (var (index, server) in upstream.List(upstream.Root, "servers", "the servers").Index())
        {
            var url = server.Text("url") ?? "missing";
            foreach (var (name, variable) in server.Map("variables"))
            {
                var placeholder = $"{{{name}}}";
                url = url.Replace(placeholder, variable.Text("default") ?? placeholder, StringComparison.Ordinal);
            }

            var isAddress =
                Uri.TryCreate(url, UriKind.Absolute, out var uri)
                && uri is { Scheme: "http" or "https", UserInfo: "" }
                && url.IndexOfAny(['{', '?', '#']) < 0;
            if (!isAddress)
            {
                throw new BadInputException(
                    $"{upstream.Name}: servers[{index}].url is {url}, which is no http(s) address without user info, "
                        + "query and fragment; a variable of it may lack its default"
                );
            }

            urls.Add(url);
        }

        if (urls.Count == 0)
        {
            _notes.Add($"{upstream.Name} has no servers: clients call https://my.orq.ai unless ServerUrl is set");
        }

        return urls;
    }

    /// <summary>Adds a list of things with our texts, unless there is none.</summary>
    private void AddList(JsonObject document, string list, string key, IEnumerable<string> values, JsonObject texts)
    {
        var described = new JsonArray();
        foreach (var value in values.Distinct(StringComparer.Ordinal))
        {
            var item = new JsonObject { [key] = value };
            item.AddText("description", texts.Text(value));
            described.Add(item);
        }

        _notes.AddUnused(texts, described.Select(d => d.Text(key)!), $"the document's {list} lack");
        if (described.Count > 0)
        {
            document[list] = described;
        }
    }
}
