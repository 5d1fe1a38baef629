using Facts = System.Collections.Generic.Dictionary<string, OrqGenerated.Refresh.Fact>;

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
    public static IEnumerable<Change> Between(CSharpApi before, CSharpApi after) =>
        before
            .Keys.Union(after.Keys, StringComparer.Ordinal)
            .SelectMany(where => Between(where, before.GetValueOrDefault(where), after.GetValueOrDefault(where)));

    private static IEnumerable<Change> Between(string where, Facts? before, Facts? after) =>
        (before, after) switch
        {
            (_, null) => [new(where, "removed", true)],
            // A method is new in an interface, too, which is not for implementing.
            (null, _) when after.TryGetValue("its route", out var route) => [new(where, $"new, {route.Text}", false)],
            (null, _) => [new(where, "new", false)],
            var (old, now) => old
                .Keys.Union(now.Keys, StringComparer.Ordinal)
                .Select(what => Between(where, what, old.GetValueOrDefault(what), now.GetValueOrDefault(what)))
                .OfType<Change>(),
        };

    private static Change? Between(string where, string what, Fact? old, Fact? now)
    {
        var isForBuilders = now is { IsSetInAnswers: true } && old is not { IsSetInAnswers: true };
        var note = isForBuilders ? "; code that builds this answer, as tests do, no longer compiles" : "";
        return (old, now) switch
        {
            (_, null) => new(where, $"{what} removed, was {old!.Text}", old.BreaksWhenRemoved),
            (null, _) => new(where, $"{what} added, {now.Text}{note}", now.BreaksWhenAdded),
            _ when old.Text != now.Text => new(
                where,
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
