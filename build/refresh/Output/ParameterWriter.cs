using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Writes the parameters that a URL or a header can carry, in one order.</summary>
internal sealed class ParameterWriter(Upstream upstream, SchemaCatalog catalog, List<string> notes)
{
    private static readonly string[] Places = ["path", "query", "header"];

    private readonly SchemaFlattener _flattener = new(upstream);

    /// <returns>Why the operation cannot be called, or null when its parameters have been added.</returns>
    public string? TryAdd(JsonObject operation, UpstreamOperation source, OperationText? text)
    {
        var id = operation["operationId"]!.ToString();
        var order = text?.Parameters.Keys.ToList() ?? [];
        var written = new JsonArray();
        foreach (var parameter in InCallOrder(Published(source), source.Path, order))
        {
            var schema = Schema(id, parameter, out var obstacle);
            if (schema is not null)
            {
                written.Add(
                    Write(parameter, schema, text?.Parameters.GetValueOrDefault(parameter.Name))
                );
                continue;
            }

            var what = $"its {parameter.Place} parameter {parameter.Name}";
            if (parameter.IsRequired && parameter.Place != "cookie")
            {
                return $"{what} {obstacle}";
            }

            notes.Add($"{source}: {what} is left out: it {obstacle}");
        }

        var names = written.Select(p => p.Text("name"));
        notes.AddRange(
            order
                .Except(names, StringComparer.Ordinal)
                .Select(n => $"refresh.yaml: {id} has no parameter {n}")
        );
        if (written.Count > 0)
        {
            operation["parameters"] = written;
        }

        return null;
    }

    private sealed record Parameter(string Place, string Name, JsonObject Node)
    {
        public bool IsRequired => Place == "path" || Node.IsTrue("required");
    }

    /// <summary>Path parameters as the path has them, then ours in our order, then the others by name.</summary>
    private static IEnumerable<Parameter> InCallOrder(
        IEnumerable<Parameter> parameters,
        string path,
        List<string> ours
    ) =>
        parameters
            .OrderBy(p => Array.IndexOf(Places, p.Place))
            .ThenBy(p =>
                p.Place == "path" ? path.IndexOf("{" + p.Name + "}", StringComparison.Ordinal) : 0
            )
            .ThenBy(p => ours.Contains(p.Name) ? ours.IndexOf(p.Name) : int.MaxValue)
            .ThenBy(p => p.Name, StringComparer.Ordinal);

    private IEnumerable<Parameter> Published(UpstreamOperation source)
    {
        var inPath = source.Path.Split('{').Skip(1).Select(p => p.Split('}')[0]).ToList();

        // Some documents forget to declare what stands in the path.
        var published = inPath.ToDictionary(
            n => ("path", n),
            _ => new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } }
        );
        foreach (
            var list in (JsonNode?[])[source.PathItem["parameters"], source.Node["parameters"]]
        )
        {
            foreach (var node in list as JsonArray ?? [])
            {
                var parameter = upstream.Object(node, $"a parameter of {source}");
                published[
                    (parameter["in"]?.ToString() ?? "", parameter["name"]?.ToString() ?? "")
                ] = parameter;
            }
        }

        return published
            .Select(p => new Parameter(p.Key.Item1, p.Key.Item2, p.Value))
            .Where(p => p.Place != "path" || inPath.Contains(p.Name, StringComparer.Ordinal))
            .Where(p => !IsSetByTheTransport(p));
    }

    /// <summary>Headers of which OpenAPI says to ignore them as parameters, since other parts speak of them.</summary>
    private static bool IsSetByTheTransport(Parameter parameter) =>
        parameter.Place == "header"
        && parameter.Name.ToUpperInvariant() is "ACCEPT" or "CONTENT-TYPE" or "AUTHORIZATION";

    private JsonObject? Schema(string operationId, Parameter parameter, out string obstacle)
    {
        if (!Places.Contains(parameter.Place))
        {
            obstacle = "is in a place that a client does not write to";
            return null;
        }

        if (parameter.Node["schema"] is not { } published)
        {
            obstacle = "has no schema";
            return null;
        }

        obstacle = "is an object, for which a URL has no form";
        var schema = TextSchema(published);
        return schema is null
            ? null
            : catalog.Use(schema, operationId + Names.Pascal(parameter.Name), Direction.Request);
    }

    /// <summary>A parameter is text in the end: any value is a string, and null is leaving it out.</summary>
    private JsonNode? TextSchema(JsonNode schema)
    {
        var flat = _flattener.Flatten(schema);
        return flat.Kind switch
        {
            Kind.Object => null,
            Kind.Any or Kind.Null => new JsonObject { ["type"] = "string" },
            Kind.Array => new JsonObject
            {
                ["type"] = "array",
                ["items"] = TextItems(flat.Items).DeepClone(),
            },
            _ when flat.Nullable == true => new JsonObject
            {
                ["allOf"] = new JsonArray(schema.DeepClone()),
                ["type"] = flat.TypeName,
            },
            _ => schema,
        };
    }

    private JsonNode TextItems(JsonNode? items) =>
        items is not null
        && _flattener.Flatten(items).Kind
            is Kind.String
                or Kind.Integer
                or Kind.Number
                or Kind.Boolean
            ? items
            : new JsonObject { ["type"] = "string" };

    private static JsonObject Write(Parameter parameter, JsonObject schema, string? text)
    {
        var written = new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.Place };
        written.AddText("description", text);
        foreach (
            var (key, isSet) in (ReadOnlySpan<(string, bool)>)
                [
                    ("required", parameter.IsRequired),
                    ("deprecated", parameter.Node.IsTrue("deprecated")),
                ]
        )
        {
            if (isSet)
            {
                written[key] = true;
            }
        }

        // One parameter per item is the default, and the only form of a list that needs no word.
        var style = parameter.Node["style"]?.ToString() ?? "form";
        var isExploded = parameter.Node["explode"] is null
            ? style == "form"
            : parameter.Node.IsTrue("explode");
        if (parameter.Place == "query" && schema["type"]?.ToString() == "array" && !isExploded)
        {
            written["style"] = style is "spaceDelimited" or "pipeDelimited" ? style : "form";
            written["explode"] = false;
        }

        written["schema"] = schema;
        return written;
    }
}
