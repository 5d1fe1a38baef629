using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>
/// Says which operation has taken the place of one that is gone: the one whose request has most in common.
/// </summary>
internal static class Nearest
{
    public static string Message(Upstream upstream, string id, JsonObject? previous)
    {
        var before = previous is null ? null : new Upstream(previous, "");
        var lost = before?.Operations.FirstOrDefault(o => o.Id == Names.Pascal(id));
        var fields = lost is null ? [] : Fields(before!, lost);
        var nearest = upstream
            .Operations.Select(o => (Operation: o, Fields: Fields(upstream, o)))
            .Where(o => o.Fields.Overlaps(fields))
            .OrderByDescending(o => (double)o.Fields.Count(fields.Contains) / (o.Fields.Count + fields.Count))
            .Select(o => $"; the nearest one is {o.Operation}")
            .FirstOrDefault();
        return $"{id} is not in this document{nearest}";
    }

    private static HashSet<string> Fields(Upstream upstream, UpstreamOperation operation)
    {
        try
        {
            var content = operation.Node["requestBody"].Map("content");
            var form = new SchemaReader(upstream).Read(content.FirstOrDefault().Value.Get("schema"));
            return (form.Properties ?? []).Keys().ToHashSet(StringComparer.Ordinal);
        }
        catch (BadInputException)
        {
            // It has no body, or a broken one; then it is no candidate.
            return [];
        }
    }
}
