using System.Diagnostics;
using Newtonsoft.Json.Linq;
using OrqGenerated.ContractTests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>WireMock, and Prism in front of it, for as long as the tests of this assembly run.</summary>
[SetUpFixture]
internal sealed class Servers
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);

    private static WireMock? _wireMock;
    private static Uri? _prism;
    private Process? _process;

    /// <summary>The server that plays the API; says whatever a test has it say.</summary>
    public static WireMock WireMock => _wireMock ?? throw NotStarted;

    /// <summary>
    /// The proxy before <see cref="WireMock"/> that holds both sides to the document: a request against it is answered
    /// with 422, an answer against it becomes a 500 that names the violation.
    /// </summary>
    public static Uri Prism => _prism ?? throw NotStarted;

    private static InvalidOperationException NotStarted =>
        new("The servers have not been started.");

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        await NodePackages.RestoreAsync();
        _process = NodePackages.StartNode("start.mjs");
        var line = await _process
            .StandardOutput.ReadLineAsync()
            .WaitAsync(StartLimit, TimeProvider.System);
        if (line is null)
        {
            throw new InvalidOperationException(
                (await _process.StandardError.ReadToEndAsync()).Trim()
            );
        }

        var addresses = JObject.Parse(line);
        _wireMock = new WireMock(new Uri((string)addresses["wiremock"]!));
        _prism = new Uri((string)addresses["prism"]!);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _wireMock?.Dispose();
        if (_process is null)
        {
            return;
        }

        // The script ends, and takes its servers along, when nobody holds its standard input any more; so it does when
        // the test host is killed.
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
