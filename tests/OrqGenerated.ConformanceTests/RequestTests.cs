using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Newtonsoft.Json;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>The official Node SDK and this client send the same request for the same contact.</summary>
[FixtureLifeCycle(LifeCycle.SingleInstance)]
internal sealed class RequestTests : IAsyncDisposable
{
    private const string Key = "test-key";

    // One contact per line, as JSON.
    private const string Contacts = """
        {"external_id":"a"}
        {"external_id":"user_12345","display_name":"Jane Smith","email":"jane.smith@example.com","tags":["premium"]}
        {"external_id":" with blanks "}
        {"external_id":"東京"}
        {"external_id":"é"}
        {"external_id":"😀👩‍👩‍👧‍👦"}
        {"external_id":"\"quotes\" and \\backslashes\\ and /slashes/"}
        {"external_id":"\b\t\n\f\r"}
        {"external_id":"\u0000\u0001\u001f\u007f"}
        {"external_id":"<script>&'+</script>"}
        {"external_id":"\u0085\u00a0\u2028\u2029\ufeff\ufffd"}
        {"external_id":"a","display_name":null}
        {"external_id":"a","email":null}
        {"external_id":"a","avatar_url":null}
        {"external_id":"a","display_name":null,"email":null,"avatar_url":null}
        {"external_id":"a","display_name":null,"email":"a@example.com"}
        {"external_id":"a","display_name":""}
        {"external_id":"a","email":""}
        {"external_id":"a","avatar_url":""}
        {"external_id":"a","email":"ü@exämple.com"}
        {"external_id":"a","avatar_url":"https://example.com/ä?b=c&d=%20#e"}
        {"external_id":"a","tags":[]}
        {"external_id":"a","tags":[""]}
        {"external_id":"a","tags":["x","x","X"]}
        {"external_id":"a","tags":["comma, and \"quote\"","ключ","🏷️"]}
        {"external_id":"a","metadata":{}}
        {"external_id":"a","metadata":{"":"empty name"}}
        {"external_id":"a","metadata":{"snake_case":1,"camelCase":2,"With Blank":3,"ümlaut":4,"\"":5}}
        {"external_id":"a","metadata":{"t":true,"f":false,"n":null,"s":"","e":[],"o":{}}}
        {"external_id":"a","metadata":{"date":"2024-01-15T10:30:00Z","local":"2024-01-15T10:30:00","day":"2024-01-15"}}
        {"external_id":"a","metadata":{"list":[1,"two",[null,[true]],{"three":{"four":[]}}]}}
        {"external_id":"a","metadata":{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":["deep"]}}}}}}}}}
        {"external_id":"a","metadata":{"zero":0,"minus":-1,"max":9007199254740991,"min":-9007199254740991}}
        {"external_id":"a","metadata":{"half":0.5,"third":0.3333333333333333,"small":1e-7,"price":19.99}}
        {"external_id":"a","metadata":{"big":1e21,"bigger":1.7976931348623157e308,"smallest":5e-324}}
        {"external_id":"a","metadata":{"whole":1.0,"trailing":1.10,"exponent":1E3}}
        {"external_id":"a","metadata":{"external_id":"b","display_name":null}}
        {"external_id":"a","metadata":{"id":"3f2504e0-4f89-11d3-9a0c-0305e82c3301","base64":"AQL/+w=="}}
        {"external_id":"a","metadata":{"html":"<b>&amp;</b>","line":"one\ntwo\r\nthree","tab":"\t"}}
        {"external_id":"a","metadata":{"1":"one","2":"two","10":"ten"}}
        {"external_id":"a","display_name":"J","email":null,"avatar_url":"https://a.test/","tags":["t"],"metadata":{}}
        """;

    // One contact per line, followed by the reason why the two requests differ.
    private const string Differences = """
        {"external_id":"a","metadata":{"n":9007199254740993}} | JavaScript rounds whole numbers over 2^53.
        {"external_id":"\ud800"} | A lone surrogate is not Unicode; this client sends U+FFFD.
        """;

