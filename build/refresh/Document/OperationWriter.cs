using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Writes one operation: its parameters, its JSON body, and its success responses.</summary>
internal sealed class OperationWriter(Upstream upstream, SchemaReader reader, SchemaCatalog catalog, List<string> notes)
{
    /// <summary>The description, which OpenAPI requires, of a response that refresh.yaml does not describe.</summary>
    public const string Undescribed = "Success";

    private readonly ParameterWriter _parameters = new(upstream, reader, catalog, notes);

    private sealed record Body(string MediaType, JsonNode Schema);

    /// <summary>The operation with its responses; <see cref="AddBody"/> adds the request body.</summary>
    /// <exception cref="NotSupportedOperationException">No generated method could call it.</exception>
    public JsonObject Write(UpstreamOperation source)
    {
        RefuseServersAndQueries(source);
        var operation = new JsonObject { ["operationId"] = source.Id, ["tags"] = new JsonArray(source.Tag) };
        operation.AddIfAny("summary", source.Config.Summary);
        operation.AddIfAny("description", source.Config.Description);
        operation.AddFlag("deprecated", source.Node.IsTrue("deprecated"));
        if (source.Config.IdempotentReason.Trim() is { Length: > 0 } reason)
        {
            operation["x-idempotent"] = true;
            operation["x-idempotent-reason"] = reason;
        }

        // Everything that may be refused is read before a schema is written.
        var successes = Successes(source);
        _ = RequestBody(source);
        operation.AddIfAny("parameters", _parameters.Write(source));
        operation["responses"] = Responses(source, successes);
        if (source.Config.Paging is { } paging)
            operation["x-orq-paging"] = Paging(paging, operation);

        return operation;
    }

    /// <summary>Inserts the request body before the responses.</summary>
    public void AddBody(JsonObject operation, UpstreamOperation source)
    {
        if (RequestBody(source) is not { } published)
            return;

        var body = new JsonObject();
        body.AddIfAny("description", source.Config.RequestBody);
        body.AddFlag("required", source.Node["requestBody"].IsTrue("required"));

        // A null body is not sent at all.
        var place = $"the request of {source.Id}";
        var schema = catalog.Use(published.Schema, source.Id + "RequestBody", place, Direction.Request);
        body["content"] = Content(published.MediaType, SchemaCatalog.WithoutNull(schema));
        operation.Insert(operation.IndexOf("responses"), "requestBody", body);
    }

    private void RefuseServersAndQueries(UpstreamOperation source)
    {
        var servers = source.Node["servers"] ?? source.PathItem["servers"];
        if (servers is not null && !JsonNode.DeepEquals(servers, upstream.Root["servers"]))
            throw new NotSupportedOperationException("it has servers of its own, but the key is for the document's");

        if (source.Path.IndexOfAny(['?', '#']) >= 0 || Names.BreaksLines(source.Path))
            throw new NotSupportedOperationException("its path has a query, a fragment or a line break");
    }

    /// <summary>The bodies of the declared success responses by status; null for a response without one.</summary>
    private SortedDictionary<string, Body?> Successes(UpstreamOperation source)
    {
        var successes = new SortedDictionary<string, Body?>(StringComparer.Ordinal);
        foreach (var (code, published) in upstream.Mapping(source.Node["responses"], $"the responses of {source}"))
        {
            if (code is ['2', >= '0' and <= '9', >= '0' and <= '9'])
            {
                var response = upstream.Mapping(published, $"the response {code} of {source}");
                var hasNoContent = source.Method == "head" || code is "204" or "205";
                var body = hasNoContent ? null : JsonBody(response, "its success response");

                // An object without properties carries no information.
                var isEmpty = body is not null && reader.Read(body.Schema) is { Properties.Count: 0, Items: null };
                successes[code] = isEmpty ? null : body;
            }
            else if (code.StartsWith('2'))
            {
                throw new NotSupportedOperationException($"its success response {code} is not a status code");
            }
        }

        if (successes.Count == 0)
            throw new NotSupportedOperationException("it declares no success response");

        var schemas = successes.Values.OfType<Body>().Select(b => b.Schema).ToList();
        return schemas.TrueForAll(s => JsonNode.DeepEquals(s, schemas[0]))
            ? successes
            : throw new NotSupportedOperationException("its success responses have different bodies");
    }

