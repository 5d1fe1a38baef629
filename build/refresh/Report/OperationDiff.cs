using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Compares the methods that two documents lead to.</summary>
internal sealed class OperationDiff(ChangeList changes, OurDocument before, OurDocument after)
{
    public void Compare()
    {
        foreach (var old in before.Operations.Values)
        {
            if (after.Operations.TryGetValue(old.Id, out var now))
            {
                Compare(old, now);
            }
            else if (after.Operations.Values.FirstOrDefault(o => IsRenamed(old, o)) is { } renamed)
            {
                changes.Breaking(old.Member, $"renamed to `{renamed.Member}`");
                Compare(old with { Tag = renamed.Tag }, renamed);
            }
            else
            {
                changes.Breaking(old.Member, "removed");
            }
        }

        foreach (var now in after.Operations.Values)
        {
            if (
                !before.Operations.ContainsKey(now.Id)
                && !before.Operations.Values.Any(o => IsRenamed(o, now))
            )
            {
                changes.Harmless(
                    now.Member,
                    $"new member ({now.Place}): breaks implementers of the interface only"
                );
            }
        }
    }

    private bool IsRenamed(OurOperation old, OurOperation now) =>
        old.Place == now.Place
        && !before.Operations.ContainsKey(now.Id)
        && !after.Operations.ContainsKey(old.Id);

    private void Compare(OurOperation old, OurOperation now)
    {
        if (old.Tag != now.Tag)
        {
            changes.Breaking(old.Member, $"moved to `{now.Member}`");
        }

        if (old.Place != now.Place)
        {
            changes.Harmless(now.Member, $"calls {now.Place}, was {old.Place}");
        }

        CompareParameters(old, now);
        CompareBody(old, now);
        CompareResponses(old, now);
        CompareFlag(
            old,
            now,
            "deprecated",
            "deprecated, and so `[Obsolete]`",
            "no longer deprecated"
        );
        CompareFlag(
            old,
            now,
            "x-idempotent",
            "idempotent now, so whatever fails is repeated",
            "no longer idempotent, so only what the server surely has not processed is repeated"
        );
        changes.CompareText(now.Member, "its security", old.Node["security"], now.Node["security"]);
    }

    private void CompareFlag(
        OurOperation old,
        OurOperation now,
        string key,
        string ifSet,
        string ifCleared
    )
    {
        if (old.Node.IsTrue(key) != now.Node.IsTrue(key))
        {
            changes.Harmless(now.Member, now.Node.IsTrue(key) ? ifSet : ifCleared);
        }
    }

    private void CompareParameters(OurOperation old, OurOperation now)
    {
        foreach (var (key, was) in old.Parameters)
        {
            var what = $"parameter `{Camel(key.Name)}`";
            if (!now.Parameters.TryGetValue(key, out var parameter))
            {
                changes.Breaking(now.Member, $"{what} ({key.In}) removed");
                continue;
            }

            var (wasRequired, isRequired) = (was.IsTrue("required"), parameter.IsTrue("required"));
            new UseDiff(changes, now.Member, what, Direction.Request).Compare(
                was["schema"]!,
                parameter["schema"]!,
                wasRequired,
                isRequired
            );
            changes.CompareText(
                now.Member,
                $"the style of {what}",
                was["style"],
                parameter["style"]
            );
        }

        foreach (
            var (key, parameter) in now.Parameters.Where(p => !old.Parameters.ContainsKey(p.Key))
        )
        {
            var isRequired = parameter.IsTrue("required");
            var kind =
                (isRequired ? "required " : "optional ")
                + CSharpSurface.TypeOf(parameter["schema"]!);
            changes.Add(
                now.Member,
                $"parameter `{Camel(key.Name)}` ({key.In}, `{kind}`) added",
                isRequired
            );
        }
    }

    private void CompareBody(OurOperation old, OurOperation now)
    {
        switch (OurDocument.SchemaOf(old.Body), OurDocument.SchemaOf(now.Body))
        {
            case (null, { } added):
                changes.Breaking(now.Member, $"takes a body, `{CSharpSurface.TypeOf(added)}`");
                break;
            case ({ } removed, null):
                changes.Breaking(
                    now.Member,
                    $"takes no body, was `{CSharpSurface.TypeOf(removed)}`"
                );
                break;
            case ({ } was, { } body):
                changes.CompareText(
                    now.Member,
                    "the media type of the body",
                    MediaType(old),
                    MediaType(now)
                );
                new UseDiff(changes, now.Member, "`body`", Direction.Request).Compare(
                    was,
                    body,
                    old.Body.IsTrue("required"),
                    now.Body.IsTrue("required")
                );
                break;
        }
    }

    private static JsonNode? MediaType(OurOperation operation) =>
        operation.Body.Map("content").FirstOrDefault().Key;

    private void CompareResponses(OurOperation old, OurOperation now)
    {
        if (!old.SuccessCodes.SequenceEqual(now.SuccessCodes, StringComparer.Ordinal))
        {
            changes.Harmless(
                now.Member,
                $"success is {string.Join(" or ", now.SuccessCodes)}, was {string.Join(" or ", old.SuccessCodes)}; the client takes any 2xx"
            );
        }

        switch (old.Result, now.Result)
        {
            case (null, { } added):
                changes.Breaking(now.Member, $"has a result, `{CSharpSurface.TypeOf(added)}`");
                break;
            case ({ } removed, null):
                changes.Breaking(
                    now.Member,
                    $"has no result, was `{CSharpSurface.TypeOf(removed)}`"
                );
                break;
            case ({ } was, { } result):
                new UseDiff(changes, now.Member, "the result", Direction.Response).Compare(
                    was,
                    result,
                    true,
                    true
                );
                break;
        }
    }

    private static string Camel(string name)
    {
        var pascal = Names.Pascal(name);
        return char.ToLowerInvariant(pascal[0]) + pascal[1..];
    }
}
