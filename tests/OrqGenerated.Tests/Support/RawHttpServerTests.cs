using System.Net.Sockets;

namespace OrqGenerated.Tests.Support;

/// <summary>What no test of a client would notice: to a client, a reset looks much like an ordinary close.</summary>
internal sealed class RawHttpServerTests
{
    [Test]
    public async Task Resets_a_connection()
    {
        using var http = new HttpClient();
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });

        var error = Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(server.Address));

        Assert.That(
            (error.GetBaseException() as SocketException)?.SocketErrorCode,
            Is.EqualTo(SocketError.ConnectionReset)
        );
        await server.WaitUntilNoneIsOpenAsync();
    }
}
