using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrqGenerated.Refresh;

/// <summary>Writes the parameters that a URL or a header can carry as plain text, in a fixed order.</summary>
internal sealed class ParameterWriter(Upstream upstream, SchemaReader reader, SchemaCatalog catalog, List<string> notes)
{
    private static readonly string[] Places = ["path", "query", "header"];

    /// <summary>Headers that the client sets on every request.</summary>
    private static readonly string[] ReservedHeaders =
    [
        .. "accept authorization connection content-encoding".Split(' '),
        .. "content-length content-type host transfer-encoding".Split(' '),
    ];

    /// <summary>RFC 9110, section 5.6.2.</summary>
    private static readonly Regex Token = new(@"^[-!#$%&'*+.^_`|~0-9A-Za-z]+\z", RegexOptions.NonBacktracking);

    private sealed record Parameter(string Place, string Name, JsonObject Node)
    {
        public bool IsRequired => Place == "path" || Node.IsTrue("required");
    }

    /// <exception cref="NotSupportedOperationException">A required parameter cannot be sent.</exception>
    public JsonArray Write(UpstreamOperation source)
    {
        var parameters = new List<Parameter>();
        foreach (var parameter in Published(source))
        {
            var what = $"its {parameter.Place} parameter {parameter.Name}";
            switch (Obstacle(parameter, parameters))
            {
                case null:
                    parameters.Add(parameter);
                    break;
                case var obstacle when parameter.IsRequired:
                    throw new NotSupportedOperationException($"{what} {obstacle}");
                case var obstacle:
                    notes.Add($"{source}: {what} is left out: it {obstacle}");
                    break;
            }
        }

        var descriptions = source.Config.Parameters;
        notes.AddUnused(descriptions.Keys, parameters.Select(p => p.Name), $"{source.Id} has no parameter");
        return new JsonArray([
            .. parameters
                .OrderBy(p => Array.IndexOf(Places, p.Place))
                .ThenBy(p => p.Place == "path" ? source.Path.IndexOf($"{{{p.Name}}}", StringComparison.Ordinal) : 0)
                .ThenBy(p => descriptions.IndexOf(p.Name) is >= 0 and var index ? index : int.MaxValue)
                .ThenBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => Write(p, source.Id, descriptions.GetValueOrDefault(p.Name))),
        ]);
    }

    private IEnumerable<Parameter> Published(UpstreamOperation source)
    {
        // Some documents do not declare all parameters of a path.
        var inPath = source.Path.Split('{').Skip(1).Select(p => p.Split('}')[0]).ToHashSet(StringComparer.Ordinal);
        var published = inPath.ToDictionary(
            n => ("path", n),
            _ => new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } }
        );
        var what = $"the parameters of {source}";
        var listed = upstream.List(source.PathItem, "parameters", what);
        foreach (var node in listed.Concat(upstream.List(source.Node, "parameters", what)))
        {
            var parameter = upstream.Mapping(node, $"a parameter of {source}");
            published[(parameter.Text("in") ?? "", parameter.Text("name") ?? "")] = parameter;
        }

        return published
            .Select(p => new Parameter(p.Key.Item1, p.Key.Item2, p.Value))
            .Where(p => p.Place != "path" || inPath.Contains(p.Name));
    }

    /// <summary>Why the parameter cannot be sent, or null.</summary>
    private string? Obstacle(Parameter parameter, List<Parameter> others)
    {
        var (place, name, node) = parameter;
        var form = reader.Read(node["schema"] ?? new JsonObject());
        var isList = form.Kind == Kind.Array;
        var items = isList && form.Items is not null ? reader.Read(form.Items).Kind : Kind.Any;
        var usual = place == "query" ? "form" : "simple";
        var style = node.Text("style") ?? usual;
        return !Places.Contains(place) ? "is in a place that the client does not support"
            : Names.BreaksLines(name) ? "has a line break or a control character in its name"
            : node["schema"] is null ? "has no schema"
            : form.Kind == Kind.Object ? "is an object, which the client does not write into a URL"
            : isList && place != "query" ? $"is a list in the {place}"
            : items is Kind.Object or Kind.Array ? "is a list of lists or objects"
            : style != usual ? $"has the style {style}"
            : isList && node["explode"] is { } explode && !node.IsTrue("explode") ? $"is a list with explode {explode}"
            : place != "header" ? null
            : ReservedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase) ? "is a header that every call sets"
            : !Token.IsMatch(name) ? "has a name that no header can have"
            : others.Exists(p => p.Place == "header" && p.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                ? "is the same header as another one"
            : null;
    }

    private JsonObject Write(Parameter parameter, string id, string? description)
    {
        var written = new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.Place };
        written.AddIfAny("description", description);
        written.AddFlag("required", parameter.IsRequired);
        written.AddFlag("deprecated", parameter.Node.IsTrue("deprecated"));
        var schema = parameter.Node["schema"];
        var form = reader.Read(schema);
        var hint = id + Names.Pascal(parameter.Name);
        var place = $"the parameter {parameter.Name} of {id}";
        written["schema"] =
            form.Kind == Kind.Array
                ? new() { ["type"] = "array", ["items"] = Scalar(form.Items, hint + "Item", "an item of " + place) }
                : Scalar(schema, hint, place);
        return written;
    }

    /// <summary>Other values are sent as strings, and null is not sent at all.</summary>
    private JsonObject Scalar(JsonNode? schema, string hint, string place)
    {
        var form = reader.Read(schema ?? new JsonObject());
        if (form.IsScalar)
            return SchemaCatalog.WithoutNull(catalog.Use(schema, hint, place, Direction.Request));

        if (form.Unsupported is not null)
            notes.Add($"{place} is sent as a string: {form.Unsupported}");

        return new() { ["type"] = "string" };
    }
}
