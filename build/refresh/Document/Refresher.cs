using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <param name="Document">The OpenAPI document, in its canonical order.</param>
/// <param name="Notes">What was left out and why, and unused entries of refresh.yaml; a line each.</param>
internal sealed record Refreshed(JsonObject Document, IReadOnlyList<string> Notes);

/// <summary>Creates our document, a pure function of the upstream document and <c>refresh.yaml</c>.</summary>
internal sealed class Refresher(Upstream upstream, RefreshConfig config)
{
    private readonly List<string> _leftOut = [];
    private readonly List<string> _notes = [];
    private readonly Security _security = new(upstream);

    /// <param name="Schemes">The security schemes that it accepts.</param>
    private sealed record Written(UpstreamOperation Source, List<string> Schemes, JsonObject Node);

    public Refreshed Refresh()
    {
        var selection = Selection();
        var reader = new SchemaReader(upstream);
        var catalog = new SchemaCatalog(reader, config, TakenNames(selection), _notes);
        var writer = new OperationWriter(upstream, reader, catalog, _notes);

        // Responses come first, so that there a schema used in both directions keeps its name.
        var written = WriteOperations(selection, writer);
        var paths = new JsonObject();
        foreach (var (source, _, operation) in written)
        {
            writer.AddBody(operation, source);
            paths.TryAdd(source.Path, new JsonObject());
            paths[source.Path]![source.Method] = operation;
        }

        var document = new JsonObject { ["openapi"] = "3.1.0", ["info"] = config.Info.DeepClone() };
        var components = new JsonObject();
        AddList(document, "servers", "url", Servers(), config.Servers);
        var schemes = new SortedSet<string>(written.SelectMany(w => w.Schemes), StringComparer.Ordinal);
        document.AddIfAny(
            "security",
            new JsonArray([.. schemes.Select(s => new JsonObject { [s] = new JsonArray() })])
        );
        components.AddIfAny("securitySchemes", _security.Write(schemes, config.SecuritySchemes));
        var tags = written.Select(w => w.Source.Tag).Order(StringComparer.Ordinal);
        AddList(document, "tags", "name", tags, config.Tags);
        document["paths"] = paths;
        document["components"] = components;
        components["schemas"] = catalog.Schemas;
        _notes.AddUnused(config.Schemas.Keys, components.Map("schemas").Keys(), "no schema is named");
        _notes.AddUnused(config.SecuritySchemes.Keys, schemes, "no operation uses the security scheme");
        return new(document, [.. _leftOut, .. _notes.Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>The operations to write, each with its entry of refresh.yaml.</summary>
    private List<UpstreamOperation> Selection()
    {
        var idsByRoute = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, entry) in config.Operations.Where(o => o.Key != RefreshConfig.Every))
        {
            var route = Find(id, entry?.Name).Route;
            if (!idsByRoute.TryAdd(route, id))
                throw new BadInputException($"refresh.yaml: {idsByRoute[route]} and {id} are one operation");
        }

        var selection = new List<UpstreamOperation>();
        foreach (var operation in upstream.Operations)
        {
            if (idsByRoute.TryGetValue(operation.Route, out var id))
                selection.Add(operation with { Config = config.Operations[id] ?? new() });
            else if (config.TakesEveryOperation)
                selection.Add(operation);
        }

        return selection;
    }

    /// <param name="name">Its name in refresh.yaml, which is its operationId in our own document.</param>
    private UpstreamOperation Find(string id, string? name)
    {
        var published = upstream.Operations.Where(o =>
            o.Route == id || Names.Pascal(o.PublishedId) == Names.Pascal(id)
        );
        var renamed = upstream.Operations.Where(o => name is not null && o.Id == Names.Pascal(name));
        return (published.Any() ? published : renamed).ToList() switch
        {
            [var only] => only,
            [] => throw new BadInputException($"{id} is not in this document{Nearest(id)}"),
            var several => throw new BadInputException(
                $"{id} is the operationId of {string.Join(" and ", several.Select(o => o.Route))}; "
                    + "refresh.yaml can name one by its route"
            ),
        };
    }

    /// <summary>Suggests the operation whose request resembles the one in refresh.yaml most.</summary>
    private string? Nearest(string id)
    {
        var known = config.Schemas.GetValueOrDefault(Names.Pascal(id) + "RequestBody")?.Properties ?? [];
        return upstream
            .Operations.Select(o => (Operation: o, Fields: Fields(o)))
            .Select(o => (o.Operation, o.Fields.Count, Common: o.Fields.Count(known.ContainsKey)))
            .Where(o => o.Common > 0)
            .OrderByDescending(o => (double)o.Common / (o.Count + known.Count))
            .Select(o => $"; the nearest one is {o.Operation}")
            .FirstOrDefault();
    }

    private List<string> Fields(UpstreamOperation operation)
    {
        var schema = operation.Node["requestBody"].ContentSchema();
        schema = schema.Text("$ref") is { } reference ? upstream.Resolve(reference).Schema : schema;
        return [.. schema.Map("properties").Keys()];
    }

    /// <summary>The names of generated classes and codecs that do not come from schemas.</summary>
    private static HashSet<string> TakenNames(List<UpstreamOperation> selection) =>
        selection
            .SelectMany(o =>
                (string[])[$"{o.Tag}Client", $"I{o.Tag}Client", $"{o.Tag}ClientExtensions", $"{o.Id}Parameters"]
            )
            .Append("JsonCodec")
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Writes the operations that the client can call, without their request bodies.</summary>
    private List<Written> WriteOperations(List<UpstreamOperation> selection, OperationWriter writer)
    {
        var byId = selection.ToLookup(o => o.Id, StringComparer.OrdinalIgnoreCase);
        var written = new List<Written>();
        var unsupported = config.TakesEveryOperation ? upstream.UnsupportedRoutes : [];
        _leftOut.AddRange(unsupported.Select(r => $"{r} is left out: the client has no such method"));
        foreach (var source in selection)
        {
            try
            {
                RefuseNamesake(source, byId);
                written.Add(new(source, _security.Of(source), writer.Write(source)));
            }
            catch (NotSupportedOperationException e)
            {
                _leftOut.Add($"{source} is left out: {e.Message}");
                if (!config.TakesEveryOperation)
                    throw new BadInputException(_leftOut[^1], e);
            }
        }

        if (written.Count == 0 && _leftOut.Count > 0)
            throw new BadInputException(_leftOut[0] + (_leftOut.Count > 1 ? ", and so are all others" : ""));

        return written;
    }

    /// <summary>Each operation has a second method, whose name ends in WithResponse.</summary>
    private static void RefuseNamesake(UpstreamOperation source, ILookup<string, UpstreamOperation> byId)
    {
        var namesakes = byId[source.Id].Concat(byId[source.Id + "WithResponse"]);
        if (namesakes.FirstOrDefault(o => o.Route != source.Route) is { } other)
        {
            throw new NotSupportedOperationException(
                $"one of its methods would have the name of one of {other.Route} "
                    + "(refresh.yaml can rename one by its route)"
            );
        }
    }

    private List<string> Servers()
    {
        var urls = new List<string>();
        foreach (var (index, server) in upstream.List(upstream.Root, "servers", "the servers").Index())
        {
            var url = server.Text("url") ?? "missing";
            foreach (var (name, variable) in server.Map("variables"))
            {
                var placeholder = $"{{{name}}}";
                url = url.Replace(placeholder, variable.Text("default") ?? placeholder);
            }

            var isValid =
                Uri.TryCreate(url, UriKind.Absolute, out var uri)
                && uri is { Scheme: "http" or "https", UserInfo: "" }
                && url.IndexOfAny(['{', '?', '#']) < 0;
            if (!isValid)
            {
                throw new BadInputException(
                    $"{upstream.Name}: servers[{index}].url is {url}, which is not an http(s) address without "
                        + "user info, query and fragment; a variable of it may lack a default"
                );
            }

            urls.Add(url);
        }

        if (urls.Count == 0)
            _notes.Add($"{upstream.Name} has no servers: clients call https://my.orq.ai unless ServerUrl is set");

        return urls;
    }

    /// <summary>Adds a list with our descriptions, unless it is empty.</summary>
    private void AddList(JsonObject document, string list, string key, IEnumerable<string> values, Descriptions ours)
    {
        var described = new JsonArray();
        foreach (var value in values.Distinct(StringComparer.Ordinal))
        {
            var item = new JsonObject { [key] = value };
            item.AddIfAny("description", ours.GetValueOrDefault(value));
            described.Add(item);
        }

        _notes.AddUnused(ours.Keys, described.Select(d => d.Text(key)!), $"the document's {list} lack");
        document.AddIfAny(list, described);
    }
}
