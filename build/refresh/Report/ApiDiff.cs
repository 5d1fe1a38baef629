namespace OrqGenerated.Refresh;

/// <summary>One change that a C# user can see, and whether it may break working code.</summary>
/// <param name="Where">The C# class or method.</param>
internal sealed record Change(string Where, string Text, bool IsBreaking)
{
    public override string ToString() => $"{(IsBreaking ? "**Breaking:**" : "Not breaking:")} {Text}.";
}

/// <summary>
/// Compares two C# APIs. Breaking is what the compiler refuses in code that worked, and what makes the same code send
/// or read something else.
/// </summary>
internal static class ApiDiff
{
    public static IEnumerable<Change> Between(CSharpApi before, CSharpApi after)
    {
        foreach (var (where, old) in before)
        {
            if (!after.TryGetValue(where, out var now))
            {
                yield return new(where, "removed", true);
                continue;
            }

            foreach (var what in old.Keys.Union(now.Keys, StringComparer.Ordinal))
            {
                if (Compare(what, old.GetValueOrDefault(what), now.GetValueOrDefault(what)) is var (text, isBreaking))
                {
                    yield return new(where, text, isBreaking);
                }
            }
        }

        // A method is new in an interface, too, which is not for implementing.
        foreach (var (where, facts) in after.ExceptBy(before.Keys, t => t.Key, StringComparer.Ordinal))
        {
            yield return new(
                where,
                facts.TryGetValue("its route", out var route) ? $"new, {route.Text}" : "new",
                false
            );
        }
    }

    private static (string Text, bool IsBreaking)? Compare(string what, Fact? old, Fact? now)
    {
        var isForBuilders = now is { IsSetInAnswers: true } && old is not { IsSetInAnswers: true };
        var note = isForBuilders ? "; code that builds this answer, as tests do, no longer compiles" : "";
        return (old, now) switch
        {
            (_, null) => ($"{what} removed, was {old!.Text}", old.BreaksWhenRemoved),
            (null, _) => ($"{what} added, {now.Text}{note}", now.BreaksWhenAdded),
            _ when old.Text != now.Text => (
                $"{what} is {now.Text}, was {old.Text}{note}",
                now.BreaksWhenChanged
                    && !(now.Limit <= old.Limit)
                    // A body that may be left out now is taken as before.
                    && old.Text != now.Text.Replace("? body", " body", StringComparison.Ordinal)
            ),
            _ => null,
        };
    }
}
