using System.Text;
using System.Text.RegularExpressions;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Json;

/// <summary>One call to a server in memory: the JSON of its request, or the result of reading its response.</summary>
internal static class Wire
{
    /// <summary>A response with fields of every kind, including unknown and invalid ones.</summary>
    public static readonly string Response = StoredContact
        .With(
            """
            "display_name":"Jane","tags":["a"],
            "metadata":{"t":"2024-01-15T10:30:00Z","n":1.10,"b":1180591620717411303424},
            "created":"2024-01-15T10:30:00.5+02:00","updated":"yesterday",
            "plan":"w1","since":"2024-01-15T10:30:00Z"
            """
        )
        .ReplaceLineEndings("");

    /// <summary>The JSON that a request is sent as.</summary>
    public static async Task<string> SentAsync(CreateContactRequestBody body)
    {
        using var server = new StubHandler();
        await CallAsync(server.Responds(200, StoredContact.Json), body);
        return server.Requests.Single().Body;
    }

    /// <summary>The JSON that a metadata value is sent as.</summary>
    public static async Task<string> JsonOfAsync(object? value)
    {
        const string before = """{"external_id":"u1","metadata":{"x":""";
        var json = await SentAsync(WithMetadata(value));
        Assert.That(json, Does.StartWith(before).And.EndWith("}}"));
        return Plain(json[before.Length..^2]);
    }

    /// <summary>The same JSON with as few escapes as possible; a writer is free to choose them.</summary>
    public static string Plain(string json) =>
        Regex.Replace(
            json,
            """\\u[0-9A-Fa-f]{4}""",
            escape =>
            {
                var character = (char)Convert.ToInt32(escape.Value[2..], 16);
                return character >= ' ' ? $"{character}" : escape.Value;
            },
            RegexOptions.NonBacktracking
        );

    /// <summary>The exception for a request that must not be sent.</summary>
    public static async Task<ArgumentException> RefusalOfAsync(CreateContactRequestBody body)
    {
        using var server = new StubHandler();
        server.Responds(200, StoredContact.Json);
        var exception = await Expect.ExceptionAsync<ArgumentException>(() => CallAsync(server, body));
        Assert.That(exception.GetType(), Is.EqualTo(typeof(ArgumentException)));
        Assert.That(server.Requests, Is.Empty, "a refused request must not be sent");
        return exception;
    }

    /// <summary>The exception for a metadata value that must not be sent.</summary>
    public static Task<ArgumentException> RefusalOfValueAsync(object? value) => RefusalOfAsync(WithMetadata(value));

    /// <summary>The contact in a success body.</summary>
    public static Task<CreateContactResponseBody> ReadAsync(string json) => ReadAsync(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="ReadAsync(string)"/>
    public static async Task<CreateContactResponseBody> ReadAsync(
        byte[] body,
        string? contentType = "application/json",
        int status = 200
    )
    {
        using var server = Answering(body, contentType, status);
        return (await CallAsync(server, new() { ExternalId = "u1" })).Value;
    }

    /// <summary>The contact in a success body with more fields.</summary>
    public static Task<CreateContactResponseBody> ReadWithAsync(string field) => ReadAsync(StoredContact.With(field));

    /// <summary>The value that some JSON in the metadata of a success body is read as.</summary>
    public static async Task<object?> ReadValueAsync(string json) =>
        (await ReadWithAsync($"\"metadata\":{{\"x\":{json}}}")).Metadata!["x"];

    /// <summary>The exception for a success body that cannot be read.</summary>
    public static Task<OrqResponseException> FailureOfAsync(string json) =>
        FailureOfAsync(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="FailureOfAsync(string)"/>
    public static async Task<OrqResponseException> FailureOfAsync(byte[] body)
    {
        using var server = Answering(body, "application/json", 200);
        var exception = await Expect.ExceptionAsync<OrqResponseException>(() =>
            CallAsync(server, new() { ExternalId = "u1" })
        );
        Assert.That(server.Requests, Has.Count.EqualTo(1), "an unreadable response is never retried");
        return exception;
    }

    private static CreateContactRequestBody WithMetadata(object? value) =>
        new()
        {
            ExternalId = "u1",
            Metadata = new Dictionary<string, object?> { ["x"] = value },
        };

    private static StubHandler Answering(byte[] body, string? contentType, int status) =>
        new StubHandler().Responds(() =>
        {
            var content = new ByteArrayContent(body);
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
            return StubHandler.Response(status, content, "x-orq-trace-id: trace-1");
        });

    private static async Task<OrqResponse<CreateContactResponseBody>> CallAsync(
        StubHandler server,
        CreateContactRequestBody body
    )
    {
        using var http = new HttpClient(server, disposeHandler: false);
        var options = new OrqClientOptions
        {
            ApiKey = "key",
            // A wrong retry must not slow the tests down.
            TimeProvider = new FakeTimeProvider { AutoAdvance = due => due < TimeSpan.FromSeconds(30) },
            Retry = new RetryConfig { MaxAttempts = 2 },
        };
        using var client = new ContactsClient(http, options);
        return await client.CreateContactWithResponseAsync(body);
    }
}
