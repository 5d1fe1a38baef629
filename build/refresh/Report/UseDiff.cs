using System.Globalization;
using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Compares how one value is used: a property, a parameter, a body or a result.</summary>
/// <param name="where">The class or method that it belongs to.</param>
/// <param name="what">Its name in the report.</param>
internal sealed class UseDiff(ChangeList changes, string where, string what, Direction direction)
{
    private static readonly string[] Shapes = ["format", "pattern", "multipleOf", "uniqueItems"];

    public void Compare(JsonNode old, JsonNode now, bool wasRequired, bool isRequired)
    {
        var before = CSharpSurface.Type(old, wasRequired, direction);
        var after = CSharpSurface.Type(now, isRequired, direction);
        var wasNullable = CSharpSurface.IsNullable(old);
        var isNullable = CSharpSurface.IsNullable(now);
        if (before != after)
        {
            string?[] reasons =
            [
                isRequired && !wasRequired ? "required now" : null,
                !isRequired && wasRequired ? "no longer required" : null,
                isNullable && !wasNullable ? "null is allowed now" : null,
                !isNullable && wasNullable ? "null is no longer allowed" : null,
            ];
            var why = string.Join(", ", reasons.OfType<string>());
            changes.Add(
                where,
                $"{what} is `{after}`, was `{before}`" + (why.Length == 0 ? "" : $" ({why})"),
                BreaksCallers(old, now, wasRequired, isRequired)
            );
        }
        else if (isNullable != wasNullable || isRequired != wasRequired)
        {
            var may =
                isNullable ? "may be null"
                : isRequired ? "is always there"
                : "may be missing";
            changes.Harmless(where, $"{what} {may}; `{after}` as before");
        }

        if (CSharpSurface.TypeOf(old) == CSharpSurface.TypeOf(now))
        {
            CompareLimits(what, old, now);
        }

        if (old.IsTrue("deprecated") != now.IsTrue("deprecated"))
        {
            var isDeprecated = now.IsTrue("deprecated");
            changes.Harmless(
                where,
                what + (isDeprecated ? " is deprecated" : " is no longer deprecated")
            );
        }
    }

    private bool BreaksCallers(JsonNode old, JsonNode now, bool wasRequired, bool isRequired)
    {
        var type = CSharpSurface.TypeOf(now);
        if (CSharpSurface.TypeOf(old) != type)
        {
            return true;
        }

        var wasNullable = CSharpSurface.IsNullable(old);
        var isNullable = CSharpSurface.IsNullable(now);
        if (direction == Direction.Request)
        {
            var becomesOptional = !isRequired && isNullable && (wasRequired || !wasNullable);
            return (isRequired && !wasRequired) || (wasNullable && !isNullable) || becomesOptional;
        }

        // Reading a reference that is never null any more is fine; `.Value` of a struct that is no longer nullable is not.
        var canBeMissing = !isRequired || isNullable;
        return canBeMissing || CSharpSurface.IsValueType(type);
    }

    private void CompareLimits(string name, JsonNode old, JsonNode now)
    {
        foreach (var limit in LimitKeywords.Lower.Concat(LimitKeywords.Upper))
        {
            var (before, after) = (Number(old[limit]), Number(now[limit]));
            if (before != after)
            {
                var isNarrower =
                    after is not null
                    && (
                        before is null
                        || (LimitKeywords.Lower.Contains(limit) ? after > before : after < before)
                    );
                AddKeyword(name, limit, old, now, isNarrower);
            }
        }

        foreach (var shape in Shapes.Where(s => !JsonNode.DeepEquals(old[s], now[s])))
        {
            var isNarrower = direction == Direction.Request && now[shape] is not null;
            AddKeyword(name, shape, old, now, isNarrower);
        }

        if (CSharpSurface.Reference(old) is not null)
        {
            return;
        }

        foreach (
            var (inside, suffix) in (ReadOnlySpan<(string, string)>)
                [("items", " items"), ("additionalProperties", " values")]
        )
        {
            if (old[inside] is { } was && now[inside] is { } inner)
            {
                CompareLimits(name + suffix, was, inner);
            }
        }
    }

    private void AddKeyword(
        string name,
        string keyword,
        JsonNode old,
        JsonNode now,
        bool isBreaking
    ) =>
        changes.Add(
            where,
            $"{name}: {keyword} is {now[keyword]?.ToString() ?? "gone"}, was {old[keyword]?.ToString() ?? "none"}",
            isBreaking
        );

    private static double? Number(JsonNode? node) =>
        node is null ? null : double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);
}
