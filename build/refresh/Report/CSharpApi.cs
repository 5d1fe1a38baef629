using System.Text.Json.Nodes;
using Facts = System.Collections.Generic.Dictionary<string, OrqGenerated.Refresh.Fact>;

namespace OrqGenerated.Refresh;

/// <summary>
/// Something that a C# user can depend on: a method, a member, or a limit of one. A change is breaking if working code
/// no longer compiles, or sends or reads something else. What breaks when added or removed also breaks when changed.
/// </summary>
/// <param name="Limit">A bound on a value: a higher one allows less.</param>
/// <param name="IsSetInResponses">Whether code that builds a response has to set it.</param>
/// <param name="Member">The member that it limits; if that is new too, nothing breaks.</param>
internal sealed record Fact(
    string Text,
    bool BreaksWhenAdded = false,
    bool BreaksWhenRemoved = true,
    int? Limit = null,
    bool IsSetInResponses = false,
    string? Member = null
)
{
    /// <summary>A fact whose changes break nothing.</summary>
    public static Fact Note(string text) => new(text, BreaksWhenRemoved: false);
}

/// <param name="Where">The C# class or method, in Markdown.</param>
internal sealed record Change(string Where, string Text, bool IsBreaking)
{
    public override string ToString() => $"{(IsBreaking ? "**Breaking:**" : "Not breaking:")} {Text}.";
}

/// <summary>The C# API generated from our document: facts by name, by class or method.</summary>
internal sealed class CSharpApi
{
    private const string Request = "its request";

    /// <summary>Names that the generated methods use for something else.</summary>
    private static readonly string[] TakenInMethods = ["Options", "CancellationToken", "Parameters", "Request", "Body"];

    private static readonly string[] LimitKeywords = ["minLength", "maxLength", "format"];