    private JsonObject Responses(UpstreamOperation source, SortedDictionary<string, Body?> successes)
    {
        var descriptions = source.Config.Responses;
        notes.AddUnused(descriptions.Keys, successes.Keys, $"{source.Id} has no response");
        JsonObject? schema = null;
        var responses = new JsonObject();
        foreach (var (code, body) in successes)
        {
            var response = new JsonObject { ["description"] = descriptions.GetValueOrDefault(code) ?? Undescribed };
            if (body is not null)
            {
                var place = $"the result of {source.Id}";
                schema ??= catalog.Use(body.Schema, source.Id + "ResponseBody", place, Direction.Response);
                response["content"] = Content(body.MediaType, schema.DeepClone());
            }

            responses[code] = response;
        }

        return responses;
    }

    /// <summary>The configured fields, and <c>item</c>, the class of the items on the pages.</summary>
    private JsonObject Paging(PagingConfig paging, JsonObject operation)
    {
        var page = operation["responses"]!.AsObject().First().Value.ContentSchema();
        var fields = catalog.Find(Target(page)).Map("properties");
        var item = Target(fields[paging.Items].Get("items"));
        if (item.Length == 0)
        {
            throw new BadInputException(
                $"refresh.yaml: the response of {operation["operationId"]} has no list of objects {paging.Items}"
            );
        }

        var optional = operation.List("parameters").Where(p => !p.IsTrue("required")).Select(p => p.Text("name")!);
        RefuseNamesake(paging.Cursor, optional);
        RefuseNamesake(paging.Items, fields.Keys());
        RefuseNamesake(paging.More, fields.Keys());
        RefuseNamesake(paging.Id, catalog.Find(item).Map("properties").Keys());
        var written = JsonSerializer.SerializeToNode(paging, JsonSerializerOptions.Web)!.AsObject();
        written["item"] = item;
        return written;

        // If C# names collide, the generated method uses the first.
        static void RefuseNamesake(string name, IEnumerable<string> names)
        {
            var member = Names.Members([name], n => n, []).Keys.Single();
            var first = Names.Members(names, n => n, []).GetValueOrDefault(member, name);
            if (first != name)
                throw new BadInputException($"refresh.yaml: the pages' {name} would be read from {first}");
        }

        static string Target(JsonNode? schema) => schema.Text("$ref")?.Split('/')[^1] ?? "";
    }

    private static JsonObject Content(string mediaType, JsonNode schema) =>
        new() { [mediaType] = new JsonObject { ["schema"] = schema } };

    private Body? RequestBody(UpstreamOperation source) =>
        source.Node["requestBody"] is { } body
            ? JsonBody(upstream.Mapping(body, $"the request body of {source}"), "its request body")
            : null;

    /// <summary>The media type to use, plain JSON rather than types based on it; null without content.</summary>
    private static Body? JsonBody(JsonObject body, string what)
    {
        var content = body.Map("content");
        if (content.Count == 0)
            return null;

        var types = content.Keys().Order(StringComparer.Ordinal).ToList();
        var json = types.Exists(t => t.Contains("json", StringComparison.OrdinalIgnoreCase)) ? "plain JSON" : "JSON";
        var key =
            types.Find(t => WithoutCharset(t) == "application/json")
            ?? types.FindLast(t => WithoutCharset(t).EndsWith("+json", StringComparison.Ordinal) && !t.Contains('*'))
            ?? throw new NotSupportedOperationException($"{what} is {string.Join(" or ", types)}, not {json}");
        var schema = content[key].Get("schema") ?? throw new NotSupportedOperationException($"{what} has no schema");
        return new(WithoutCharset(key), schema);
    }

    /// <summary>JSON is always UTF-8 (RFC 8259, section 8.1).</summary>
    private static string WithoutCharset(string type) => type.ToLowerInvariant().Replace(" ", "").Split(";charset=")[0];
}
