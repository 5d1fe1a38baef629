using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Finds the JSON among what an operation can take and give.</summary>
internal sealed class BodyReader(Upstream upstream)
{
    /// <summary>A declared success; without a schema it has no body.</summary>
    internal sealed record Success(string Code, JsonNode? Schema);

    /// <returns>Why no method could read the answer, or null.</returns>
    public string? TryReadSuccesses(UpstreamOperation source, List<Success> successes)
    {
        var responses = upstream.Object(source.Node["responses"], $"the responses of {source}");
        var codes = responses
            .Select(r => r.Key)
            .Where(c => c.StartsWith('2'))
            .Order(StringComparer.Ordinal)
            .ToList();
        if (codes is [] && responses.ContainsKey("default"))
        {
            codes = ["default"];
        }

        foreach (var code in codes)
        {
            // "2XX" and "default" speak for every success that has no entry of its own; 200 stands for them.
            var isCode = code.All(char.IsAsciiDigit);
            if (!isCode && codes.Contains("200"))
            {
                continue;
            }

            var response = upstream.Object(responses[code], $"the response {code} of {source}");
            var hasBody =
                response["content"] is JsonObject { Count: > 0 }
                && source.Method != "head"
                && code is not ("204" or "205");
            var media = hasBody ? JsonMedia(response["content"]!.AsObject()) : null;
            if (hasBody && media is null)
            {
                return $"its success response is {Types(response["content"]!.AsObject())}, not JSON";
            }

            successes.Add(
                new(
                    isCode ? code : "200",
                    media is null ? null : SchemaOf(media.Value.Media, source)
                )
            );
        }

        return successes.Count == 0 ? "it declares no success response" : null;
    }

    /// <returns>Why no method could send the body, or null; without a body the schema is null.</returns>
    public string? TryReadBody(UpstreamOperation source, out string type, out JsonNode? schema)
    {
        (type, schema) = ("", null);
        if (source.Node["requestBody"] is null)
        {
            return null;
        }

        var body = upstream.Object(source.Node["requestBody"], $"the request body of {source}");
        if (body["content"] is not JsonObject { Count: > 0 } content)
        {
            return null;
        }

        if (JsonMedia(content) is not { } media)
        {
            return $"its request body is {Types(content)}, not JSON";
        }

        (type, schema) = (media.Type, SchemaOf(media.Media, source));
        return null;
    }

    private static string Types(JsonObject content) =>
        string.Join(" or ", content.Select(c => c.Key).Order(StringComparer.Ordinal));

    private static (string Type, JsonNode? Media)? JsonMedia(JsonObject content) =>
        content
            .Select(c => (Type: c.Key.Split(';')[0].Trim().ToLowerInvariant(), Media: c.Value))
            .Where(c =>
                c.Type is "application/json" or "*/*"
                || c.Type.EndsWith("+json", StringComparison.Ordinal)
            )
            .OrderBy(c =>
                c.Type switch
                {
                    "application/json" => 0,
                    "*/*" => 2,
                    _ => 1,
                }
            )
            .ThenBy(c => c.Type, StringComparer.Ordinal)
            .Select(c =>
                ((string, JsonNode?)?)(c.Type == "*/*" ? "application/json" : c.Type, c.Media)
            )
            .FirstOrDefault();

    private JsonNode SchemaOf(JsonNode? media, UpstreamOperation source)
    {
        var found = upstream.Object(media, $"the content of {source}");
        return !found.ContainsKey("schema")
            ? new JsonObject()
            : found["schema"]
                ?? throw new BadInputException(
                    $"{upstream.Name}: {source} has an empty schema; is the document cut off?"
                );
    }
}
