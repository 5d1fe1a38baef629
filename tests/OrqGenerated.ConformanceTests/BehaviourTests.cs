using System.Globalization;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ConformanceTests;

/// <summary>The official Node SDK and this client, each against the same servers.</summary>
internal sealed class BehaviourTests
{
    private const string Key = "test-key";

    // The limits of a random draw.
    private const double Lowest = 0;
    private const double Highest = 1;

    private static readonly RawHttpServer Elsewhere = new(Scripts.Responds(200, Behaviours.Stored));

    private static readonly List<Behaviour> All =
    [
        .. Behaviours.All,
        Behaviours.Redirect(302, Elsewhere),
        Behaviours.Redirect(307, Elsewhere),
    ];

    private static readonly Lazy<Task<List<Observation>>> Observed = new(ObserveAsync);

    private static IEnumerable<string> Names => All.Select(behaviour => behaviour.Name);

    [OneTimeTearDown]
    public static async Task StopAsync() => await Elsewhere.DisposeAsync();

    [TestCaseSource(nameof(Names))]
    public async Task Behaves_as_expected_and_differs_from_the_SDK_only_for_a_reason(string name)
    {
        var (behaviour, node, ours) = (await Observed.Value).Single(seen => seen.Behaviour.Name == name);

        Assert.That(ours, Is.EqualTo(behaviour.Ours));
        Assert.That(
            behaviour.Reason is null,
            Is.EqualTo(node == ours),
            $"a reason is needed if and only if the Node SDK differs; its outcome: {node}"
        );
    }

    [Test]
    public async Task The_page_shows_the_behaviour_of_both()
    {
        var path = Repository.PathTo("docs", "conformance.md");
        var page = Page.Of(await Observed.Value);
        if (Environment.GetEnvironmentVariable("UPDATE_CONFORMANCE") == "1")
            await File.WriteAllTextAsync(path, page);

        Assert.That(
            (await File.ReadAllTextAsync(path)).ReplaceLineEndings("\n"),
            Is.EqualTo(page),
            "docs/conformance.md is out of date; UPDATE_CONFORMANCE=1 rewrites it"
        );
    }

    private static async Task<List<Observation>> ObserveAsync()
    {
        await using var node = await NodeSdk.StartAsync();
        var observations = new List<Observation>();
        foreach (var behaviour in All)
        {
            var theirs = await DescribeAsync(behaviour, (server, chance) => NodeAsync(node, behaviour, server, chance));
            var ours = await DescribeAsync(behaviour, (server, chance) => OursAsync(behaviour, server, chance));
            observations.Add(new Observation(behaviour, theirs, ours));
        }

        return observations;
    }

    private static async Task<string> DescribeAsync(Behaviour behaviour, Func<Uri, double, Task<Outcome>> call)
    {
        return behaviour.Describe(await OnceAsync(Lowest), await OnceAsync(Highest));

        async Task<Outcome> OnceAsync(double chance)
        {
            if (behaviour.Scripts.Length == 0)
            {
                using var refusing = RawHttpServer.Refuse(out var address);
                return await call(address, chance);
            }

            await using var server = new RawHttpServer(behaviour.Scripts);
            return await call(server.Address, chance);
        }
    }

    private static async Task<Outcome> NodeAsync(NodeSdk node, Behaviour behaviour, Uri server, double chance)
    {
        var outcome = await node.CreateAsync(
            """{"external_id":"a"}""",
            server,
            Key,
            chance,
            retries: !behaviour.IsAsShipped,
            stalls: behaviour.Stalls
        );
        return outcome with { Result = Short(outcome.Result) };
    }

    private static async Task<Outcome> OursAsync(Behaviour behaviour, Uri server, double chance)
    {
        var clock = new FakeTimeProvider { AutoAdvance = _ => true };
        using var client = new ContactsClient(
            new OrqClientOptions
            {
                ApiKey = Key,
                ServerUrl = server,
                TimeProvider = clock,
                NextRandom = () => chance,
                // Without a timeout, all timers are waits between attempts.
                AttemptTimeout = behaviour.Stalls is not null ? TimeSpan.FromSeconds(30) : Timeout.InfiniteTimeSpan,
            }
        );
        try
        {
            var response = await client.CreateContactWithResponseAsync(new() { ExternalId = "a" });
            return Result($"contact updated {Iso(response.Value.Updated)}", response.Attempts);
        }
        catch (OrqException e)
        {
            return Result(NameOf(e), e.Attempts);
        }

        Outcome Result(string result, int attempts) =>
            new(Short(result), attempts, [.. clock.RequestedTimers.Select(wait => wait.TotalMilliseconds)]);
    }

    private static string NameOf(OrqException error) =>
        error switch
        {
            OrqApiException api => $"error {api.StatusCode}",
            OrqResponseException => "unreadable response",
            OrqTimeoutException => "timeout",
            _ => "no response",
        };

    private static string Iso(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "never";

    // Omits the time that the server sends.
    private static string Short(string result) =>
        result.Replace(" updated 2026-06-02T10:00:00.000Z", "", StringComparison.Ordinal);
}
