using System.Globalization;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ConformanceTests;

/// <summary>The scripted servers of <see cref="BehaviourTests"/>.</summary>
internal static class Behaviours
{
    /// <summary>The contact as the server has stored it.</summary>
    public const string Stored = "{" + Required + ",\"updated\":\"2026-06-02T10:00:00Z\"}";

    /// <summary>A contact with only what the document requires.</summary>
    public const string Minimal = "{" + Required + "}";

    private const string Required = "\"_id\":\"1\",\"external_id\":\"a\"";

    private const string Error = """{"code":"some_code","message":"Something is wrong."}""";

    private const string OneType = "Every failure is an `OrqException`; an unhandled rejection ends a Node.js process.";
    private const string NotFollowed =
        "Redirects are not followed: the contact would go to a server that the caller did not choose.";
    private const string Created = "Any 2xx is a success; the API has switched between 200 and 201.";
    private const string CutOff = "A body that is cut off is a connection error, and is retried as one.";
    private const string Formats = "Fractions, milliseconds and lists count as well.";
    private const string Limit =
        "Each attempt has its own limit. The SDK has one for the call, and still retries after it.";

    /// <summary>Every behaviour whose script needs no other server.</summary>
    public static IEnumerable<Behaviour> All => [.. Successes, .. Statuses, .. Waits, .. Connections];

    private static IEnumerable<Behaviour> Successes =>
        [
            new("200 with the contact", "contact", Responds(200, Stored)),
            new(
                "200 with the contact, gzip",
                "contact",
                Responds(200, Gzip.Compress(Stored), "Content-Encoding: gzip")
            ),
            new("200 with the contact, a byte at a time", "contact", Drips(Stored)),
            new(
                "200 with fields that the document does not know",
                "contact",
                Responds(200, Stored[..^1] + ",\"x\":1}")
            ),
            new("201 with the contact", "contact", Responds(201, Stored)) { Reason = Created },
            new("200 without `updated`", "contact updated never", Responds(200, Minimal))
            {
                Reason = "The SDK invents a time: when its document was built.",
            },
            new("200 with an invalid `created`", "contact", Responds(200, Stored[..^1] + ",\"created\":\"yesterday\"}"))
            {
                Reason = "An invalid optional field never fails a call; its raw value is in `AdditionalProperties`.",
            },
            new("200 without `external_id`", "unreadable response", Responds(200, """{"_id":"1"}""")),
            new("200 with broken JSON", "unreadable response", Responds(200, Stored[..^5])) { Reason = OneType },
            new("200 with HTML", "unreadable response", Responds(200, "<html>", "Content-Type: text/html")),
            new("200 without a body", "unreadable response", Responds(200, "")) { Reason = OneType },
            new("204", "unreadable response", Writes("HTTP/1.1 204 No Content\r\n\r\n")),
        ];

    private static IEnumerable<Behaviour> Statuses =>
        [
            .. new[] { 400, 401, 402, 403, 404, 408, 409, 422, 501 }.Select(status => new Behaviour(
                $"{status}",
                $"error {status}",
                Responds(status, Error)
            )),
            new("400 with HTML", "error 400", Responds(400, "<html>", "Content-Type: text/html")),
            .. new[] { 429, 500, 502, 503, 504 }.Select(status => new Behaviour(
                $"{status}, then the contact",
                "contact, 2 attempts",
                Responds(status, Error),
                Responds(200, Stored)
            )),
            new(
                "503 and 502, then the contact",
                "contact, 3 attempts",
                Responds(503, Error),
                Responds(502, Error),
                Responds(200, Stored)
            ),
            new(
                "503, then the contact, with default settings",
                "contact, 2 attempts",
                Responds(503, Error),
                Responds(200, Stored)
            )
            {
                IsAsShipped = true,
                Reason = "Retries are on by default, since the operation is an upsert.",
            },
            new("503 every time", "error 503, 12 to 13 attempts, waits 96.554 to 106.869 s", Responds(503, Error))
            {
                ShowsWaits = true,
                Reason = "A wait that would end after `MaxElapsedTime` is not started.",
            },
        ];

