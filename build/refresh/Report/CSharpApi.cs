using System.Text.Json.Nodes;
using Facts = System.Collections.Generic.Dictionary<string, OrqGenerated.Refresh.Fact>;

namespace OrqGenerated.Refresh;

/// <summary>
/// Something that a C# user can depend on: a method, a member, or a limit of one. Breaking is what the compiler refuses
/// in code that worked, and what makes the same code send or read something else.
/// </summary>
/// <param name="Text">What it is; another text is a change.</param>
/// <param name="IsPromise">Whether working code breaks without it, or with another text.</param>
/// <param name="Limit">A bound on a value: a higher one allows less.</param>
/// <param name="IsSetInAnswers">Whether code that builds an answer has to set it.</param>
/// <param name="Member">The member that it is a limit of; it breaks nothing if that is new, too.</param>
internal sealed record Fact(
    string Text,
    bool BreaksWhenAdded = false,
    bool IsPromise = true,
    int? Limit = null,
    bool IsSetInAnswers = false,
    string? Member = null
)
{
    /// <summary>Something to know that breaks nothing.</summary>
    public static Fact Note(string text) => new(text, IsPromise: false);
}

/// <summary>One change that a C# user can see, and whether it may break working code.</summary>
/// <param name="Where">The C# class or method.</param>
internal sealed record Change(string Where, string Text, bool IsBreaking)
{
    public override string ToString() => $"{(IsBreaking ? "**Breaking:**" : "Not breaking:")} {Text}.";
}

/// <summary>
/// The C# API that is generated from a document of ours: by class or method, what callers depend on by name.
/// </summary>
internal sealed class CSharpApi
{
    private const string Request = "its request";

    /// <summary>Other parameters and variables of the generated methods.</summary>
    private static readonly string[] OfMethods = ["Options", "CancellationToken", "Parameters", "Request", "Body"];

    private readonly Dictionary<string, Facts> _all = new(StringComparer.Ordinal);

    public CSharpApi(JsonObject document)
    {
        Add("The API")["its server"] = new(
            document.List("servers").FirstOrDefault().Text("url")?.TrimEnd('/') ?? "none"
        );
        foreach (var (path, item) in document.Map("paths"))
        {
            foreach (var (method, operation) in item as JsonObject ?? [])
            {
                if (operation.Text("operationId") is { } id)
                {
                    AddMethod(id, $"{method.ToUpperInvariant()} {path}", operation!);
                }
            }
        }

        foreach (var (name, schema) in document["components"].Map("schemas"))
        {
            AddType(name, schema);
        }
    }

    public IEnumerable<Change> ChangesTo(CSharpApi after) =>
        _all
            .Keys.Union(after._all.Keys, StringComparer.Ordinal)
            .SelectMany(where => Changes(where, _all.GetValueOrDefault(where), after._all.GetValueOrDefault(where)));

    private static IEnumerable<Change> Changes(string where, Facts? before, Facts? after) =>
        (before, after) switch
        {
            (_, null) => [new(where, "removed", true)],
            // A method is new in an interface, too, which is not for implementing.
            (null, _) => [new(where, after.TryGetValue(Request, out var sent) ? $"new, {sent.Text}" : "new", false)],
            var (old, now) => old
                .Keys.Union(now.Keys, StringComparer.Ordinal)
                .Select(what => Compare(where, what, old, now))
                .OfType<Change>(),
        };

    private static Change? Compare(string where, string what, Facts before, Facts after)
    {
        var (old, now) = (before.GetValueOrDefault(what), after.GetValueOrDefault(what));
        var isOfNewMember = now?.Member is { } member && after.ContainsKey(member) && !before.ContainsKey(member);
        var isForBuilders = now is { IsSetInAnswers: true } && old is not { IsSetInAnswers: true };
        var note = isForBuilders ? "; code that builds this answer, as tests do, no longer compiles" : "";
        return (old, now) switch
        {
            (_, null) => new(where, $"{what} removed, was {old!.Text}", old.IsPromise),
            (null, _) => new(where, $"{what} added, {now.Text}{note}", now.BreaksWhenAdded && !isOfNewMember),
            _ when old.Text != now.Text => new(
                where,
                $"{what} is {now.Text}, was {old.Text}{note}",
                (now.IsPromise || now.BreaksWhenAdded)
                    && !(now.Limit <= old.Limit)
                    // A body that may be left out now is taken as before.
                    && old.Text != now.Text.Replace("? body", " body", StringComparison.Ordinal)
            ),
            _ => null,
        };
    }

    private Facts Add(string where) => _all[where] = new(StringComparer.Ordinal);