    private static readonly string[] NestedSchemas = ["items", "additionalProperties"];

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
                    AddMethod(id, $"{method.ToUpperInvariant()} {path}", operation!);
            }
        }

        foreach (var (name, schema) in document["components"].Map("schemas"))
            AddType(name, schema);
    }

    public IEnumerable<Change> ChangesTo(CSharpApi after) =>
        _all
            .Keys.Union(after._all.Keys, StringComparer.Ordinal)
            .SelectMany(where => Changes(where, _all.GetValueOrDefault(where), after._all.GetValueOrDefault(where)));

    private static IEnumerable<Change> Changes(string where, Facts? before, Facts? after) =>
        (before, after) switch
        {
            (_, null) => [new(where, "removed", true)],
            // A new method is also new in the interface, but callers do not implement that.
            (null, _) => [new(where, after.TryGetValue(Request, out var sent) ? $"new, {sent.Text}" : "new", false)],
            var (old, now) => old
                .Keys.Union(now.Keys, StringComparer.Ordinal)
                .Select(what => Compare(where, what, old, now))
                .OfType<Change>(),
        };

    private static Change? Compare(string where, string what, Facts before, Facts after)
    {
        var (old, now) = (before.GetValueOrDefault(what), after.GetValueOrDefault(what));
        if (now is null)
            return new(where, $"{what} removed, was {old!.Text}", old.BreaksWhenRemoved);

        var breaksBuilders = now.IsSetInResponses && old is not { IsSetInResponses: true };
        var note = breaksBuilders ? "; code that builds this response, as tests do, no longer compiles" : "";
        if (old is null)
        {
            var isOfNewMember = now.Member is { } member && after.ContainsKey(member) && !before.ContainsKey(member);
            return new(where, $"{what} added, {now.Text}{note}", now.BreaksWhenAdded && !isOfNewMember);
        }

        if (old.Text == now.Text)
            return null;

        // Passing a body still works when the body becomes optional.
        var isHarmless = now.Limit <= old.Limit || old.Text == now.Text.Replace("? body", " body");
        var isBreaking = (now.BreaksWhenRemoved || now.BreaksWhenAdded) && !isHarmless;
        return new(where, $"{what} is {now.Text}, was {old.Text}{note}", isBreaking);
    }

    private Facts Add(string where) => _all[where] = new(StringComparer.Ordinal);

    private void AddMethod(string id, string route, JsonNode operation)
    {
        var tag = operation.List("tags").FirstOrDefault()?.ToString() ?? "Default";
        var facts = Add($"`{tag}Client.{id}Async`");
        var parameters = operation.List("parameters").ToLookup(p => p.IsTrue("required"));

        // In our documents the path parameters come first; the body follows them.
        var signature = Names.Members(parameters[true], NameOf, TakenInMethods).ToList();
        if (operation["requestBody"] is { } body)
            signature.Insert(signature.Count(p => p.Value.Text("in") == "path"), new("Body", body));

        var arguments = signature.ConvertAll(p => $"{TypeOf(p.Value)} {char.ToLowerInvariant(p.Key[0])}{p.Key[1..]}");
        if (parameters[false].Any())
        {
            // The first optional parameter changes the signature, further ones only this class.
            arguments.Add($"{id}Parameters? parameters");
            var members = Add($"`{id}Parameters`");
            foreach (var (name, parameter) in Names.Members(parameters[false], NameOf, [id + "Parameters", "Copy"]))
            {
                members[$"`{name}`"] = new($"`{TypeOf(parameter)}`, {PlaceOf(parameter)}");
                AddLimits(members, $"`{name}`", parameter.Get("schema"), isSent: true);
            }
        }

        facts["it"] = new($"`{ResultOf(operation)} ({string.Join(", ", arguments)})`");
        var responses = operation.Map("responses");
        var accept = responses.SelectMany(r => r.Value.Map("content").Keys()).LastOrDefault("application/json");
        var sent = signature.Select(p => PlaceOf(p.Value)).Prepend(route).Append("Accept " + accept);
        facts[Request] = new(string.Join(", ", sent));
        if (operation.IsTrue("x-idempotent"))
            facts["x-idempotent"] = Fact.Note($"for the reason given for {route}, so that any failure is retried");

        if (operation["x-orq-paging"] is { } paging)
            facts[$"`{id}AllAsync`"] = new($"`IAsyncEnumerable<{paging.Text("item")}>`");

        foreach (var (name, parameter) in signature)
            AddLimits(facts, $"`{name}`", parameter.Get("schema"), isSent: true);

        facts["success (the client accepts any 2xx)"] = Fact.Note(string.Join(" or ", responses.Keys()));
        if (operation.IsTrue("deprecated"))
            facts["deprecated"] = Fact.Note("`[Obsolete]`");
    }

    private void AddType(string name, JsonNode? schema)
    {
        var facts = Add($"`{name}`");
        if (schema.Get("enum") is not null)
        {
            facts["it"] = new("an enum");
            var values = schema.List("enum").Select(v => v?.ToString() ?? "");
            var members = Names.Members(values, v => Names.OfEnum(v, name), [name, "Value", "PrintMembers"]);
            foreach (var (member, value) in members)
                facts[$"`{member}`"] = new($"`{value}` in JSON");

            return;
        }

        var isSent = schema.Text("x-orq-direction") == "request";
        var required = schema.List("required").Select(r => r?.ToString()).ToHashSet(StringComparer.Ordinal);
        if (schema.Map("properties").Count == 0)
        {
            // All properties belong to the other direction, so there is no class.
            facts["it"] = new(schema.Get("additionalProperties") is null ? "`object?`" : $"`{CSharpType.Of(schema)}`");
            return;
        }

        facts["it"] = new(isSent ? "a class for requests" : "a class for responses");
        if (isSent && schema.Get("additionalProperties") is not null)
            facts["`AdditionalProperties`"] = new("`IReadOnlyDictionary<string, object?>`");

        var properties = Names.Members(schema.Map("properties"), p => p.Key, [name, "AdditionalProperties"]);
        foreach (var (member, (key, value)) in properties)
        {
            var isRequired = required.Contains(key);
            facts[$"`{member}`"] = new(
                $"`{CSharpType.OfProperty(value, isRequired, isSent)}`, `{key}` in JSON",
                BreaksWhenAdded: isRequired,
                IsSetInResponses: isRequired && !isSent
            );
            AddLimits(facts, $"`{member}`", value, isSent);
        }
    }

    private static void AddLimits(Facts facts, string member, JsonNode? schema, bool isSent, string inside = "")
    {
        // The C# type of a number shows its format.
        string[] keywords = CSharpType.JsonType(schema) is "integer" or "number" ? [] : LimitKeywords;
        foreach (var keyword in keywords.Where(k => schema.Get(k) is not null))
        {
            var value = schema![keyword]!;
            int? limit = keyword == "format" ? null : (int)value * (keyword == "minLength" ? 1 : -1);
            facts[$"{keyword} of {member}{inside}"] = new(
                $"{value}",
                BreaksWhenAdded: isSent,
                BreaksWhenRemoved: false,
                limit,
                Member: member
            );
        }

        foreach (var key in NestedSchemas.Where(k => schema.Get(k) is not null))
            AddLimits(facts, member, schema![key], isSent, $"{inside} {key}");
    }

    private static string NameOf(JsonNode? parameter) => parameter.Text("name") ?? "";

    private static string PlaceOf(JsonNode? parameter) =>
        parameter.Get("content") is JsonObject content
            ? "body " + content.Keys().First()
            : $"{parameter.Text("in")} parameter {NameOf(parameter)}";

    private static string TypeOf(JsonNode? parameter) =>
        CSharpType.Of(parameter.Get("schema") ?? parameter.ContentSchema(), parameter.IsTrue("required"));

    private static string ResultOf(JsonNode operation)
    {
        var schemas = operation.Map("responses").Select(r => r.Value.ContentSchema()).ToList();
        var schema = schemas.Find(s => s is not null);
        return schema is null ? "Task" : $"Task<{CSharpType.Of(schema, !schemas.Contains(null))}>";
    }
}
