using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>A server that sends the client elsewhere.</summary>
internal sealed class RedirectTests : ContractTest
{
    [Test]
    public async Task A_redirect_is_an_error_and_is_not_followed()
    {
        await using var elsewhere = new RawHttpServer(RespondsToAll(200, Example.Stored));
        await using var server = new RawHttpServer(RespondsToAll(307, "", $"Location: {elsewhere.Address}v2/contacts"));

        var error = await FailAsync<OrqApiException>(ClientOf(server.Address));

        Assert.That(error.StatusCode, Is.EqualTo(307));
        Assert.That(error.Headers["location"], Is.EqualTo($"{elsewhere.Address}v2/contacts"));
        Assert.That((error.Attempts, elsewhere.Accepted), Is.EqualTo((1, 0)));
    }
}
