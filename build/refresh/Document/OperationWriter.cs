using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>
/// No generated method could call the operation as published. The message says why, without its name.
/// </summary>
internal sealed class NotSupportedOperationException(string message) : Exception(message);

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
        operation.AddText("summary", source.Text.Text("summary"));
        operation.AddText("description", source.Text.Text("description"));
        operation.AddFlag("deprecated", source.Node.IsTrue("deprecated"));
        operation.AddFlag("x-idempotent", source.Text.ContainsKey("x-idempotent"));
        operation.AddText("x-idempotent-reason", source.Text.Text("x-idempotent")?.Trim());

        // All that can be refused is looked at before a schema is written.
        var successes = Successes(source);
        _ = Body(source);
        if (_parameters.Write(source) is { Count: > 0 } parameters)
        {
            operation["parameters"] = parameters;
        }

        operation["responses"] = Responses(source, successes);
        if (source.Text["x-orq-paging"] is JsonObject paging)
        {
            operation["x-orq-paging"] = Paging.Of(paging, operation, catalog.Find);
        }

        return operation;
    }

    /// <summary>Puts the request body before the responses.</summary>
    public void AddBody(JsonObject operation, UpstreamOperation source)
    {
        if (Body(source) is not var (type, schema))
        {
            return;
        }

        var body = new JsonObject();
        body.AddText("description", source.Text.Text("requestBody"));
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

        if (source.Path.IndexOfAny(['?', '#']) >= 0)
        {
            throw new NotSupportedOperationException("its path has a query or a fragment");
        }
    }

    /// <summary>The declared successes by status; without a schema there is no body.</summary>
    private List<(string Code, string Type, JsonNode? Schema)> Successes(UpstreamOperation source)
    {
        var responses = upstream.Object(source.Node["responses"], $"the responses of {source}");
        var codes = responses.Select(r => r.Key).Where(c => c.StartsWith('2')).Order(StringComparer.Ordinal).ToList();
        if (codes is [] && responses.ContainsKey("default"))
        {
            codes = ["default"];
        }

        // "2XX" and "default" speak for every success without an entry of its own; 200 stands for them.
        codes.RemoveAll(c => !c.All(char.IsAsciiDigit) && codes.Contains("200"));
        var successes = new List<(string, string, JsonNode?)>();
        foreach (var code in codes)
        {
            var content = upstream.Object(responses[code], $"the response {code} of {source}").Map("content");
            var isEmpty = content.Count == 0 || source.Method == "head" || code is "204" or "205";
            var (type, schema) = isEmpty ? ("", null) : JsonMedia(content, "its success response", source);
            successes.Add((code.All(char.IsAsciiDigit) ? code : "200", type, IsEmpty(schema) ? null : schema));
        }

        return successes.Count > 0
            ? successes
            : throw new NotSupportedOperationException("it declares no success response");
    }

    /// <summary>Whether the document lists the properties of an object, and there are none to read.</summary>
    private bool IsEmpty(JsonNode? schema) =>
        schema is JsonObject
        && upstream.Object(schema, "a success response")["properties"] is JsonObject { Count: 0 }
        && reader.Read(schema) is { Kind: Kind.Object, Items: null };

    private JsonObject Responses(UpstreamOperation source, List<(string Code, string Type, JsonNode? Schema)> successes)
    {
        var texts = source.Text.Map("responses");
        notes.AddUnused(texts, successes.Select(s => s.Code), $"{source.Id} has no response");

        // One method has one result, so several unlike bodies are any value.
        var place = $"the result of {source.Id}";
        var bodies = successes.Select(s => s.Schema).OfType<JsonNode>().ToList();
        var areAlike = bodies.TrueForAll(b => JsonNode.DeepEquals(b, bodies[0]));
        if (!areAlike)
        {
            notes.Add($"{place} can be any value: its successes have unlike bodies");
        }

        var schema = bodies is []
            ? null
            : catalog.Use(areAlike ? bodies[0] : null, source.Id + "ResponseBody", place, Direction.Response);
        var responses = new JsonObject();
        foreach (var (code, type, published) in successes)
        {
            var response = new JsonObject { ["description"] = texts.Text(code) ?? Phrase(code) };
            if (published is not null)
            {
                response["content"] = Content(type, schema!.DeepClone());
            }

            responses[code] = response;
        }

        return responses;
    }

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private (string Type, JsonNode Schema)? Body(UpstreamOperation source)
    {
        if (source.Node["requestBody"] is not { } published)
        {
            return null;
        }

        var content = upstream.Object(published, $"the request body of {source}").Map("content");
        return content.Count > 0 ? JsonMedia(content, "its request body", source) : null;
    }

    /// <summary>The media type to speak, with its schema: JSON itself before types that are written in it.</summary>
    private (string Type, JsonNode Schema) JsonMedia(JsonObject content, string what, UpstreamOperation source)
    {
        var (type, media) = content
            .Select(c => (Type: WithoutCharset(c.Key), c.Value))
            .Where(c => c.Type == "*/*" || IsJson(c.Type.Split(';')[0]))
            .OrderByDescending(c => c.Type == "application/json")
            .ThenByDescending(c => c.Type, StringComparer.Ordinal)
            .FirstOrDefault();
        if (type is null)
        {
            var types = string.Join(" or ", content.Select(c => c.Key).Order(StringComparer.Ordinal));
            throw new NotSupportedOperationException($"{what} is {types}, not JSON");
        }

        var found = upstream.Object(media, $"the content of {source}");
        var schema =
            (found.ContainsKey("schema") ? found["schema"] : new JsonObject())
            ?? throw new BadInputException($"{upstream.Name}: {source} has an empty schema; is the document cut off?");
        return (type == "*/*" ? "application/json" : type, schema);
    }

    private static bool IsJson(string type) =>
        type == "application/json" || type.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>JSON is UTF-8 (RFC 8259, section 8.1), so the charset says nothing.</summary>
    private static string WithoutCharset(string type)
    {
        var parts = type.Split(';', StringSplitOptions.TrimEntries);
        var parameters = parts.Skip(1).Where(p => !p.StartsWith("charset=", StringComparison.OrdinalIgnoreCase));
        return string.Join("; ", parameters.Prepend(parts[0].ToLowerInvariant()));
    }

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
