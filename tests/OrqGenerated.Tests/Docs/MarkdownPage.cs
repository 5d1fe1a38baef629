using System.Text.RegularExpressions;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Docs;

/// <summary>A fenced code block.</summary>
/// <param name="Language">The text after the opening fence.</param>
/// <param name="Line">The number of its first line in the page, counted from 1.</param>
internal sealed record FencedBlock(string Language, int Line, IReadOnlyList<string> Lines);

/// <summary>A Markdown page of the repository.</summary>
internal sealed partial class MarkdownPage
{
    private readonly List<string> _prose = [];

    public MarkdownPage(string name)
    {
        Name = name;
        Lines = File.ReadAllLines(Repository.PathTo(name));
        Blocks = [.. ReadBlocks()];
    }

    /// <summary>The pages for users and contributors.</summary>
    public static IReadOnlyList<MarkdownPage> All { get; } =
    [
        .. new[] { "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md" }
            .Concat(Directory.EnumerateFiles(Repository.PathTo("docs"), "*.md").Order(StringComparer.Ordinal))
            .Concat(Directory.EnumerateFiles(Repository.PathTo("src"), "README.md", SearchOption.AllDirectories))
            .Select(path => new MarkdownPage(Path.GetRelativePath(Repository.Root, Repository.PathTo(path)))),
    ];

    public static MarkdownPage Readme => All[0];

    public string Name { get; }

    public IReadOnlyList<string> Lines { get; }

    public IReadOnlyList<FencedBlock> Blocks { get; }

    /// <summary>The targets of its links and images.</summary>
    public IEnumerable<string> Links =>
        _prose.SelectMany(line => Link().Matches(line)).Select(match => match.Groups["target"].Value);

    public override string ToString() => Name;

    private IEnumerable<FencedBlock> ReadBlocks()
    {
        for (var i = 0; i < Lines.Count; i++)
        {
            if (!Lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                _prose.Add(Lines[i]);
                continue;
            }

            var language = Lines[i][3..].Trim();
            var start = i + 1;
            for (i = start; Lines[i] != "```"; i++) { }
            yield return new FencedBlock(language, start + 1, [.. Lines.Skip(start).Take(i - start)]);
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Link();
}
