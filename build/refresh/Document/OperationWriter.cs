using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>
/// No generated method could call the operation as published. The message says why, without its name.
/// </summary>
internal sealed class NotSupportedOperationException(string message) : BadInputException(message);

/// <summary>Writes one operation: its parameters, its JSON body, and its success responses.</summary>
internal sealed class OperationWriter(Upstream upstream, SchemaReader reader, SchemaCatalog catalog, List<string> notes)
{
    private readonly ParameterWriter _parameters = new(upstream, reader, catalog, notes);

    /// <summary>The operation with its responses; <see cref="AddBody"/> adds the request body.</summary>
    /// <exception cref="NotSupportedOperationException">No generated method could call it.</exception>
    public JsonObject Write(UpstreamOperation source)
    {
        RefuseServersAndQueries(source);
        var operation = new JsonObject { ["operationId"] = source.Id, ["tags"] = new JsonArray(source.Tag) };
        operation.AddText("summary", source.Text.Summary);
        operation.AddText("description", source.Text.Description);
        operation.AddFlag("deprecated", source.Node.IsTrue("deprecated"));
        if (source.Text.IdempotentReason.Trim() is { Length: > 0 } reason)
        {
            operation["x-idempotent"] = true;
            operation["x-idempotent-reason"] = reason;
        }

        // All that can be refused is looked at before a schema is written.
        var successes = Successes(source);
        _ = RequestBody(source);
        if (_parameters.Write(source) is { Count: > 0 } parameters)
        {
            operation["parameters"] = parameters;
        }

        operation["responses"] = Responses(source, successes);
        if (source.Text.Paging is { } paging)
        {
            operation["x-orq-paging"] = Paging(paging, operation);
        }

        return operation;
    }

    /// <summary>Puts the request body before the responses.</summary>
    public void AddBody(JsonObject operation, UpstreamOperation source)
    {
        if (RequestBody(source) is not var (type, schema))
        {
            return;
        }

        var body = new JsonObject();
        body.AddText("description", source.Text.RequestBody);
        body.AddFlag("required", upstream.Object(source.Node["requestBody"], "").IsTrue("required"));

        // Without a value there is no body: JSON's null is not sent.
        var used = catalog.Use(schema, source.Id + "RequestBody", $"the request of {source.Id}", Direction.Request);
        body["content"] = Content(type, SchemaCatalog.WithoutNull(used));
        operation.Insert(operation.IndexOf("responses"), "requestBody", body);
    }

    private void RefuseServersAndQueries(UpstreamOperation source)
    {
        var servers = source.Node["servers"] ?? source.PathItem["servers"];
        if (servers is not null && !JsonNode.DeepEquals(servers, upstream.Root["servers"]))
        {
            throw new NotSupportedOperationException("it has servers of its own, and the key is for the document's");
        }

        if (source.Path.IndexOfAny(['?', '#']) >= 0 || Names.BreaksLines(source.Path))
        {
            throw new NotSupportedOperationException("its path has a query, a fragment or a line break");
        }
    }

    /// <summary>The declared successes by status; null for one without a body.</summary>
    private SortedDictionary<string, (string Type, JsonNode Schema)?> Successes(UpstreamOperation source)
    {
        var successes = new SortedDictionary<string, (string Type, JsonNode Schema)?>(StringComparer.Ordinal);
        foreach (var (code, published) in upstream.Object(source.Node["responses"], $"the responses of {source}"))
        {
            if (code is ['2', >= '0' and <= '9', >= '0' and <= '9'])
            {
                var response = upstream.Object(published, $"the response {code} of {source}");
                var isEmpty = source.Method == "head" || code is "204" or "205";
                var body = isEmpty ? null : JsonBody(response, "its success response");

                // An object without a single property tells nothing.
                var isNothing = body is { } found && reader.Read(found.Schema) is { Properties.Count: 0, Items: null };
                successes[code] = isNothing ? null : body;
            }
            else if (code.StartsWith('2'))
            {
                throw new NotSupportedOperationException($"its success {code} is no status");
            }
        }

        // One method has one result.
        var schemas = successes.Values.OfType<(string, JsonNode Schema)>().Select(b => b.Schema).ToList();
        return successes.Count == 0 ? throw new NotSupportedOperationException("it declares no success response")
            : schemas.Exists(s => !JsonNode.DeepEquals(s, schemas[0]))
                ? throw new NotSupportedOperationException("its successes have unlike bodies")
            : successes;
    }

