using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>
/// Something that a C# user can depend on: a method, a member, or a limit of one. Three flags say what breaks code.
/// </summary>
/// <param name="Text">What it is; another text is a change.</param>
/// <param name="Limit">A bound on a value that is sent: a higher one allows less.</param>
/// <param name="IsSetInAnswers">Whether code that builds an answer has to set it.</param>
internal sealed record Fact(
    string Text,
    bool BreaksWhenAdded = false,
    bool BreaksWhenRemoved = true,
    bool BreaksWhenChanged = true,
    int? Limit = null,
    bool IsSetInAnswers = false
)
{
    public static Fact Note(string text) => new(text, false, false, false);
}

/// <summary>
/// The C# API that is generated from a document of ours: by class or method, what callers depend on by name.
/// </summary>
internal sealed class CSharpApi : Dictionary<string, Dictionary<string, Fact>>
{
    /// <summary>Other parameters and variables of the generated methods.</summary>
    private static readonly string[] OfMethods = [.. "Options CancellationToken Parameters Request Body".Split(' ')];

    public CSharpApi(JsonObject document)
        : base(StringComparer.Ordinal)
    {
        this["The API"] = new(StringComparer.Ordinal)
        {
            ["its list of servers"] = new(string.Join(", ", document.List("servers").Select(s => s.Text("url")))),
            ["its security"] = new(document["security"]?.ToJsonString() ?? "none"),
        };
        foreach (var (path, item) in document.Map("paths"))
        {
            foreach (var (method, node) in item as JsonObject ?? [])
            {
                if (node.Text("operationId") is { } id)
                {
                    AddMethod(id, $"{method.ToUpperInvariant()} {path}", node!);
                }
            }
        }

        foreach (var (name, schema) in document["components"].Map("schemas"))
        {
            AddType(name, schema);
        }
    }

    private void AddMethod(string id, string route, JsonNode operation)
    {
        var tag = operation.List("tags").FirstOrDefault()?.ToString() ?? "Default";
        var facts = this[$"{tag}Client.{id}Async"] = new(StringComparer.Ordinal);
        var parameters = operation.List("parameters").Where(p => p?["schema"] is not null).ToList();
        var required = parameters.Where(p => p.IsTrue("required")).ToList();
        var signature = Names.Members(required.Where(p => p.Text("in") == "path"), NameOf, OfMethods);
        if (operation["requestBody"] is { } body)
        {
            signature["Body"] = body;
        }

        foreach (
            var (name, parameter) in Names.Members(
                required.Except(signature.Values),
                NameOf,
                [.. OfMethods, .. signature.Keys]
            )
        )
        {
            signature[name] = parameter;
        }

        var arguments = signature
            .Select(p => $"{TypeOf(p.Value)} {char.ToLowerInvariant(p.Key[0])}{p.Key[1..]}")
            .ToList();
        if (parameters.Except(required).ToList() is { Count: > 0 } optional)
        {
            // The first optional parameter changes the signature, the next ones only this class.
            arguments.Add($"{id}Parameters? parameters");
            var members = this[id + "Parameters"] = new(StringComparer.Ordinal);
            foreach (var (name, parameter) in Names.Members(optional, NameOf, []))
            {
                AddMember(members, name, TypeOf(parameter), PlaceOf(parameter), parameter!["schema"]!, isSent: true);
            }
        }

        facts["it"] = new($"`{ResultOf(operation)} ({string.Join(", ", arguments)})`");
        facts["its route"] = new(route);
        if (operation.IsTrue("x-idempotent"))
        {
            facts["x-idempotent"] = Fact.Note($"for the reason given for {route}, so that any failure is retried");
        }

        if (operation["x-orq-paging"] is { } paging)
        {
            facts[$"`{id}AllAsync`"] = new($"`IAsyncEnumerable<{paging.Text("item")}>`");
        }

        foreach (var (name, parameter) in signature)
        {
            facts[$"the place of `{name}`"] = new(PlaceOf(parameter));
            AddLimits(facts, $"`{name}`", parameter?["schema"], isSent: true);
        }

        facts["success (the client takes any 2xx)"] = Fact.Note(string.Join(" or ", operation.Map("responses").Keys()));
        AddFlag(facts, operation, "deprecated");
    }

