using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Json;

/// <summary>
/// One call over a handler in memory: what a request looks like on the wire, and what a response comes to.
/// </summary>
internal sealed class Wire : HttpMessageHandler
{
    private readonly Func<HttpResponseMessage> _answer;

    private Wire(Func<HttpResponseMessage> answer) => _answer = answer;

    /// <summary>The bodies that were sent.</summary>
    private List<byte[]> Sent { get; } = [];

    /// <summary>The bytes that a request is sent as.</summary>
    public static async Task<byte[]> BytesOfAsync(CreateContactRequestBody body)
    {
        using var wire = new Wire(() => Answer(Encoding.UTF8.GetBytes(StoredContact.Json)));
        await wire.CallAsync(body);
        return wire.Sent.Single();
    }

    /// <summary>The JSON that a metadata value is sent as.</summary>
    public static async Task<string> JsonOfAsync(object? value)
    {
        const string before = """{"external_id":"u1","metadata":{"x":""";
        var json = Encoding.UTF8.GetString(
            await BytesOfAsync(
                new()
                {
                    ExternalId = "u1",
                    Metadata = new Dictionary<string, object?> { ["x"] = value },
                }
            )
        );
        Assert.That(json, Does.StartWith(before).And.EndWith("}}"));
        return Plain(json[before.Length..^2]);
    }

    /// <summary>The same JSON with as few escapes as can be; which ones a writer chooses means nothing.</summary>
    public static string Plain(string json) =>
        Regex.Replace(
            json,
            """\\u[0-9A-Fa-f]{4}""",
            escape =>
                (char)Convert.ToInt32(escape.Value[2..], 16) is var character and >= ' '
                    ? character.ToString()
                    : escape.Value,
            RegexOptions.NonBacktracking
        );

    /// <summary>What a request that must not be sent is refused with.</summary>
    public static async Task<ArgumentException> RefusalOfAsync(CreateContactRequestBody body)
    {
        using var wire = new Wire(() => Answer(Encoding.UTF8.GetBytes(StoredContact.Json)));
        using var http = new HttpClient(wire, disposeHandler: false);
        using var client = Client(http);
        var task = client.CreateContactAsync(body);
        var exception = await Caught.ByAsync<ArgumentException>(() => task);
        Assert.That(exception.GetType(), Is.EqualTo(typeof(ArgumentException)));
        Assert.That(wire.Sent, Is.Empty, "nothing is sent when the request is refused");
        return exception;
    }

    /// <summary>What a metadata value that must not be sent is refused with.</summary>
    public static Task<ArgumentException> RefusalOfValueAsync(object? value) =>
        RefusalOfAsync(
            new()
            {
                ExternalId = "u1",
                Metadata = new Dictionary<string, object?> { ["x"] = value },
            }
        );

    /// <summary>What a success body comes to.</summary>
    public static Task<CreateContactResponseBody> ReadAsync(string json) => ReadAsync(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="ReadAsync(string)"/>
    public static async Task<CreateContactResponseBody> ReadAsync(
        byte[] body,
        string? contentType = "application/json",
        HttpStatusCode status = HttpStatusCode.OK
    )
    {
        using var wire = new Wire(() => Answer(body, contentType, status));
        return (await wire.CallAsync(new() { ExternalId = "u1" })).Value;
    }

    /// <summary>A contact whose only further field is this one.</summary>
    public static Task<CreateContactResponseBody> ReadWithAsync(string field) => ReadAsync(StoredContact.With(field));

    /// <summary>What a metadata value in a success body comes to.</summary>
    public static async Task<object?> ReadValueAsync(string json) =>
        (await ReadWithAsync($"\"metadata\":{{\"x\":{json}}}")).Metadata!["x"];

    /// <summary>The exception for a success body that cannot be read.</summary>
    public static Task<OrqResponseException> FailureOfAsync(string json) =>
        FailureOfAsync(Encoding.UTF8.GetBytes(json));

    /// <inheritdoc cref="FailureOfAsync(string)"/>
    public static async Task<OrqResponseException> FailureOfAsync(
        byte[] body,
        string? contentType = "application/json",
        HttpStatusCode status = HttpStatusCode.OK
    )
    {
        using var wire = new Wire(() => Answer(body, contentType, status));
        var exception = await Caught.ByAsync<OrqResponseException>(() => wire.CallAsync(new() { ExternalId = "u1" }));
        Assert.That(wire.Sent, Has.Count.EqualTo(1), "an unreadable answer is never retried");
        return exception;
    }

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        Sent.Add(await request.Content!.ReadAsByteArrayAsync(cancellationToken));
        var response = _answer();
        response.RequestMessage = request;
        return response;
    }

    private static ContactsClient Client(HttpClient http) => new(http, new() { ApiKey = "key" });

    private static HttpResponseMessage Answer(
        byte[] body,
        string? contentType = "application/json",
        HttpStatusCode status = HttpStatusCode.OK
    )
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return new HttpResponseMessage(status) { Content = content, Headers = { { "x-orq-trace-id", "trace-1" } } };
    }

    private async Task<OrqResponse<CreateContactResponseBody>> CallAsync(CreateContactRequestBody body)
    {
        using var http = new HttpClient(this, disposeHandler: false);
        using var client = Client(http);
        return await client.CreateContactWithResponseAsync(body);
    }
}

/// <summary>Catches the exception that a task ends with.</summary>
internal static class Caught
{
    public static async Task<TException> ByAsync<TException>(Func<Task> act)
        where TException : Exception
    {
        try
        {
            await act();
        }
        catch (TException exception)
        {
            return exception;
        }

        throw new AssertionException($"expected a {typeof(TException).Name}, but nothing failed");
    }
}
