using System.Net.Http.Headers;
using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace OrqGenerated.ContractTests.Support;

/// <summary>What WireMock answers: a status with headers and a body, or one of its faults.</summary>
internal sealed record Reply(int Status, string? Body = null)
{
    public const string EmptyResponse = "EMPTY_RESPONSE";
    public const string ResetByPeer = "CONNECTION_RESET_BY_PEER";
    public const string MalformedChunk = "MALFORMED_RESPONSE_CHUNK";
    public const string RandomData = "RANDOM_DATA_THEN_CLOSE";

    public Dictionary<string, string> Headers { get; init; } =
        new(StringComparer.OrdinalIgnoreCase) { ["Content-Type"] = "application/json" };

    /// <summary>One of the constants above; the status, headers and body are then of no account.</summary>
    public string? Fault { get; init; }

    public static Reply WithFault(string fault) => new(200) { Fault = fault };
}

/// <summary>A request as WireMock received it.</summary>
internal sealed record ReceivedRequest(string Method, string Url, JObject Headers, string Body)
{
    public string? Header(string name) =>
        Headers.TryGetValue(name, StringComparison.OrdinalIgnoreCase, out var value)
            ? value.ToString()
            : null;
}

/// <summary>WireMock's admin API, as far as these tests need it.</summary>
internal sealed class WireMock(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address };

    public Uri Address => address;

    /// <summary>Forgets all stubs, scenarios and received requests.</summary>
    public Task ResetAsync() => SendAsync(HttpMethod.Post, "/__admin/reset");

    /// <summary>Answers every POST to the contacts path with the replies in turn, and with the last one ever after.</summary>
    public async Task ReplyAsync(params Reply[] replies)
    {
        for (var i = 0; i < replies.Length; i++)
        {
            await StubAsync(
                new JObject { ["method"] = "POST", ["urlPath"] = "/v2/contacts" },
                replies[i],
                ("replies", i == 0 ? "Started" : $"{i}", i + 1 < replies.Length ? $"{i + 1}" : null)
            );
        }
    }

    /// <summary>Answers requests that match WireMock's pattern <paramref name="request"/>.</summary>
    public Task StubAsync(
        JObject request,
        Reply reply,
        (string Name, string From, string? To)? scenario = null
    )
    {
        var response = reply.Fault is { } fault
            ? new JObject { ["fault"] = fault }
            : new JObject
            {
                ["status"] = reply.Status,
                ["body"] = reply.Body,
                ["headers"] = JObject.FromObject(reply.Headers),
            };
        var stub = new JObject { ["request"] = request, ["response"] = response };
        if (scenario is var (name, from, to))
        {
            stub["scenarioName"] = name;
            stub["requiredScenarioState"] = from;
            stub["newScenarioState"] = to;
        }

        return SendAsync(HttpMethod.Post, "/__admin/mappings", stub);
    }

    /// <summary>What has been received since the last reset, oldest first.</summary>
    public async Task<IReadOnlyList<ReceivedRequest>> ReceivedAsync()
    {
        var journal = await SendAsync(HttpMethod.Get, "/__admin/requests");
        return
        [
            .. journal["requests"]!
                .Reverse()
                .Select(entry => entry["request"]!)
                .Select(request => new ReceivedRequest(
                    (string)request["method"]!,
                    (string)request["url"]!,
                    (JObject)request["headers"]!,
                    Encoding.UTF8.GetString(
                        Convert.FromBase64String((string)request["bodyAsBase64"]!)
                    )
                )),
        ];
    }

    public void Dispose() => _http.Dispose();

    private async Task<JObject> SendAsync(HttpMethod method, string path, JObject? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(
                body.ToString(Formatting.None),
                new MediaTypeHeaderValue("application/json")
            );
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(
            response.IsSuccessStatusCode,
            Is.True,
            () => $"WireMock refused {method} {path}: {text}"
        );

        // Dates must come back as they were sent.
        using var reader = new JsonTextReader(new StringReader(text))
        {
            DateParseHandling = DateParseHandling.None,
        };
        return text.Length == 0 ? [] : await JObject.LoadAsync(reader);
    }
}
