using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>How a list goes on from page to page, held to the operation as our document has it.</summary>
internal static class Paging
{
    /// <returns>What refresh.yaml says, and besides <c>item</c>, the schema of an item.</returns>
    /// <exception cref="BadInputException">The generated method could not read the pages.</exception>
    public static JsonObject Of(JsonObject text, JsonObject operation, Func<string, JsonObject?> find)
    {
        var id = operation.Text("operationId");
        var cursor = Named("cursor");
        var parameter = operation.List("parameters").FirstOrDefault(p => p.Text("name") == cursor);
        var isText = parameter.Get("schema") is { } taken && taken.Text("type") == "string";
        if (!isText || parameter.Text("in") != "query" || parameter.IsTrue("required"))
        {
            throw Refused($"{cursor} is no optional query parameter that takes a text");
        }

        var contents = operation.Map("responses").Select(r => r.Value.Map("content")).ToList();
        var page = contents.Exists(c => c.Count == 0) ? null : Target(contents[0].First().Value.Get("schema"));
        Require(page, Named("more"), "boolean");
        var item = Target(Require(page, Named("items"), "array").Get("items"));
        Require(item, Named("id"), "string");
        var written = text.DeepClone().AsObject();
        written["item"] = item;
        return written;

        string Named(string key) => text.Text(key) ?? throw Refused($"it lacks '{key}'");

        // The generated code names a property as it is named when no other one has the same words.
        JsonNode Require(string? schema, string name, string type)
        {
            var found = find(schema ?? "");
            var properties = found.Map("properties");
            var members = Names.Members(properties.Keys(), p => p, [schema ?? "", "AdditionalProperties"]);
            var isRequired = found.List("required").Any(r => r!.ToString() == name);
            var member = Names.Members([name], p => p, []).Keys.Single();
            return isRequired && properties[name].Text("type") == type && members.GetValueOrDefault(member) == name
                ? properties[name]!
                : throw Refused($"{schema ?? "an answer"} has no required {type} {name}");
        }

        BadInputException Refused(string why) => new($"refresh.yaml: the x-orq-paging of {id} leads nowhere: {why}");
    }

    private static string? Target(JsonNode? schema) => schema.Text("$ref")?.Split('/')[^1];
}