    private void AddType(string name, JsonNode? schema)
    {
        var facts = this[name] = new(StringComparer.Ordinal);
        if (schema.Get("enum") is not null)
        {
            facts["it"] = new("an enum");
            foreach (
                var (member, value) in Names.Members(
                    schema.List("enum"),
                    v => Names.OfEnum(v!.ToString(), name),
                    [name, "Value"]
                )
            )
            {
                facts[$"`{member}`"] = new($"`{value}` in JSON");
            }

            return;
        }

        var direction = schema.Text("x-orq-direction");
        var isSent = direction is null
            ? name.EndsWith("RequestBody", StringComparison.Ordinal)
            : direction == "request";
        var required = schema.List("required").Select(r => r?.ToString()).ToHashSet(StringComparer.Ordinal);
        facts["it"] = new(isSent ? "a class for requests" : "a class for answers");
        if (isSent && schema.Get("additionalProperties") is { } more)
        {
            facts["`AdditionalProperties`"] = new($"`IReadOnlyDictionary<string, {CSharpType.Of(more)}>`");
        }

        foreach (
            var (member, property) in Names.Members(
                schema.Map("properties"),
                p => p.Key,
                [name, "AdditionalProperties"]
            )
        )
        {
            var value = property.Value ?? new JsonObject();
            var type = CSharpType.OfProperty(value, required.Contains(property.Key), isSent);
            AddMember(facts, member, type, $"`{property.Key}` in JSON", value, isSent);
        }
    }

    private static void AddMember(
        Dictionary<string, Fact> facts,
        string name,
        string type,
        string place,
        JsonNode schema,
        bool isSent
    )
    {
        var isRequired = type.StartsWith("required ", StringComparison.Ordinal);
        facts[$"`{name}`"] = new($"`{type}`, {place}", isRequired, IsSetInAnswers: isRequired && !isSent);
        AddLimits(facts, $"`{name}`", schema, isSent);
        AddFlag(facts, schema, "deprecated", name);
    }

    private static void AddLimits(Dictionary<string, Fact> facts, string what, JsonNode? schema, bool isSent)
    {
        foreach (var keyword in SchemaKeywords.Lengths.Append("format"))
        {
            if (schema.Text(keyword) is { } text)
            {
                int? limit = keyword switch
                {
                    "minLength" => (int)schema![keyword]!,
                    "maxLength" => -(int)schema![keyword]!,
                    _ => null,
                };
                facts[$"{keyword} of {what}"] = new(text, isSent, false, isSent, limit);
            }
        }

        foreach (var inside in (string[])["items", "additionalProperties"])
        {
            if (schema.Get(inside) is { } inner)
            {
                AddLimits(facts, $"{what} {inside}", inner, isSent);
            }
        }
    }

    private static void AddFlag(Dictionary<string, Fact> facts, JsonNode node, string flag, string name = "")
    {
        if (node.IsTrue(flag))
        {
            facts[$"{flag} {name}".Trim()] = Fact.Note("`[Obsolete]`");
        }
    }

    private static string NameOf(JsonNode? parameter) => parameter.Text("name") ?? "";

    private static string PlaceOf(JsonNode? parameter) =>
        parameter.Get("content") is JsonObject content
            ? "body, " + content.Keys().First()
            : $"{parameter.Text("in")} parameter {NameOf(parameter)}{(parameter.Get("explode") is null ? "" : ", with commas")}";

    private static string TypeOf(JsonNode? parameter) =>
        CSharpType.Of(parameter.Get("schema") ?? SchemaOf(parameter) ?? new JsonObject(), parameter.IsTrue("required"));

    private static string ResultOf(JsonNode operation)
    {
        var schemas = operation.Map("responses").Select(r => SchemaOf(r.Value)).ToList();
        var schema = schemas.Find(s => s is not null);
        return schema is null ? "Task" : $"Task<{CSharpType.Of(schema, !schemas.Contains(null))}>";
    }

    /// <summary>The schema of a request body or a response, null for none.</summary>
    private static JsonNode? SchemaOf(JsonNode? body) => body.Map("content").FirstOrDefault().Value.Get("schema");
}
