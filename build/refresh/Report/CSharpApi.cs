using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>A property, a parameter or an enum value.</summary>
/// <param name="Wire">What it is on the wire.</param>
/// <param name="Type">Its C# type, empty for an enum value.</param>
internal sealed record ApiMember(string Wire, string Type, JsonNode Schema)
{
    public bool IsRequired => Type.StartsWith("required ", StringComparison.Ordinal);
}

/// <summary>A class, or a struct that stands for an enum.</summary>
/// <param name="Kind">In words.</param>
internal sealed record ApiType(
    string Kind,
    bool IsSent,
    IReadOnlyDictionary<string, ApiMember> Members
);

/// <summary>A method that calls an operation.</summary>
/// <param name="Parameters">Those of its signature, in that order.</param>
internal sealed record ApiMethod(
    string Client,
    string Route,
    Dictionary<string, ApiMember> Parameters,
    JsonObject Node
)
{
    public string Name => $"{Client}.{Node["operationId"]}Async";

    /// <summary>Whether code that calls the other method compiles with this one, and means the same.</summary>
    public bool Takes(ApiMethod other) =>
        Parameters.Keys.SequenceEqual(other.Parameters.Keys, StringComparer.Ordinal)
        && Parameters
            .Values.Zip(other.Parameters.Values)
            .All(p =>
                p.First.Type.TrimEnd('?') == p.Second.Type.TrimEnd('?')
                && p.First.Type.Length >= p.Second.Type.Length
            );

    public string Signature => string.Join(", ", Parameters.Select(p => $"{p.Value.Type} {p.Key}"));

    /// <summary>The C# type of the result.</summary>
    public string Result
    {
        get
        {
            var schemas = Node.Map("responses").Select(r => CSharpApi.SchemaOf(r.Value)).ToList();
            var schema = schemas.Find(s => s is not null);
            return schema is null
                ? "Task"
                : $"Task<{CSharpType.Of(schema, !schemas.Contains(null))}>";
        }
    }

    public string Successes => string.Join(" or ", Node.Map("responses").Select(r => r.Key));
}

/// <summary>The C# API that is generated from a document of ours, as far as callers depend on it.</summary>
internal sealed class CSharpApi
{
    /// <summary>Other parameters and variables of the generated methods.</summary>
    private static readonly string[] OfMethods =
    [
        "Options",
        "CancellationToken",
        "Parameters",
        "Call",
        "Body",
    ];

    public CSharpApi(JsonObject document)
    {
        Document = document;
        foreach (var (name, schema) in document["components"].Map("schemas"))
        {
            Types[name] = TypeOf(name, schema);
        }

        foreach (var (path, item) in document.Map("paths"))
        {
            foreach (var (method, node) in item as JsonObject ?? [])
            {
                if (node.Text("operationId") is { } id)
                {
                    Methods[id] = MethodOf(
                        id,
                        $"{method.ToUpperInvariant()} {path}",
                        node!.AsObject()
                    );
                }
            }
        }
    }

    public JsonObject Document { get; }

    public Dictionary<string, ApiMethod> Methods { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ApiType> Types { get; } = new(StringComparer.Ordinal);

    /// <summary>The schema of a request body or a response, null for none.</summary>
    public static JsonNode? SchemaOf(JsonNode? body) =>
        body.Map("content").FirstOrDefault().Value.Get("schema");

    private static ApiType TypeOf(string name, JsonNode? schema)
    {
        if (schema.Get("enum") is not null)
        {
            var values = schema.List("enum").Select(v => v!.ToString());
            return new(
                "an enum",
                false,
                Names.Members(values, v => v, v => new ApiMember(v, "", schema!), name, "Value")
            );
        }

        var direction = schema.Text("x-orq-direction");
        var isSent = direction is null
            ? name.EndsWith("RequestBody", StringComparison.Ordinal)
            : direction == "request";
        var required = schema
            .List("required")
            .Select(r => r!.ToString())
            .ToHashSet(StringComparer.Ordinal);
        var properties = schema
            .Map("properties")
            .Select(p => (p.Key, Schema: p.Value ?? new JsonObject()));
        var members = Names.Members(
            properties,
            p => p.Key,
            p => new ApiMember(
                p.Key,
                CSharpType.OfProperty(p.Schema, required.Contains(p.Key), isSent),
                p.Schema
            ),
            name,
            "AdditionalProperties"
        );
        if (isSent && schema.Get("additionalProperties") is { } more)
        {
            members["AdditionalProperties"] = new(
                "",
                $"IReadOnlyDictionary<string, {CSharpType.Of(more)}>",
                more
            );
        }

        return new(isSent ? "a class for requests" : "a class for responses", isSent, members);
    }

    private ApiMethod MethodOf(string id, string route, JsonObject operation)
    {
        var parameters = operation
            .List("parameters")
            .OfType<JsonObject>()
            .Where(p => p["schema"] is not null)
            .ToList();
        var required = parameters.Where(p => p.IsTrue("required")).ToList();
        var signature = Members(required.Where(p => p.Text("in") == "path"), OfMethods);
        if (SchemaOf(operation["requestBody"]) is { } body)
        {
            var type = CSharpType.Of(body, operation["requestBody"].IsTrue("required"));
            signature["Body"] = new(
                operation["requestBody"].Map("content").First().Key,
                type,
                new JsonObject()
            );
        }

        var others = Members(
            required.Where(p => p.Text("in") != "path"),
            [.. OfMethods, .. signature.Keys]
        );
        foreach (var (name, member) in others)
        {
            signature[name] = member;
        }

        // The first optional parameter changes the signature, the next ones only this class.
        if (parameters.Except(required).ToList() is { Count: > 0 } optional)
        {
            Types[id + "Parameters"] = new("a class for requests", true, Members(optional, []));
            signature["Parameters"] = new("", id + "Parameters?", new JsonObject());
        }

        var camel = signature.Select(p =>
            KeyValuePair.Create(char.ToLowerInvariant(p.Key[0]) + p.Key[1..], p.Value)
        );
        var tag = operation.List("tags").FirstOrDefault()?.ToString() ?? "Default";
        return new(tag + "Client", route, new(camel, StringComparer.Ordinal), operation);
    }

    private static Dictionary<string, ApiMember> Members(
        IEnumerable<JsonObject> parameters,
        IEnumerable<string> taken
    ) =>
        Names.Members(
            parameters,
            p => p.Text("name") ?? "",
            p => new ApiMember(
                $"{p.Text("in")} parameter {p.Text("name")}{(p.ContainsKey("explode") ? " with commas" : "")}",
                CSharpType.Of(p["schema"]!, p.IsTrue("required")),
                p["schema"]!
            ),
            taken
        );
}