    private static IEnumerable<Behaviour> Waits =>
        [
            Waiting("no header", "0.375 to 0.625", "The first wait has a base, not only jitter."),
            Waiting("`Retry-After: 2`", "2 to 2.2", "Jitter spreads callers that wait together.", "Retry-After: 2"),
            Waiting("`Retry-After: 0`", "0.375 to 0.625", "As without the header.", "Retry-After: 0"),
            Waiting("`Retry-After: soon`", "0.375 to 0.625", "As without the header.", "Retry-After: soon"),
            Waiting("`Retry-After: 1.5`", "1.5 to 1.65", Formats, "Retry-After: 1.5"),
            Waiting("`Retry-After: 5, 9`", "9 to 9.9", Formats, "Retry-After: 5, 9"),
            Waiting("`retry-after-ms: 1500`", "1.5 to 1.65", Formats, "retry-after-ms: 1500"),
            Waiting(
                "a date 30 s ahead",
                "30 to 33",
                "As with seconds.",
                "Date: " + HttpDate(0),
                "Retry-After: " + HttpDate(30)
            ),
            Waiting(
                "a date 30 s ahead by a clock that is an hour fast",
                "30 to 33",
                "A date is read against the server's own `Date`.",
                "Date: " + HttpDate(3600),
                "Retry-After: " + HttpDate(3630)
            ),
            new(
                "429 with `Retry-After: 3600`, then the contact",
                "error 429",
                Responds(429, Error, "Retry-After: 3600"),
                Responds(200, Stored)
            )
            {
                ShowsWaits = true,
                Reason = "An early retry would only be refused again; `RetryAfter` tells the caller how long to wait.",
            },
        ];

    private static IEnumerable<Behaviour> Connections =>
        [
            new(
                "Reset, then the contact",
                "contact, 2 attempts",
                EndsUnanswered(connection => connection.Reset()),
                Responds(200, Stored)
            ),
            new(
                "Closed without a response, then the contact",
                "contact, 2 attempts",
                EndsUnanswered(connection => connection.Close()),
                Responds(200, Stored)
            ),
            new(
                "Closed within the headers, then the contact",
                "contact, 2 attempts",
                Writes("HTTP/1.1 200 OK\r\nCo"),
                Responds(200, Stored)
            ),
            new(
                "Reset within the body, then the contact",
                "contact, 2 attempts",
                Cut(connection => connection.Reset()),
                Responds(200, Stored)
            )
            {
                Reason = CutOff,
            },
            new(
                "Closed within the body, then the contact",
                "contact, 2 attempts",
                Cut(connection => connection.Close()),
                Responds(200, Stored)
            )
            {
                Reason = CutOff,
            },
            new(
                "No last chunk, then the contact",
                "contact, 2 attempts",
                Writes(OkHead + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
                Responds(200, Stored)
            )
            {
                Reason = CutOff,
            },
            new("Not HTTP, then the contact", "contact, 2 attempts", Writes("What?\r\n\r\n"), Responds(200, Stored)),
            new("Connection refused", "no response, 12 to 13 attempts") { Reason = "As with 503 every time." },
            new("Silence", "timeout, 4 attempts", Stalls("")) { Stalls = "before", Reason = Limit },
            new("Silence after the headers", "timeout, 4 attempts", Stalls(OkHead + "Content-Length: 9\r\n\r\n"))
            {
                Stalls = "after",
                Reason = Limit,
            },
        ];

    /// <summary>A redirect to another server.</summary>
    public static Behaviour Redirect(int status, RawHttpServer elsewhere) =>
        new(
            $"{status} to another server, which responds with 200",
            $"error {status}",
            Responds(status, "", $"Location: {elsewhere.Address}v2/contacts")
        )
        {
            Reason = NotFollowed,
        };

    private static Behaviour Waiting(string header, string seconds, string reason, params string[] headers) =>
        new(
            $"429 with {header}, then the contact",
            $"contact, 2 attempts, waits {seconds} s",
            Responds(429, Error, headers),
            Responds(200, Stored)
        )
        {
            ShowsWaits = true,
            Reason = reason,
        };

    private static string HttpDate(int seconds) =>
        new DateTimeOffset(2026, 6, 2, 12, 0, 0, TimeSpan.Zero)
            .AddSeconds(seconds)
            .ToString("r", CultureInfo.InvariantCulture);

    private static Func<RawConnection, Task> Cut(Action<RawConnection> end) =>
        Writes(OkHead + $"Content-Length: {Stored.Length}\r\n\r\n{Stored[..10]}", end);
}
