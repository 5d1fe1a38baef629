using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>
/// Writes operations: one tag, parameters that a URL or a header can carry, JSON bodies. What a generated method could
/// not do is left out with a line that says so, the whole operation if it cannot be called without.
/// </summary>
internal sealed class OperationWriter(
    Upstream upstream,
    SchemaCatalog catalog,
    SecuritySelection security,
    List<string> notes
)
{
    private readonly BodyReader _bodies = new(upstream);
    private readonly ParameterWriter _parameters = new(upstream, catalog, notes);

    /// <summary>An operation of which the request is written; the responses follow when all requests are known.</summary>
    internal sealed record Draft(
        UpstreamOperation Source,
        OperationText? Text,
        JsonObject Node,
        IReadOnlyList<BodyReader.Success> Successes
    )
    {
        public string Id => Node["operationId"]!.ToString();
    }

    /// <summary>The operation with its request, or null when no method could call it.</summary>
    public Draft? Begin(UpstreamOperation source, OperationText? text)
    {
        var operation = new JsonObject { ["operationId"] = text?.Name ?? source.Id };
        if ((source.Node["tags"] as JsonArray)?.FirstOrDefault() is { } tag)
        {
            operation["tags"] = new JsonArray(Names.Pascal(tag.ToString()));
        }

        operation.AddText("summary", text?.Summary);
        operation.AddText("description", text?.Description);
        if (source.Node.IsTrue("deprecated"))
        {
            operation["deprecated"] = true;
        }

        if (text?.IdempotentReason is not null)
        {
            operation["x-idempotent"] = true;
            operation["x-idempotent-reason"] = text.IdempotentReason;
        }

        var successes = new List<BodyReader.Success>();
        var obstacle =
            _bodies.TryReadSuccesses(source, successes)
            ?? _bodies.TryReadBody(source, out _, out _)
            ?? _parameters.TryAdd(operation, source, text);
        if (obstacle is not null)
        {
            notes.Add($"{source} is left out: {obstacle}");
            return null;
        }

        AddBody(operation, source, text);
        return new(source, text, operation, successes);
    }

    private void AddBody(JsonObject operation, UpstreamOperation source, OperationText? text)
    {
        _bodies.TryReadBody(source, out var type, out var schema);
        if (schema is null)
        {
            return;
        }

        var body = new JsonObject();
        body.AddText("description", text?.RequestBody);

        // A body that has to hold a property cannot be left out, whatever the document says.
        var isRequired = upstream.Object(source.Node["requestBody"], "").IsTrue("required");
        if (isRequired || new SchemaFlattener(upstream).Flatten(schema).Required.Count > 0)
        {
            body["required"] = true;
        }

        body["content"] = Content(
            type,
            catalog.Use(schema, operation["operationId"] + "RequestBody", Direction.Request)
        );
        operation["requestBody"] = body;
    }

    /// <summary>The operation with its responses.</summary>
    public JsonObject Complete(Draft draft)
    {
        var responses = new JsonObject();
        var bodies = draft.Successes.Select(s => s.Schema).OfType<JsonNode>().ToList();
        foreach (var (code, schema) in draft.Successes)
        {
            var response = new JsonObject
            {
                ["description"] = draft.Text?.Responses.GetValueOrDefault(code) ?? Phrase(code),
            };
            if (schema is not null)
            {
                // One method has one result, so several unlike bodies are one that can be any of them.
                var body = bodies is [var only]
                    ? only
                    : new JsonObject
                    {
                        ["anyOf"] = new JsonArray([.. bodies.Select(b => b.DeepClone())]),
                    };
                response["content"] = Content(
                    "application/json",
                    catalog.Use(body, draft.Id + "ResponseBody", Direction.Response)
                );
            }

            responses[code] = response;
        }

        var unmatched = (draft.Text?.Responses.Keys ?? []).Where(c => !responses.ContainsKey(c));
        notes.AddRange(unmatched.Select(c => $"refresh.yaml: {draft.Id} has no response {c}"));
        draft.Node["responses"] = responses;
        if (security.Of(draft.Source.Node) is { } requirements)
        {
            draft.Node["security"] = requirements;
        }

        return draft.Node;
    }

    private static JsonObject Content(string type, JsonObject schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private static string Phrase(string code) =>
        code switch
        {
            "200" => "OK",
            "201" => "Created",
            "202" => "Accepted",
            "204" => "No Content",
            _ => "Success",
        };
}
