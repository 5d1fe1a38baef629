using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Docs;

internal sealed class ReadmeTests
{
    private static MarkdownPage Readme => MarkdownPage.Readme;

    [Test]
    public void The_first_sh_block_is_the_main_job_and_the_tests()
    {
        var block = Readme.Blocks.First(block => block.Language == "sh");

        Assert.That(block.Lines, Has.Count.EqualTo(2));
        Assert.That(
            block.Lines[0],
            Does.StartWith("dotnet run --project src/OrqGenerated.Cli -- create --sandbox ")
        );
        Assert.That(block.Lines[1], Is.EqualTo("dotnet test"));
        Assert.That(Readme.Blocks[0], Is.SameAs(block), "nothing fenced should come before it");
    }

    [Test]
    public void The_first_screen_says_which_version_of_the_API_this_is()
    {
        var screen = string.Join('\n', Readme.Lines.Take(25));

        Assert.That(screen, Does.Contain("2026-06-02").And.Contain("identities"));
    }

    [Test]
    public void It_stays_under_200_lines() =>
        Assert.That(Readme.Lines, Has.Count.LessThan(200), "the rest belongs in CONTRIBUTING.md");

    [TestCaseSource(typeof(MarkdownPage), nameof(MarkdownPage.All))]
    public void Every_link_leads_to_a_file_of_the_repository(MarkdownPage page)
    {
        var missing = page
            .Links.Where(link => !link.Contains("://", StringComparison.Ordinal) && link[0] != '#')
            .Select(link => link.Split('#')[0])
            .Where(link => !Path.Exists(Repository.PathTo(link)));

        Assert.That(missing, Is.Empty, $"links of {page} that lead nowhere");
    }

    [Test]
    public void The_configuration_it_shows_is_accepted()
    {
        var json = string.Join('\n', Readme.Blocks.First(block => block.Language == "json").Lines);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        var services = new ServiceCollection();
        services.AddContactsClient(configuration.GetSection("Orq"));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<OrqClientOptions>>().Value;

        Assert.That(options.AttemptTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(options.Retry.MaxAttempts, Is.EqualTo(4));
        Assert.That(options.Retry.StatusCodes, Is.EqualTo(new[] { 429, 503 }));
        Assert.That(options.Retry.Backoff.MaxElapsedTime, Is.EqualTo(TimeSpan.FromMinutes(1)));
    }
}