    private void AddMethod(string id, string route, JsonNode operation)
    {
        var tag = operation.List("tags").FirstOrDefault()?.ToString() ?? "Default";
        var facts = Add($"{tag}Client.{id}Async");
        var parameters = operation.List("parameters").ToLookup(p => p.IsTrue("required"));

        // Those in the path come first in our documents, and the body stands behind them.
        var signature = Names.Members(parameters[true], NameOf, OfMethods).ToList();
        if (operation["requestBody"] is { } body)
        {
            signature.Insert(signature.Count(p => p.Value.Text("in") == "path"), new("Body", body));
        }

        var arguments = signature.ConvertAll(p => $"{TypeOf(p.Value)} {char.ToLowerInvariant(p.Key[0])}{p.Key[1..]}");
        if (parameters[false].Any())
        {
            // The first optional parameter changes the signature, the next ones only this class.
            arguments.Add($"{id}Parameters? parameters");
            var members = Add(id + "Parameters");
            foreach (var (name, parameter) in Names.Members(parameters[false], NameOf, [id + "Parameters", "Copy"]))
            {
                AddMember(members, name, TypeOf(parameter), PlaceOf(parameter), parameter.Get("schema"), isSent: true);
            }
        }

        facts["it"] = new($"`{ResultOf(operation)} ({string.Join(", ", arguments)})`");
        var responses = operation.Map("responses");
        var accept = responses.SelectMany(r => r.Value.Map("content").Keys()).LastOrDefault("application/json");
        var sent = signature.Select(p => PlaceOf(p.Value)).Prepend(route).Append("Accept " + accept);
        facts[Request] = new(string.Join(", ", sent));
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
            AddLimits(facts, $"`{name}`", parameter.Get("schema"), isSent: true);
        }

        facts["success (the client takes any 2xx)"] = Fact.Note(string.Join(" or ", responses.Keys()));
        if (operation.IsTrue("deprecated"))
        {
            facts["deprecated"] = Fact.Note("`[Obsolete]`");
        }
    }

    private void AddType(string name, JsonNode? schema)
    {
        var facts = Add(name);
        if (schema.Get("enum") is not null)
        {
            facts["it"] = new("an enum");
            var values = schema.List("enum").Select(v => v?.ToString() ?? "");
            foreach (
                var (member, value) in Names.Members(
                    values,
                    v => Names.OfEnum(v, name),
                    [name, "Value", "PrintMembers"]
                )
            )
            {
                facts[$"`{member}`"] = new($"`{value}` in JSON");
            }

            return;
        }

        var isSent = schema.Text("x-orq-direction") == "request";
        var required = schema.List("required").Select(r => r?.ToString()).ToHashSet(StringComparer.Ordinal);
        if (schema.Map("properties").Count == 0)
        {
            // Every property is of the other direction, so there is no class.
            facts["it"] = new(schema.Get("additionalProperties") is null ? "`object?`" : $"`{CSharpType.Of(schema)}`");
            return;
        }

        facts["it"] = new(isSent ? "a class for requests" : "a class for answers");
        if (isSent && schema.Get("additionalProperties") is not null)
        {
            facts["`AdditionalProperties`"] = new("`IReadOnlyDictionary<string, object?>`");
        }

        var properties = Names.Members(schema.Map("properties"), p => p.Key, [name, "AdditionalProperties"]);
        foreach (var (member, (key, value)) in properties)
        {
            var type = CSharpType.OfProperty(value, required.Contains(key), isSent);
            AddMember(facts, member, type, $"`{key}` in JSON", value, isSent);
        }
    }

    private static void AddMember(Facts facts, string name, string type, string place, JsonNode? schema, bool isSent)
    {
        var isRequired = type.StartsWith("required ", StringComparison.Ordinal);
        facts[$"`{name}`"] = new($"`{type}`, {place}", isRequired, IsSetInAnswers: isRequired && !isSent);
        AddLimits(facts, $"`{name}`", schema, isSent);
    }

    private static void AddLimits(Facts facts, string what, JsonNode? schema, bool isSent)
    {
        // The format of a number shows in its type, if at all.
        string[] keywords = CSharpType.TypeOf(schema) is "integer" or "number"
            ? []
            : ["minLength", "maxLength", "format"];
        foreach (var keyword in keywords.Where(k => schema.Get(k) is not null))
        {
            int? limit = keyword == "format" ? null : (int)schema![keyword]! * (keyword == "minLength" ? 1 : -1);
            var member = what.Split(' ')[0];
            facts[$"{keyword} of {what}"] = new($"{schema![keyword]}", isSent, IsPromise: false, limit, Member: member);
        }

        foreach (var inside in ((string[])["items", "additionalProperties"]).Where(i => schema.Get(i) is not null))
        {
            AddLimits(facts, $"{what} {inside}", schema![inside], isSent);
        }
    }

    private static string NameOf(JsonNode? parameter) => parameter.Text("name") ?? "";

    private static string PlaceOf(JsonNode? parameter) =>
        parameter.Get("content") is JsonObject content
            ? "body " + content.Keys().First()
            : $"{parameter.Text("in")} parameter {NameOf(parameter)}";

    private static string TypeOf(JsonNode? parameter) =>
        CSharpType.Of(parameter.Get("schema") ?? SchemaOf(parameter), parameter.IsTrue("required"));

    private static string ResultOf(JsonNode operation)
    {
        var schemas = operation.Map("responses").Select(r => SchemaOf(r.Value)).ToList();
        var schema = schemas.Find(s => s is not null);
        return schema is null ? "Task" : $"Task<{CSharpType.Of(schema, !schemas.Contains(null))}>";
    }

    /// <summary>The schema of a request body or a response, null for none.</summary>
    private static JsonNode? SchemaOf(JsonNode? body) => body.Map("content").FirstOrDefault().Value.Get("schema");
}