    private JsonObject Responses(
        UpstreamOperation source,
        SortedDictionary<string, (string Type, JsonNode Schema)?> successes
    )
    {
        var texts = source.Text.Responses;
        notes.AddUnused(texts.Keys, successes.Keys, $"{source.Id} has no response");
        JsonObject? schema = null;
        var responses = new JsonObject();
        foreach (var (code, body) in successes)
        {
            var response = new JsonObject { ["description"] = texts.Of(code) ?? Phrase(code) };
            if (body is var (type, published))
            {
                var place = $"the result of {source.Id}";
                schema ??= catalog.Use(published, source.Id + "ResponseBody", place, Direction.Response);
                response["content"] = Content(type, schema.DeepClone());
            }

            responses[code] = response;
        }

        return responses;
    }

    /// <summary>What refresh.yaml says, and besides <c>item</c>, the class of what the pages list.</summary>
    private JsonObject Paging(PagingTexts paging, JsonObject operation)
    {
        var page = operation["responses"]!.AsObject().First().Value.Map("content").FirstOrDefault().Value.Get("schema");
        var fields = catalog.Find(Target(page) ?? "").Map("properties");
        var items = fields[paging.Items].Get("items");
        var written = JsonSerializer.SerializeToNode(paging, JsonSerializerOptions.Web)!.AsObject();
        written["item"] =
            Target(items)
            ?? throw new BadInputException(
                $"refresh.yaml: the answer of {operation["operationId"]} has no list of objects {paging.Items}"
            );
        var optional = operation.List("parameters").Where(p => !p.IsTrue("required")).Select(p => p.Text("name")!);
        RefuseNamesake(paging.Cursor, optional);
        RefuseNamesake(paging.Items, fields.Keys());
        RefuseNamesake(paging.More, fields.Keys());
        RefuseNamesake(paging.Id, catalog.Find(Target(items)!).Map("properties").Keys());
        return written;

        // The generated method takes the first of those that have the same words.
        static void RefuseNamesake(string name, IEnumerable<string> names)
        {
            var member = Names.Members([name], n => n, []).Keys.Single();
            if (Names.Members(names, n => n, []).GetValueOrDefault(member, name) is var first && first != name)
            {
                throw new BadInputException($"refresh.yaml: the pages' {name} would be taken from {first}");
            }
        }

        static string? Target(JsonNode? schema) => schema.Text("$ref")?.Split('/')[^1];
    }

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private (string Type, JsonNode Schema)? RequestBody(UpstreamOperation source) =>
        source.Node["requestBody"] is { } body
            ? JsonBody(upstream.Object(body, $"the request body of {source}"), "its request body")
            : null;

    /// <summary>
    /// The media type to speak, with its schema: JSON itself before types that are written in it; null without content.
    /// </summary>
    private static (string Type, JsonNode Schema)? JsonBody(JsonObject body, string what)
    {
        var content = body.Map("content");
        if (content.Count == 0)
        {
            return null;
        }

        var types = content.Keys().Order(StringComparer.Ordinal).ToList();
        var json = types.Exists(t => t.Contains("json", StringComparison.OrdinalIgnoreCase)) ? "plain JSON" : "JSON";
        var key =
            types.Find(t => WithoutCharset(t) == "application/json")
            ?? types.FindLast(t => WithoutCharset(t).EndsWith("+json", StringComparison.Ordinal) && !t.Contains('*'))
            ?? throw new NotSupportedOperationException($"{what} is {string.Join(" or ", types)}, not {json}");
        var schema = content[key].Get("schema") ?? throw new NotSupportedOperationException($"{what} has no schema");
        return (WithoutCharset(key), schema);
    }

    /// <summary>JSON is UTF-8 (RFC 8259, section 8.1), so the charset says nothing.</summary>
    private static string WithoutCharset(string type) =>
        type.ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal).Split(";charset=")[0];

    /// <summary>The description of a response without a text of ours.</summary>
    public static string Phrase(string code) =>
        code switch
        {
            "200" => "OK",
            "201" => "Created",
            "202" => "Accepted",
            "204" => "No Content",
            _ => "Success",
        };
}
