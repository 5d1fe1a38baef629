using System.Text;

namespace OrqGenerated.ConformanceTests;

/// <summary>The text of docs/conformance.md.</summary>
internal static class Page
{
    public static string Of(IEnumerable<Observation> observations)
    {
        var page = new StringBuilder(
            """
            # Compared with the official Node SDK

            How this client compares with the official Node SDK 4.9.4. `OrqGenerated.ConformanceTests` runs both against
            the same servers and fails when this page is out of date; `UPDATE_CONFORMANCE=1` makes it write the page.

            ## Requests

            Both send the same method, path, key, content type and JSON for the same contact; absent, null and set
            fields stay distinct. The exceptions:

            | Contact | Why the requests differ |
            |---|---|

            """
        );
        page.AppendJoin('\n', RequestTests.Rows);
        page.Append(
            """


            ## Responses

            The SDK runs with this client's default retry configuration, unless the row says otherwise. Waits are
            totals, with the least and the most jitter. Where the two differ, the row says why.

            | The server | Node SDK | OrqGenerated | Why |
            |---|---|---|---|

            """
        );
        page.AppendJoin('\n', observations.Select(Row));
        return page.Append('\n').ToString().ReplaceLineEndings("\n");
    }

    private static string Row(Observation seen)
    {
        var reason = seen.Behaviour.Reason is { } text ? $" {text}" : "";
        return $"| {seen.Behaviour.Name} | {seen.Node} | {seen.Ours} |{reason} |";
    }
}
