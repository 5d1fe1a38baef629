using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>One change that a C# user can see, and whether it may break working code.</summary>
/// <param name="Where">The C# class or method.</param>
internal sealed record Change(string Where, string Text, bool IsBreaking);

/// <summary>
/// Compares two documents of ours in terms of the C# API that is generated from them. Breaking is what the compiler
/// refuses in code that worked, and what makes the same code send or read something else.
/// </summary>
internal sealed class ApiDiff(CSharpApi before, CSharpApi after)
{
    private readonly List<Change> _changes = [];

    public List<Change> Compare()
    {
        CompareText("The API", "its servers are", Servers(before), Servers(after));
        CompareText("The API", "its security is", Security(before), Security(after));
        foreach (var (id, old) in before.Methods)
        {
            if (after.Methods.TryGetValue(id, out var now))
            {
                CompareMethod(old, now);
            }
            else
            {
                var heir = after.Methods.Values.FirstOrDefault(m => m.Route == old.Route);
                Add(old.Name, heir is null ? "removed" : $"renamed to `{heir.Name}`", true);
            }
        }

        foreach (
            var (_, now) in after.Methods.ExceptBy(
                before.Methods.Keys,
                m => m.Key,
                StringComparer.Ordinal
            )
        )
        {
            Add(
                now.Name,
                $"new ({now.Route}), which breaks implementers of the interface only",
                false
            );
        }

        foreach (var (name, old) in before.Types)
        {
            if (!after.Types.TryGetValue(name, out var now))
            {
                Add(name, "removed", true);
            }
            else if (old.Kind != now.Kind)
            {
                Add(name, $"{now.Kind}, was {old.Kind}", true);
            }
            else
            {
                CompareMembers(name, old, now);
            }
        }

        foreach (
            var (name, now) in after.Types.ExceptBy(
                before.Types.Keys,
                t => t.Key,
                StringComparer.Ordinal
            )
        )
        {
            Add(name, $"new, {now.Kind}", false);
        }

        return _changes;
    }

    private void Add(string where, string text, bool isBreaking) =>
        _changes.Add(new(where, text, isBreaking));

    private void CompareText(
        string where,
        string what,
        string old,
        string now,
        bool isBreaking = true
    )
    {
        if (old != now)
        {
            Add(where, $"{what} {now}, was {old}", isBreaking);
        }
    }

    private static string Servers(CSharpApi api) =>
        string.Join(", ", api.Document.List("servers").Select(s => s.Text("url")));

    private static string Security(CSharpApi api) =>
        api.Document["security"]?.ToJsonString() ?? "none";

    private void CompareMethod(ApiMethod old, ApiMethod now)
    {
        var isMarked = now.Node.IsTrue("x-idempotent");
        CompareText(old.Name, "it is", $"`{old.Name}`", $"`{now.Name}`");
        var reason = isMarked ? " (and the reason in `x-idempotent` was given for that)" : "";
        CompareText(
            now.Name,
            "it calls",
            old.Route + (old.Route == now.Route ? "" : reason),
            now.Route
        );
        CompareText(
            now.Name,
            "it takes",
            $"`({old.Signature})`",
            $"`({now.Signature})`",
            !now.Takes(old)
        );
        CompareText(now.Name, "it returns", $"`{old.Result}`", $"`{now.Result}`");
        CompareText(
            now.Name,
            "success (the client takes any 2xx) is",
            old.Successes,
            now.Successes,
            isBreaking: false
        );
        foreach (var (name, was) in old.Parameters)
        {
            if (now.Parameters.TryGetValue(name, out var member))
            {
                CompareText(now.Name, $"`{name}` is sent as", was.Wire, member.Wire);
                CompareKeywords(now.Name, $"`{name}`", was.Schema, member.Schema, isSent: true);
            }
        }

        if (old.Node.IsTrue("deprecated") != now.Node.IsTrue("deprecated"))
        {
            Add(
                now.Name,
                now.Node.IsTrue("deprecated")
                    ? "deprecated, and so `[Obsolete]`"
                    : "no longer deprecated",
                false
            );
        }

        if (old.Node.IsTrue("x-idempotent") != isMarked)
        {
            Add(
                now.Name,
                isMarked
                    ? "retried after any failure"
                    : "retried only if it surely was not processed",
                false
            );
        }
    }

    private void CompareMembers(string type, ApiType old, ApiType now)
    {
        foreach (var (name, was) in old.Members)
        {
            if (!now.Members.TryGetValue(name, out var member))
            {
                Add(
                    type,
                    $"`{name}` removed" + (was.Type.Length == 0 ? "" : $", was `{was.Type}`"),
                    true
                );
                continue;
            }

            CompareText(type, $"`{name}` is on the wire", $"`{was.Wire}`", $"`{member.Wire}`");
            var note = was.IsRequired ? "" : BuildersNote(member, now.IsSent);
            CompareText(
                type,
                $"`{name}` is",
                $"`{was.Type}`" + (was.Type == member.Type ? "" : note),
                $"`{member.Type}`"
            );
            CompareKeywords(type, $"`{name}`", was.Schema, member.Schema, now.IsSent);
        }

        foreach (
            var (name, member) in now.Members.ExceptBy(
                old.Members.Keys,
                m => m.Key,
                StringComparer.Ordinal
            )
        )
        {
            var described = member.Type.Length == 0 ? "" : $", `{member.Type}`";
            Add(
                type,
                $"`{name}` added{described}{BuildersNote(member, now.IsSent)}",
                member.IsRequired
            );
        }
    }

    private static string BuildersNote(ApiMember member, bool isSent) =>
        member.IsRequired && !isSent
            ? "; code that builds this answer, as tests do, no longer compiles"
            : "";

    private void CompareKeywords(string where, string what, JsonNode old, JsonNode now, bool isSent)
    {
        foreach (var name in (string[])["format", "deprecated", .. SchemaKeywords.Lengths])
        {
            var (was, value) = (old[name]?.ToString(), now[name]?.ToString());
            CompareText(
                where,
                $"{what}: {name} is",
                was ?? "none",
                value ?? "none",
                isSent && name != "deprecated" && IsNarrower(name, was, value)
            );
        }

        foreach (var inside in (string[])["items", "additionalProperties"])
        {
            if (old[inside] is { } was && now[inside] is { } value)
            {
                CompareKeywords(where, $"{what} {inside}", was, value, isSent);
            }
        }
    }

    private static bool IsNarrower(string keyword, string? was, string? value) =>
        value is not null
        && (
            was is null
            || keyword == "format"
            || (keyword == "minLength")
                == (
                    int.Parse(value, System.Globalization.CultureInfo.InvariantCulture)
                    > int.Parse(was, System.Globalization.CultureInfo.InvariantCulture)
                )
        );
}
