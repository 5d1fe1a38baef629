using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Tests.Sandbox;

/// <summary>Sends requests to a sandbox with a plain HTTP client.</summary>
internal abstract class SandboxTest
{
    protected static HttpClient Http { get; } = new();

    protected static async Task<(int Status, string Body)> SendAsync(OrqSandbox sandbox, string json)
    {
        using var request = Request(sandbox, json);
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The status of the response to a valid contact.</summary>
    protected static async Task<int> StatusAsync(OrqSandbox sandbox) =>
        (await SendAsync(sandbox, """{"external_id":"a"}""")).Status;

    protected static HttpRequestMessage Request(OrqSandbox sandbox, string json, string path = "/v2/contacts") =>
        new(HttpMethod.Post, new Uri(sandbox.ServerUrl, path))
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", sandbox.ApiKey) },
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };

    protected static async Task<string?> CodeOf(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString();
}
