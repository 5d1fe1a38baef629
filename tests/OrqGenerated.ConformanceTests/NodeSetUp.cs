namespace OrqGenerated.ConformanceTests;

/// <summary>Ignores the tests of this assembly, the only ones that need Node.js, if it is missing.</summary>
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
