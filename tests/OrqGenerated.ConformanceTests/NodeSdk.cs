using System.Text.Json;
using System.Text.Json.Nodes;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>The outcome of a call, in terms common to both clients.</summary>
/// <param name="Result">"contact", or the kind of error.</param>
/// <param name="Attempts">The requests made, whether or not they reached the server.</param>
/// <param name="Waits">The waits between attempts in milliseconds.</param>
internal sealed record Outcome(string Result, int Attempts, double[] Waits);

/// <summary>The official Node SDK, in a separate process that ends with this one.</summary>
internal sealed class NodeSdk : IAsyncDisposable
{
    private readonly TestProcess _process;

    private NodeSdk(TestProcess process) => _process = process;

    public static async Task<NodeSdk> StartAsync() => new(await NodePackages.StartAsync("client.mjs"));

    /// <summary>Creates a contact.</summary>
    /// <param name="contact">The contact as JSON.</param>
    /// <param name="server">The server.</param>
    /// <param name="apiKey">The key.</param>
    /// <param name="chance">The result of every random draw.</param>
    /// <param name="retries">Whether to configure retries.</param>
    /// <param name="stalls">Whether the timeout elapses "before" or "after" the headers; null if never.</param>
    public async Task<Outcome> CreateAsync(
        string contact,
        Uri server,
        string apiKey,
        double chance = 0.5,
        bool retries = true,
        string? stalls = null
    )
    {
        var call = new JsonObject
        {
            ["server"] = server.ToString(),
            ["apiKey"] = apiKey,
            ["chance"] = chance,
            ["retries"] = retries,
            ["stalls"] = stalls,
        };
        // The contact must reach the SDK byte for byte.
        await _process.WriteLineAsync($"{call.ToJsonString()[..^1]},\"contact\":{contact}}}");
        var response = await _process.LineAsync("\"result\"");
        return JsonSerializer.Deserialize<Outcome>(response, JsonSerializerOptions.Web)!;
    }

    public async ValueTask DisposeAsync()
    {
        _process.CloseInput();
        await _process.ExitAsync();
        _process.Dispose();
    }
}
