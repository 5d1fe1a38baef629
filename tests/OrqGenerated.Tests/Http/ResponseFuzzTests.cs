using System.Net;
using System.Text;
using System.Text.Json;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Random responses, most of which no sane server sends.</summary>
internal sealed class ResponseFuzzTests : ClientTest
{
    private static readonly int[] Statuses =
    [
        200,
        200,
        200,
        201,
        204,
        302,
        304,
        400,
        401,
        402,
        404,
        409,
        410,
        422,
        429,
        500,
        503,
        504,
    ];

    private static readonly string[] Bodies =
    [
        """
            {"_id":"c_1","external_id":"user_12345","display_name":null,"email":"a@b.c","tags":["a"],
            "created":"2026-01-02T03:04:05Z","metadata":{"a":[1,{"b":null}],"c":0.1}}
            """,
        Stored,
        $$"""{"code":"invalid_key","message":"{{Key}} of jane.smith@example.com is invalid.","request_id":"r_1"}""",
        """{"error":{"message":"Slow down","type":"requests","param":null,"code":7}}""",
        """{"id":"e_1","code":404,"error":"Jane Smith not found","source":"system"}""",
        """{"type":"about:blank","title":"Bad","detail":"Jane Smith","errors":[{"message":"user_12345"}]}""",
        "<html>\n<body>user_12345</body></html>",
        "",
    ];

    private static readonly (string Name, string[] Values)[] Headers =
    [
        (
            "Content-Type",
            ["application/json", "application/json; charset=utf-16", "text/html", "\"", "application/problem+json;;"]
        ),
        ("Content-Encoding", ["gzip", "br", "identity", "gzip, gzip"]),
        ("Content-Length", ["0", "1", "17", "99999999"]),
        (
            "Retry-After",
            ["0", "1", "-1", "1.5", "5, 9", "1e99", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", "999999999999"]
        ),
        ("retry-after-ms", ["1", "NaN", "1e308", "-5", "\"7\""]),
        ("Date", ["Wed, 21 Oct 2015 07:28:00 GMT", "0", "yesterday"]),
        ("Location", ["/v3", "http://other.example.com/", "\\"]),
        ("x-orq-trace-id", ["t_1", Key, "Jane Smith", ""]),
        ("WWW-Authenticate", ["Bearer", "=,=,"]),
    ];

    [Test]
    public async Task Any_response_gives_a_contact_or_an_OrqException_that_hides_the_request()
    {
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Options.Retry.MaxAttempts = 2;
        PassesAtOnce = static _ => true;
        var random = new Random(0);
        Server.Does((_, _) => Task.FromResult(Response(random)));

        await Fuzz.RunAsync(
            2000,
            async chance =>
            {
                random = chance;
                try
                {
                    var response = await CreateAsync();
                    Assert.That(response.Value.Id, Is.Not.Null);
                    Assert.That(response.Value.ExternalId, Is.Not.Null);
                    JsonSerializer.Serialize(response.Value);
                }
                catch (OrqException exception)
                {
                    Assert.That(exception.Attempts, Is.InRange(1, 2));
                    Assert.That(exception.Message, Does.Not.Match("[\\r\\n]"), "the message is one line");
                    foreach (var secret in new[] { Key, "user_12345", "Jane Smith", "jane.smith@example.com" })
                        Assert.That(exception.ToString(), Does.Not.Contain(secret).IgnoreCase);
                }
            }
        );
    }

    private static HttpResponseMessage Response(Random random)
    {
        var status = random.Happens(0.9) ? random.Pick(Statuses) : random.Next(100, 1000);
        var body = random.Mutate(random.Pick(Bodies));
        HttpContent content = random.Happens(0.1)
            ? new StreamContent(new ScriptedStream(_ => new(body), ScriptedStream.Fails(new IOException("reset"))))
            : new ByteArrayContent(body);
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = content };
        foreach (var (name, values) in Headers.Where(_ => random.Happens(0.3)))
        {
            var value = random.Happens(0.8)
                ? random.Pick(values)
                : Encoding.Latin1.GetString(random.Mutate(random.Pick(values))).ReplaceLineEndings(" ");
            if (!response.Headers.TryAddWithoutValidation(name, value))
                content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
