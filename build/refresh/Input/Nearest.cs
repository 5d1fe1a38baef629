using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>What a person who misses an operation was probably looking for.</summary>
internal static class Nearest
{
    public static string Message(Upstream upstream, string id, JsonObject? previous)
    {
        var message = $"{id} is not in this document";
        var lost = previous is null
            ? null
            : new Upstream(previous, "previous").Operations.FirstOrDefault(o =>
                o.Id == Names.Pascal(id)
            );
        var fields = lost is null ? [] : Fields(previous!, lost.Node);
        var nearest = upstream.Operations.MaxBy(o => Likeness(upstream, o, id, lost, fields));
        return nearest is null
            ? message + "; it has no operation at all"
            : $"{message}; it has {nearest}";
    }

    /// <summary>The same place counts most, then the same fields in the request, then the same name and method.</summary>
    private static double Likeness(
        Upstream upstream,
        UpstreamOperation operation,
        string id,
        UpstreamOperation? lost,
        HashSet<string> fields
    )
    {
        var likeness =
            1 - ((double)Distance(operation.Id, id) / Math.Max(operation.Id.Length, id.Length));
        if (lost is not null)
        {
            likeness += operation.Method == lost.Method ? 1 : 0;
            likeness += operation.Path == lost.Path ? 4 : 0;
            var others = Fields(upstream.Root, operation.Node);
            likeness +=
                fields.Count == 0
                    ? 0
                    : 3.0
                        * fields.Intersect(others, StringComparer.Ordinal).Count()
                        / fields.Union(others, StringComparer.Ordinal).Count();
        }

        return likeness;
    }

    private static HashSet<string> Fields(JsonObject root, JsonObject operation)
    {
        try
        {
            var upstream = new Upstream(root, "");
            var body = operation["requestBody"] is null
                ? null
                : upstream.Object(operation["requestBody"], "");
            var schema = body.Get("content").Get("application/json").Get("schema");
            return schema is null
                ? []
                : [.. new SchemaFlattener(upstream).Flatten(schema).Properties.Keys];
        }
        catch (BadInputException)
        {
            // A broken neighbour is no candidate; the error at hand is the one to report.
            return [];
        }
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
