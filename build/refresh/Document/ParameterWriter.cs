using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrqGenerated.Refresh;

/// <summary>Writes the parameters that a URL or a header can carry as plain text, in one order.</summary>
internal sealed class ParameterWriter(Upstream upstream, SchemaReader reader, SchemaCatalog catalog, List<string> notes)
{
    private static readonly string[] Places = ["path", "query", "header"];

    /// <summary>Headers that are set for every request, whatever a document says of them.</summary>
    private static readonly string[] HeadersOfEveryRequest =
    [
        .. "accept authorization connection content-encoding content-length content-type host transfer-encoding".Split(
            ' '
        ),
    ];

    /// <summary>RFC 9110, section 5.6.2.</summary>
    private static readonly Regex Token = new(@"^[-!#$%&'*+.^_`|~0-9A-Za-z]+\z", RegexOptions.NonBacktracking);

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

        var texts = source.Text.Parameters;
        notes.AddUnused(texts.Keys, parameters.Select(p => p.Name), $"{source.Id} has no parameter");
        return new JsonArray([
            .. parameters
                .OrderBy(p => Array.IndexOf(Places, p.Place))
                .ThenBy(p => p.Place == "path" ? source.Path.IndexOf($"{{{p.Name}}}", StringComparison.Ordinal) : 0)
                .ThenBy(p => texts.IndexOf(p.Name) is >= 0 and var index ? index : int.MaxValue)
                .ThenBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => Write(p, source.Id, texts.Of(p.Name))),
        ]);
    }

    private sealed record Parameter(string Place, string Name, JsonObject Node)
    {
        public bool IsRequired => Place == "path" || Node.IsTrue("required");
    }

    private IEnumerable<Parameter> Published(UpstreamOperation source)
    {
        // Some documents forget to declare what stands in the path.
        var inPath = source.Path.Split('{').Skip(1).Select(p => p.Split('}')[0]).ToHashSet(StringComparer.Ordinal);
        var published = inPath.ToDictionary(
            n => ("path", n),
            _ => new JsonObject { ["schema"] = new JsonObject { ["type"] = "string" } }
        );
        var what = $"the parameters of {source}";
        var listed = upstream.List(source.PathItem, "parameters", what);
        foreach (var node in listed.Concat(upstream.List(source.Node, "parameters", what)))
        {
            var parameter = upstream.Object(node, $"a parameter of {source}");
            published[(parameter.Text("in") ?? "", parameter.Text("name") ?? "")] = parameter;
        }

        return published
            .Select(p => new Parameter(p.Key.Item1, p.Key.Item2, p.Value))
            .Where(p => p.Place != "path" || inPath.Contains(p.Name));
    }

    /// <summary>Why the parameter cannot be sent, or null.</summary>
    private string? Obstacle(Parameter parameter, List<Parameter> others)
    {
        var form = reader.Read(parameter.Node["schema"] ?? new JsonObject());
        var isList = form.Kind == Kind.Array;
        var items = isList && form.Items is not null ? reader.Read(form.Items).Kind : Kind.Any;
        var usual = parameter.Place == "query" ? "form" : "simple";
        var style = parameter.Node.Text("style") ?? usual;
        return !Places.Contains(parameter.Place) ? "is in a place that the client does not write to"
            : Names.BreaksLines(parameter.Name) ? "has a line break or the like in its name"
            : parameter.Node["schema"] is null ? "has no schema"
            : form.Kind == Kind.Object ? "is an object, which the client does not write into a URL"
            : isList && parameter.Place != "query" ? $"is a list in the {parameter.Place}"
            : items is Kind.Object or Kind.Array ? "is a list of lists or objects"
            : style != usual ? $"has the style {style}"
            : isList && parameter.Node["explode"] is { } explode && !parameter.Node.IsTrue("explode")
                ? $"is a list with explode {explode}"
            : parameter.Place != "header" ? null
            : HeadersOfEveryRequest.Contains(parameter.Name.ToLowerInvariant())
                ? "is a header that every call sets by itself"
            : !Token.IsMatch(parameter.Name) ? "has a name that no header can have"
            : others.Exists(p =>
                p.Place == "header" && p.Name.Equals(parameter.Name, StringComparison.OrdinalIgnoreCase)
            )
                ? "is the same header as another one"
            : null;
    }

    private JsonObject Write(Parameter parameter, string id, string? text)
    {
        var written = new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.Place };
        written.AddText("description", text);
        written.AddFlag("required", parameter.IsRequired);
        written.AddFlag("deprecated", parameter.Node.IsTrue("deprecated"));
        var form = reader.Read(parameter.Node["schema"]);
        var (hint, place) = (id + Names.Pascal(parameter.Name), $"the parameter {parameter.Name} of {id}");
        written["schema"] =
            form.Kind == Kind.Array
                ? new JsonObject
                {
                    ["type"] = "array",
                    ["items"] = Text(form.Items, hint + "Item", "an item of " + place),
                }
                : Text(parameter.Node["schema"], hint, place);
        return written;
    }

    /// <summary>A parameter is text in the end: any value is a string, and instead of null it is left out.</summary>
    private JsonObject Text(JsonNode? schema, string hint, string place)
    {
        var form = reader.Read(schema ?? new JsonObject());
        if (!form.IsScalar)
        {
            notes.AddRange(form.Unsupported is null ? [] : [$"{place} is text: {form.Unsupported}"]);
            return new() { ["type"] = "string" };
        }

        return SchemaCatalog.WithoutNull(catalog.Use(schema, hint, place, Direction.Request));
    }
}