    private readonly ConcurrentQueue<RawRequest> _received = [];
    private RawHttpServer _server = null!;
    private NodeSdk _node = null!;
    private ContactsClient _client = null!;

    private static IEnumerable<TestCaseData> Alike =>
        Lines(Contacts)
            .Append($$"""{"external_id":"{{new string('x', 120)}}","display_name":"{{new string('ü', 100_000)}}"}""")
            .Append($$"""{"external_id":"a","tags":[{{string.Join(',', Enumerable.Repeat("\"tag\"", 1_000))}}]}""")
            .Select((contact, i) => new TestCaseData(contact).SetArgDisplayNames($"{i + 1}"));

    private static IEnumerable<TestCaseData> Different =>
        Lines(Differences).Select((line, i) => new TestCaseData(line.Split(" | ")[0]).SetArgDisplayNames($"{i + 1}"));

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = new RawHttpServer(async connection =>
        {
            while (true)
            {
                _received.Enqueue(await connection.ReadRequestAsync());
                await connection.RespondAsync(200, Behaviours.Minimal);
            }
        });
        _node = await NodeSdk.StartAsync();
        _client = new ContactsClient(new OrqClientOptions { ApiKey = Key, ServerUrl = _server.Address });
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await (_node?.DisposeAsync() ?? default);
        await (_server?.DisposeAsync() ?? default);
    }

    [TestCaseSource(nameof(Alike))]
    public async Task Both_send_the_same_request(string contact)
    {
        var (ours, theirs) = await SendAsync(contact);

        Assert.That(Essence(ours), Is.EqualTo(Essence(theirs)));
        Assert.That(IsSameJson(ours, theirs), Is.True, () => $"ours: {Body(ours)}\ntheirs: {Body(theirs)}");
    }

    [TestCaseSource(nameof(Different))]
    public async Task Both_send_the_same_request_but_for_the_known_difference(string contact)
    {
        var (ours, theirs) = await SendAsync(contact);

        Assert.That(Essence(ours), Is.EqualTo(Essence(theirs)));
        Assert.That(IsSameJson(ours, theirs), Is.False, "the requests no longer differ");
    }

    /// <summary>The differences for the page, one row each.</summary>
    public static IEnumerable<string> Rows =>
        Lines(Differences).Select(line => line.Split(" | ")).Select(parts => $"| `{parts[0]}` | {parts[1]} |");

    private static string[] Lines(string lines) => lines.ReplaceLineEndings("\n").Split('\n');

    private static string Body(RawRequest request) => Encoding.UTF8.GetString(request.Body);

    // The request line and the relevant headers.
    private static string Essence(RawRequest request)
    {
        string[] names = ["authorization:", "content-type:", "accept:"];
        var lines = request.Head.Split("\r\n");
        var headers = lines[1..]
            .Select(line => line.ToLowerInvariant())
            .Where(line => names.Any(name => line.StartsWith(name, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal);
        return string.Join('\n', headers.Prepend(lines[0]));
    }

    private static bool IsSameJson(RawRequest one, RawRequest other)
    {
        using var ours = JsonDocument.Parse(one.Body);
        using var theirs = JsonDocument.Parse(other.Body);
        try
        {
            return JsonElement.DeepEquals(ours.RootElement, theirs.RootElement);
        }
        catch (InvalidOperationException)
        {
            // One of them is not Unicode.
            return false;
        }
    }

    private async Task<(RawRequest Ours, RawRequest Theirs)> SendAsync(string contact)
    {
        var settings = new JsonSerializerSettings { DateParseHandling = DateParseHandling.None };
        await _client.CreateContactAsync(JsonConvert.DeserializeObject<CreateContactRequestBody>(contact, settings)!);
        await _node.CreateAsync(contact, _server.Address, Key);
        Assert.That(_received.TryDequeue(out var ours), Is.True);
        Assert.That(_received.TryDequeue(out var theirs), Is.True, "the Node SDK sent nothing");
        return (ours!, theirs!);
    }
}
