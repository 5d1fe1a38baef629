namespace OrqGenerated.ConformanceTests;

/// <summary>Ignores this assembly's tests, the only ones that need Node.js, where there is none.</summary>
[SetUpFixture]
internal sealed class NodeSetUp
{
    [OneTimeSetUp]
    public static async Task IgnoreWithoutNodeAsync()
    {
        try
        {
            await NodePackages.RestoreAsync();
        }
        catch (NodeMissingException e) when (Environment.GetEnvironmentVariable("ORQ_REQUIRE_ALL") is not "1")
        {
            Assert.Ignore(e.Message);
        }
    }
}
