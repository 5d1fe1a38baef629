using System.Collections.Concurrent;
using System.Text;
using Newtonsoft.Json.Linq;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>The same contacts sent with the official Node SDK and with this client are the same bytes.</summary>
internal sealed class NodeSdkTests
{
    private const string Key = "test-key";
    private const string EveryEscape = "\"\\/\b\t\n\f\r\u0000\u001f\u007f<>&'+\u00a0é東京😀";

    // Each contact as the Node SDK takes it and as this client does.
    private static readonly (string Node, CreateContactRequestBody Ours)[] Contacts =
    [
        ("""{"externalId":"a"}""", new() { ExternalId = "a" }),
        (
            """{"externalId":"a","displayName":null}""",
            new() { ExternalId = "a", DisplayName = null }
        ),
        ("""{"externalId":"a","email":null}""", new() { ExternalId = "a", Email = null }),
        ("""{"externalId":"a","avatarUrl":null}""", new() { ExternalId = "a", AvatarUrl = null }),
        (
            """{"externalId":"a","displayName":"","email":"a@example.com","avatarUrl":"https://example.com/ä?b=c&d"}""",
            new()
            {
                ExternalId = "a",
                DisplayName = "",
                Email = "a@example.com",
                AvatarUrl = "https://example.com/ä?b=c&d",
            }
        ),
        ("""{"externalId":"a","tags":[]}""", new() { ExternalId = "a", Tags = [] }),
        (
            """{"externalId":"a","tags":["x","","x"]}""",
            new() { ExternalId = "a", Tags = ["x", "", "x"] }
        ),
        ("""{"externalId":"a","metadata":{}}""", new() { ExternalId = "a", Metadata = Facts() }),
        (
            """
            {"externalId":"a","metadata":{"snake_case":1,"camelCase":-2,"With Blank":0.5,"t":true,"f":false,"n":null,
            "list":[1,"two",[null]],"map":{"inner":{"z":"2024-01-15T10:30:00Z"}},"":"empty name","big":9007199254740991}}
            """,
            new()
            {
                ExternalId = "a",
                Metadata = Facts(
                    ("snake_case", 1),
                    ("camelCase", -2L),
                    ("With Blank", 0.5),
                    ("t", true),
                    ("f", false),
                    ("n", null),
                    ("list", new object?[] { 1, "two", new object?[] { null } }),
                    ("map", Facts(("inner", Facts(("z", "2024-01-15T10:30:00Z"))))),
                    ("", "empty name"),
                    ("big", 9007199254740991L)
                ),
            }
        ),
        (
            new JObject
            {
                ["externalId"] = EveryEscape,
                ["displayName"] = EveryEscape,
                ["tags"] = new JArray(EveryEscape),
                ["metadata"] = new JObject { [EveryEscape] = EveryEscape },
            }.ToString(),
            new()
            {
                ExternalId = EveryEscape,
                DisplayName = EveryEscape,
                Tags = [EveryEscape],
                Metadata = Facts((EveryEscape, EveryEscape)),
            }
        ),
    ];

    [Test]
    public async Task Both_send_the_same_bytes()
    {
        var (ours, theirs) = await SendAsync(Contacts);

        Assert.That(ours, Is.EqualTo(theirs), "this client's bodies differ from the Node SDK's");
    }

    [Test]
    public async Task Both_send_the_same_JSON_where_only_one_escapes()
    {
        // Newtonsoft escapes these line ends, which JSON.stringify does not; a reader sees no difference.
        const string lines = "\u0085\u2028\u2029";
        var (ours, theirs) = await SendAsync(
            (new JObject { ["externalId"] = lines }.ToString(), new() { ExternalId = lines })
        );

        Assert.That(
            JToken.Parse(ours[0]),
            Is.EqualTo(JToken.Parse(theirs[0])).Using(JToken.EqualityComparer)
        );
    }

    private static async Task<(string[] Ours, string[] Theirs)> SendAsync(
        params (string Node, CreateContactRequestBody Ours)[] contacts
    )
    {
        var received = new ConcurrentQueue<RawRequest>();
        await using var server = new RawHttpServer(async connection =>
        {
            while (true)
            {
                received.Enqueue(await connection.ReadRequestAsync());
                await connection.RespondAsync(200, """{"_id":"1","external_id":"a"}""");
            }
        });
        using var client = new ContactsClient(
            new OrqClientOptions { ApiKey = Key, ServerUrl = server.Address }
        );
        foreach (var (_, ours) in contacts)
        {
            await client.CreateContactAsync(ours);
        }

        await SendWithNodeSdkAsync(
            server.Address,
            $"[{string.Join(',', contacts.Select(contact => contact.Node))}]"
        );

        Assert.That(received, Has.Count.EqualTo(2 * contacts.Length));
        Assert.That(
            received.Select(request => request.Head),
            Is.All.StartsWith("POST /v2/contacts HTTP/1.1")
                .And.All.Contains($"uthorization: Bearer {Key}")
        );
        string[] bodies = [.. received.Select(request => Encoding.UTF8.GetString(request.Body))];
        return (bodies[..contacts.Length], bodies[contacts.Length..]);
    }

    private static Dictionary<string, object?> Facts(params (string Name, object? Value)[] facts) =>
        facts.ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);

    private static async Task SendWithNodeSdkAsync(Uri server, string contacts)
    {
        using var node = await NodePackages.StartAsync("send.mjs", server.ToString(), Key);
        await node.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(contacts));
        node.StandardInput.Close();
        var error = await node.StandardError.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.That(node.ExitCode, Is.Zero, error);
    }
}
