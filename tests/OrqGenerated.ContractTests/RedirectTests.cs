using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>A server that sends the client elsewhere.</summary>
internal sealed class RedirectTests : ContractTest
{
    [TestCase(302)]
    [TestCase(307)]
    public async Task A_redirect_is_an_error_and_is_not_followed(int status)
    {
        await using var elsewhere = new RawHttpServer(RespondsToAll(200, Example.Stored));
        await using var server = new RawHttpServer(
            RespondsToAll(status, "", $"Location: {elsewhere.Address}v2/contacts")
        );

        var error = await FailAsync<OrqApiException>(ClientOf(server.Address));

        Assert.That(error.StatusCode, Is.EqualTo(status));
        Assert.That(error.Headers["location"], Is.EqualTo($"{elsewhere.Address}v2/contacts"));
        Assert.That((error.Attempts, elsewhere.Accepted), Is.EqualTo((1, 0)));
    }
}
