using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.PackageTests;

/// <summary>The programs in samples/, run as a reader would. ContactTests is part of every test run.</summary>
internal sealed class SampleTests
{
    [Test]
    public void Every_sample_is_short_and_the_README_links_to_it()
    {
        var readme = File.ReadAllText(Repository.PathTo("README.md"));

        foreach (var folder in new DirectoryInfo(Repository.PathTo("samples")).EnumerateDirectories())
        {
            var lines = folder.EnumerateFiles("*.cs").Sum(file => File.ReadLines(file.FullName).Count());
            Assert.That(lines, Is.InRange(1, 59), $"lines of {folder.Name}");
            Assert.That(readme, Does.Contain($"](samples/{folder.Name})"));
        }
    }

    [Test]
    public async Task Hello_creates_a_contact()
    {
        await using var sandbox = await OrqSandbox.StartAsync();

        var run = await RunAsync(
            "Hello",
            ["user_1", "Jane Smith"],
            ("ORQ_API_KEY", sandbox.ApiKey),
            ("ORQ_SERVER_URL", sandbox.ServerUrl.AbsoluteUri)
        );

        Assert.That(run.MustSucceed().Output, Does.Match("^user_1 is .+, display name Jane Smith\\.\n$"));
    }

    [Test]
    public async Task Worker_sends_the_contacts_of_each_region_with_its_own_key()
    {
        await using var eu = await OrqSandbox.StartAsync(new OrqSandboxOptions { ApiKey = "eu-key" });
        await using var us = await OrqSandbox.StartAsync(new OrqSandboxOptions { ApiKey = "us-key" });

        var run = await RunAsync("Worker", [.. Settings("Eu", eu), .. Settings("Us", us)]);

        Assert.That(run.MustSucceed().Output, Does.Contain("Eu: created ").And.Contain("Us: created "));
        Assert.That(Sent(eu), Is.EquivalentTo(new[] { "Eu_1", "Eu_2" }));
        Assert.That(Sent(us), Is.EquivalentTo(new[] { "Us_1", "Us_2" }));
        Assert.That(run.Text, Does.Not.Contain("-key"), "the log shows a key");

        static string[] Settings(string region, OrqSandbox sandbox) =>
            [
                $"--Orq:{region}:ApiKey={sandbox.ApiKey}",
                $"--Orq:{region}:ServerUrl={sandbox.ServerUrl}",
                $"--Users:{region}:0={region}_1",
                $"--Users:{region}:1={region}_2",
            ];
    }

    [Test]
    public async Task Worker_does_not_start_without_a_key_and_says_what_to_set()
    {
        var run = await RunAsync("Worker", ["--Users:Eu:0=user_1"]);

        Assert.That(run.ExitCode, Is.Not.Zero);
        Assert.That(run.Text, Does.Contain("ORQ_API_KEY"));
    }

    [Test]
    public async Task WebApi_takes_and_returns_contacts_and_reports_its_health()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        var program = await BuildAsync("WebApi");
        using var service = Command.Start(
            Path.GetDirectoryName(program)!,
            "dotnet",
            [
                program,
                "--urls=http://127.0.0.1:0",
                $"--Orq:ApiKey={sandbox.ApiKey}",
                $"--Orq:ServerUrl={sandbox.ServerUrl}",
                "--Orq:Retry:Strategy=None",
            ]
        );
        using var http = new HttpClient { BaseAddress = await AddressAsync(service) };

        using var put = await http.PutAsync(
            "/contacts",
            Json("""{"external_id":"user_1","email":null,"tags":["a"]}""")
        );
        var contact = JsonNode.Parse(await put.Content.ReadAsStringAsync())!;
        using var invalid = await http.PutAsync("/contacts", Json("""{"external_id":""}"""));
        var healthy = await http.GetStringAsync("/health");
        sandbox.FailNext(1, 500);
        using var failed = await http.PutAsync("/contacts", Json("""{"external_id":"user_2"}"""));
        var degraded = await http.GetStringAsync("/health");

        Assert.That(sandbox.Requests[0].BodyText, Is.EqualTo("""{"external_id":"user_1","email":null,"tags":["a"]}"""));
        Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((string?)contact["external_id"], Is.EqualTo("user_1"));
        Assert.That((string?)contact["_id"], Is.Not.Empty);
        Assert.That(invalid.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(healthy, Is.EqualTo("Healthy"));
        Assert.That(failed.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
        Assert.That(degraded, Is.EqualTo("Degraded"));
    }

    private static IEnumerable<string> Sent(OrqSandbox sandbox) =>
        sandbox.Requests.Select(request => (string)JsonNode.Parse(request.BodyText)!["external_id"]!);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<Uri> AddressAsync(TestProcess service)
    {
        const string Prefix = "Now listening on: ";
        var line = await service.LineAsync(Prefix);
        return new Uri(line[(line.IndexOf(Prefix, StringComparison.Ordinal) + Prefix.Length)..]);
    }

    private static async Task<CommandResult> RunAsync(
        string sample,
        string[] arguments,
        params (string Name, string? Value)[] environment
    )
    {
        var program = await BuildAsync(sample);
        return await Command.RunAsync(Path.GetDirectoryName(program)!, "dotnet", [program, .. arguments], environment);
    }

    private static async Task<string> BuildAsync(string sample)
    {
        var project = Repository.PathTo("samples", sample);
        (await Command.RunAsync(project, "dotnet", ["build"])).MustSucceed();
        return Path.Combine(project, "bin", "Debug", "net10.0", $"{sample}.dll");
    }
}
