using System.Reflection;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.PublicApi;

/// <summary>
/// The public API is on record beside this file, so that a change of it, by hand or by a new document, is seen in
/// review.
/// </summary>
internal sealed class PublicApiTests
{
    private const string Update = "UPDATE_PUBLIC_API";

    [TestCase("OrqGenerated")]
    [TestCase("OrqGenerated.DependencyInjection")]
    public void The_public_API_is_the_one_on_record(string assembly)
    {
        var file = Repository.PathTo("tests/OrqGenerated.Tests/PublicApi", $"{assembly}.txt");
        var actual = ApiListing.Of(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(file, actual);
        }

        var recorded = File.Exists(file) ? File.ReadAllText(file) : "";

        Assert.That(Differences(recorded, actual), Is.Empty, Advice(assembly));
        Assert.That(recorded, Is.EqualTo(actual), Advice(assembly));
    }

    [Test]
    public void The_listing_shows_what_a_user_depends_on()
    {
        var listing = ApiListing.Of(typeof(ContactsClient).Assembly);

        Assert.Multiple(() =>
        {
            Assert.That(listing, Does.Contain("class OrqGenerated.ContactsClient : IContactsClient, IDisposable\n"));
            Assert.That(listing, Does.Contain("    required string ExternalId { get; set; }\n"));
            Assert.That(listing, Does.Contain("    Optional<string?> DisplayName { get; set; }\n"));
            Assert.That(listing, Does.Contain("    IReadOnlyDictionary<string, object?>? Metadata { get; init; }\n"));
            Assert.That(
                listing,
                Does.Contain(
                    "    Task<CreateIdentityResponse> CreateIdentityAsync(CreateIdentityRequest body, "
                        + "OrqRequestOptions? options = null, CancellationToken cancellationToken = default)\n"
                )
            );
            Assert.That(listing, Does.Not.Contain("OrqTransport"));
        });
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
        $"The public API of {assembly} differs from PublicApi/{assembly}.txt (- recorded, + now). If users are to get this "
        + $"change, run `{Update}=1 dotnet test tests/OrqGenerated.Tests --filter PublicApi` and commit the file.";
}
