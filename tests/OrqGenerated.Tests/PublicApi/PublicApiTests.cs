using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.PublicApi;

/// <summary>
/// The public API is recorded beside this file, so that a reviewer sees every change to it, made by hand or by a new
/// document.
/// </summary>
internal sealed class PublicApiTests
{
    private const string Update = "UPDATE_PUBLIC_API";

    [TestCase("OrqGenerated")]
    [TestCase("OrqGenerated.DependencyInjection")]
    public void The_public_API_matches_the_record(string assembly)
    {
        var file = Repository.PathTo("tests/OrqGenerated.Tests/PublicApi", $"{assembly}.txt");
        var actual = ApiListing.Of(assembly);
        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(file, actual);

        var recorded = File.Exists(file) ? File.ReadAllText(file) : "";

        Assert.That(Differences(recorded, actual), Is.Empty, Advice(assembly));
        Assert.That(recorded, Is.EqualTo(actual), Advice(assembly));
    }

    private static IEnumerable<string> Differences(string recorded, string actual)
    {
        var before = recorded.Split('\n');
        var after = actual.Split('\n');
        return before
            .Except(after, StringComparer.Ordinal)
            .Select(line => $"- {line.Trim()}")
            .Concat(after.Except(before, StringComparer.Ordinal).Select(line => $"+ {line.Trim()}"));
    }

    private static string Advice(string assembly) =>
        $"The public API of {assembly} differs from PublicApi/{assembly}.txt (- recorded, + now). If the change is"
        + $" intended, run `{Update}=1 dotnet test tests/OrqGenerated.Tests --filter PublicApi` and commit the file.";
}
