using System.Text.Json.Nodes;

namespace OrqGenerated.Refresh;

/// <summary>Compares two documents of ours in the terms of the C# API that is generated from them.</summary>
internal static class DocumentDiff
{
    private const string Api = "The API";

    public static IReadOnlyList<Change> Between(JsonObject before, JsonObject after)
    {
        var (old, now) = (new OurDocument(before), new OurDocument(after));
        var changes = new ChangeList();
        if (old.DefaultServer != now.DefaultServer)
        {
            changes.Breaking(
                Api,
                $"the default server is {now.DefaultServer}, was {old.DefaultServer}"
            );
        }
        else if (!old.Servers.SequenceEqual(now.Servers, StringComparer.Ordinal))
        {
            changes.Harmless(Api, $"its servers are {string.Join(", ", now.Servers)}");
        }

        changes.CompareText(Api, "its security", before["security"], after["security"]);
        changes.CompareText(Api, "the security schemes", Schemes(before), Schemes(after));
        new OperationDiff(changes, old, now).Compare();
        new SchemaDiff(changes, old, now).Compare();
        return changes;
    }

    private static JsonObject? Schemes(JsonObject document)
    {
        var schemes = document["components"].Get("securitySchemes")?.DeepClone() as JsonObject;
        foreach (var (_, scheme) in schemes ?? [])
        {
            scheme!.AsObject().Remove("description");
        }

        return schemes;
    }
}
