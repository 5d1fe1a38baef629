using System.Diagnostics;
using OrqGenerated.ContractTests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>A consumer's worker service in a process of its own.</summary>
internal sealed class WorkerTests : ContractTest
{
    private static readonly string Assembly = Path.Combine(
        AppContext.BaseDirectory,
        "OrqGenerated.Worker.dll"
    );

    private static string[] Contacts => ["--ExternalIds:0=user_1", "--ExternalIds:1=user_2"];

    [Test]
    public async Task Sends_its_contacts_with_the_key_and_to_the_server_of_its_configuration()
    {
        await WireMock.ReplyAsync(new Reply(200, """{"_id":"stored-1","external_id":"a"}"""));

        var (exitCode, output) = await RunAsync([
            .. Contacts,
            $"--Orq:ApiKey={Key}",
            $"--Orq:ServerUrl={WireMock.Address}",
            "--Orq:Headers:X-Team=blue",
        ]);

        Assert.That(exitCode, Is.Zero, output);
        var received = await WireMock.ReceivedAsync();
        string[] bodies = ["""{"external_id":"user_1"}""", """{"external_id":"user_2"}"""];
        Assert.That(received.Select(request => request.Body), Is.EqualTo(bodies));
        Assert.That(
            received.Select(request => request.Header("Authorization")),
            Is.All.EqualTo($"Bearer {Key}")
        );
        Assert.That(received.Select(request => request.Header("X-Team")), Is.All.EqualTo("blue"));
        Assert.That(output, Does.Contain("Created contact stored-1."));
        Assert.That(output, Does.Not.Contain(Key), "the log holds the key");
    }

    [Test]
    public async Task Repeats_as_its_configuration_says_and_logs_the_error_that_remains()
    {
        await WireMock.ReplyAsync(
            new Reply(503, """{"code":"service_unavailable","message":"Later."}""")
        );

        var (exitCode, output) = await RunAsync([
            Contacts[0],
            $"--Orq:ApiKey={Key}",
            $"--Orq:ServerUrl={WireMock.Address}",
            "--Orq:Retry:MaxAttempts=3",
            "--Orq:Retry:Backoff:InitialInterval=00:00:00.001",
        ]);

        Assert.That(exitCode, Is.EqualTo(1), output);
        Assert.That(await WireMock.ReceivedAsync(), Has.Count.EqualTo(3));
        Assert.That(
            output,
            Does.Contain(nameof(OrqServerException)).And.Contain("service_unavailable")
        );
        Assert.That(output, Does.Not.Contain(Key), "the log holds the key");
        Assert.That(output, Does.Not.Contain("user_1"), "the log holds a value of the request");
    }

    [Test]
    public async Task Does_not_start_without_a_key_and_says_what_to_set()
    {
        var (exitCode, output) = await RunAsync([
            .. Contacts,
            $"--Orq:ServerUrl={WireMock.Address}",
        ]);

        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(output, Does.Contain("ORQ_API_KEY"));
        Assert.That(await WireMock.ReceivedAsync(), Is.Empty);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("ORQ_API_KEY");
        using var worker = Process.Start(start)!;
        var error = worker.StandardError.ReadToEndAsync();
        var output = await worker.StandardOutput.ReadToEndAsync();
        await worker.WaitForExitAsync();
        return (worker.ExitCode, output + await error);
    }
}
