using System.Diagnostics;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Build;

/// <summary>A program that uses the client and is published with everything cut away that it does not use.</summary>
public sealed class TrimmedConsumerTests
{
    private readonly string folder = Path.Combine(
        Path.GetTempPath(),
        $"orq-trimmed-{Guid.NewGuid():N}"
    );

    [TearDown]
    public void Delete()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_trimmed_program_sends_contacts_and_the_library_causes_no_trim_warning()
    {
        var published = await RunAsync(
            "dotnet",
            "publish",
            Repository.PathTo("tests", "OrqGenerated.TrimmedConsumer"),
            "--nologo",
            "-c",
            "Release",
            "-o",
            folder
        );
        Assert.That(published.ExitCode, Is.Zero, $"publishing should succeed:\n{published.Text}");
        Assert.That(
            published.Text.Split('\n').Where(line => line.Contains("warning IL")),
            Has.None.Contains("warning IL2104: Assembly 'OrqGenerated")
                .And.None.Match(@"warning IL\d+: OrqGenerated\.")
                .And.None.Contains("OrqGenerated.g.cs")
                .And.None.Contains("src/OrqGenerated"),
            "trim warnings of the library itself"
        );
        Assert.That(
            new FileInfo(Path.Combine(folder, "Newtonsoft.Json.dll")).Length,
            Is.LessThan(new FileInfo(typeof(Newtonsoft.Json.JsonConvert).Assembly.Location).Length),
            "what the program does not use was cut away"
        );

        await using var sandbox = await OrqSandbox.StartAsync();
        var run = await RunAsync(
            Path.Combine(folder, "OrqGenerated.TrimmedConsumer"),
            sandbox.ServerUrl.AbsoluteUri,
            sandbox.ApiKey
        );
        Assert.That(
            run.Text.ReplaceLineEndings("\n"),
            Is.EqualTo(
                """
                200 user_12345 Jane Smith
                premium,beta-user
                department: Engineering (String)
                logins: 42 (Int64)
                share: 0.1 (Decimal)
                teams: a|null|True (List`1)
                True
                401 invalid_api_key

                """.ReplaceLineEndings("\n")
            )
        );
    }

    private static async Task<CommandResult> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The test host's own MSBuild variables lead a build elsewhere.
        foreach (
            var name in start.Environment.Keys.Where(key =>
                key.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)
            )
        )
        {
            start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output + await errors);
    }
}
