using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrqGenerated.Cli;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.DependencyInjection;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Docs;

internal sealed partial class ReadmeTests
{
    private static MarkdownPage Readme => MarkdownPage.Readme;

    [Test]
    public void The_first_sh_block_runs_the_main_job_and_the_tests()
    {
        var block = Readme.Blocks.First(block => block.Language == "sh");

        Assert.That(block.Lines, Has.Count.EqualTo(2));
        Assert.That(block.Lines[0], Does.StartWith("dotnet run --project src/OrqGenerated.Cli -- create --sandbox "));
        Assert.That(block.Lines[1], Is.EqualTo("dotnet test"));
        Assert.That(Readme.Blocks[0], Is.SameAs(block), "no other fenced block comes first");
    }

    [Test]
    public void The_first_screen_names_the_API_version()
    {
        var screen = string.Join('\n', Readme.Lines.Take(25));

        Assert.That(screen, Does.Contain("2026-06-02").And.Contain("identities"));
    }

    [Test]
    public void The_README_has_fewer_than_200_lines() =>
        Assert.That(Readme.Lines, Has.Count.LessThan(200), "the rest belongs in docs/");

    [TestCaseSource(typeof(MarkdownPage), nameof(MarkdownPage.All))]
    public void Every_link_leads_to_a_file_in_the_repository(MarkdownPage page)
    {
        var missing = page
            .Links.Where(link => !link.Contains("://", StringComparison.Ordinal) && link[0] != '#')
            .Select(link => link.Split('#')[0])
            .Where(link => !Path.Exists(Repository.PathTo(Path.GetDirectoryName(page.Name)!, link)));

        Assert.That(missing, Is.Empty, $"broken links in {page}");
    }

    [TestCaseSource(typeof(MarkdownPage), nameof(MarkdownPage.All))]
    public void Every_project_in_a_command_exists(MarkdownPage page)
    {
        var missing = page
            .Lines.SelectMany(line => Project().Matches(line))
            .Select(match => match.Groups["path"].Value)
            .Where(path => !Path.Exists(Repository.PathTo(path)));

        Assert.That(missing, Is.Empty, $"projects named in {page} that do not exist");
    }

    [Test]
    public async Task The_main_job_creates_the_example_contact()
    {
        var (exitCode, output) = await RunAsync(Arguments(CommandLines().First()));

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(
            output,
            Does.Contain("\"external_id\": \"user_12345\"")
                .And.Contain("\"display_name\": \"Jane Smith\"")
                .And.Contain("\"last_login\": \"2024-01-15T10:30:00Z\"")
        );
    }

    [TestCaseSource(nameof(CommandLines))]
    public async Task Every_option_in_a_command_exists(string line)
    {
        var arguments = Arguments(line);

        var (_, help) = await RunAsync([arguments[0], "--help"]);

        foreach (var option in arguments.Where(word => word.StartsWith("--", StringComparison.Ordinal)))
            Assert.That(help, Does.Contain($" {option}"));
    }

    [Test]
    public void The_configuration_in_the_README_is_valid()
    {
        var json = string.Join('\n', Readme.Blocks.First(block => block.Language == "json").Lines);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var services = new ServiceCollection();
        services.AddContactsClient(configuration.GetSection("Orq"));
        using var provider = services.BuildServiceProvider();

        var options = provider.ContactsOptions();

        Assert.That(options.AttemptTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(options.Retry.MaxAttempts, Is.EqualTo(4));
        Assert.That(options.Retry.StatusCodes, Is.EqualTo(new[] { 429, 503 }));
        Assert.That(options.Retry.Backoff.MaxElapsedTime, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task The_READMEs_advice_keeps_resilience_handlers_off_the_client()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        sandbox.FailNext(1, 503);
        var services = new ServiceCollection();
        services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler());
#pragma warning disable EXTEXP0001 // as in the README
        services.AddContactsClient(Configure).RemoveAllResilienceHandlers();
#pragma warning restore EXTEXP0001
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<IContactsClient>();

        Assert.ThrowsAsync<OrqServerException>(() =>
            client.CreateContactAsync(new CreateContactRequestBody { ExternalId = "user_1" })
        );
        Assert.That(sandbox.Requests, Has.Count.EqualTo(1));

        void Configure(OrqClientOptions options)
        {
            options.ApiKey = sandbox.ApiKey;
            options.ServerUrl = sandbox.ServerUrl;
            options.Retry = RetryConfig.None;
        }
    }

    private static IEnumerable<string> CommandLines() =>
        MarkdownPage
            .All.SelectMany(page => page.Blocks)
            .Where(block => block.Language == "sh")
            .SelectMany(block => block.Lines)
            .Where(line => line.Contains("OrqGenerated.Cli -- ", StringComparison.Ordinal));

    /// <summary>The arguments after <c>--</c>, as a shell would pass them.</summary>
    private static string[] Arguments(string line) =>
        [.. Word().Matches(line.Split(" -- ", 2)[1]).Select(word => Quoted().Replace(word.Value, "${text}"))];

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] arguments)
    {
        await using var output = new StringWriter();
        var terminal = new Terminal(Stream.Null, output, output, _ => null, IsTerminal: false, TimeProvider.System);
        var exitCode = await CommandLine.RunAsync(arguments, terminal, CancellationToken.None);
        return (exitCode, output.ToString());
    }

    [GeneratedRegex("--project (?<path>[^ `]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Project();

    [GeneratedRegex("""([^ "']|"[^"]*"|'[^']*')+""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Word();

    [GeneratedRegex("""(?<quote>["'])(?<text>.*?)\k<quote>""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();
}
