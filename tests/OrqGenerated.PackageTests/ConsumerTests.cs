using System.Runtime.InteropServices;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.PackageTests;

/// <summary>A program that installs the packages, built in every way in which users build theirs.</summary>
internal sealed class ConsumerTests
{
    // Whether a custom type in metadata is written or refused depends on reflection.
    private const string Written = "[Name, gold],[Seats, 3]";
    private const string Refused = "refused with advice";

    [Test]
    public Task Creates_contacts_on_NET_10() => RunsAsync("net10.0", "", Written);

    [Test]
    public Task Creates_contacts_on_NET_8() => RunsAsync("net8.0", "<SelfContained>true</SelfContained>", Written);

    [Test]
    public Task Creates_contacts_when_trimmed() =>
        RunsAsync("net10.0", "<PublishTrimmed>true</PublishTrimmed>", Refused);

    [Test]
    public Task Creates_contacts_when_compiled_ahead_of_time() =>
        RunsAsync("net10.0", "<PublishAot>true</PublishAot>", Refused);

    private static async Task RunsAsync(string framework, string property, string customType)
    {
        var folder = Packages.NewFolder();
        await File.WriteAllTextAsync(
            Path.Combine(folder, "Consumer.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{framework}</TargetFramework>
                <RuntimeIdentifier>{RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                {property}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OrqGenerated.DependencyInjection" Version="{Packages.Version}" />
                <PackageReference Include="Microsoft.Extensions.Hosting" Version="10.0.14" />
              </ItemGroup>
            </Project>
            """
        );
        File.Copy(
            Repository.PathTo("tests", "OrqGenerated.PackageTests", "Consumer", "Program.cs"),
            Path.Combine(folder, "Program.cs")
        );

        var published = await Command.RunAsync(folder, "dotnet", "publish", "-c", "Release", "-o", "out");
        IgnoreWithoutLinker(published);
        published.MustSucceed();
        var warnings = published.Text.Split('\n').Where(line => line.Contains("warning", StringComparison.Ordinal));
        Assert.That(
            warnings.Where(line => !line.Contains("'Newtonsoft.Json'", StringComparison.Ordinal)),
            Is.Empty,
            "only Newtonsoft.Json may cause warnings"
        );

        await using var sandbox = await OrqSandbox.StartAsync();
        var run = await Command.RunAsync(
            folder,
            Path.Combine(folder, "out", OperatingSystem.IsWindows() ? "Consumer.exe" : "Consumer"),
            $"--Orq:ApiKey={sandbox.ApiKey}",
            $"--Orq:ServerUrl={sandbox.ServerUrl}"
        );
        Assert.That(
            run.Text,
            Is.EqualTo(
                $$"""
                host with code: code
                host with configuration: configuration
                host with named code: named code
                host with named configuration: named configuration
                200 Jane Smith, premium,beta-user
                department: String
                logins: Int64
                share: Decimal
                teams: List`1
                plan: Dictionary`2
                user_1 unset null {"external_id":"user_1","email":null}
                a custom type: {{customType}}
                401 invalid_api_key

                """.ReplaceLineEndings("\n")
            )
        );
    }

    /// <summary>NativeAOT needs tools that do not come with the .NET SDK.</summary>
    private static void IgnoreWithoutLinker(CommandResult published)
    {
        var isMissing =
            published.Text.Contains("Platform linker", StringComparison.Ordinal)
            || published.Text.Contains("cannot find -lz", StringComparison.Ordinal);
        if (isMissing && Environment.GetEnvironmentVariable("ORQ_REQUIRE_ALL") != "1")
            Assert.Ignore("NativeAOT needs clang or gcc, and zlib1g-dev.");
    }
}
