using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

/// <summary>Gives tests of runs a client whose calls they complete and a clock that they move.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal abstract class ManyTest
{
    protected FakeTimeProvider Clock { get; } = new();

    protected ScriptedClient Client { get; } = new();

    protected CreateManyOptions Options(int concurrency) =>
        new() { MaxConcurrency = concurrency, TimeProvider = Clock };

    protected static async Task<List<CreateManyResult>> CollectAsync(IAsyncEnumerable<CreateManyResult> results)
    {
        var list = new List<CreateManyResult>();
        await foreach (var result in results)
            list.Add(result);

        return list;
    }
}
