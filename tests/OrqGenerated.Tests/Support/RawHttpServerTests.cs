using System.Net.Sockets;
using System.Text;

namespace OrqGenerated.Tests.Support;

internal sealed class RawHttpServerTests
{
    private readonly HttpClient _http = new();

    [OneTimeTearDown]
    public void TearDown() => _http.Dispose();

    [Test]
    public async Task Runs_its_scripts_in_turn_and_counts_connections_and_requests()
    {
        RawRequest? received = null;
        await using var server = new RawHttpServer(
            async connection =>
            {
                received = await connection.ReadRequestAsync();
                await connection.RespondAsync(500, "first", "Connection: close");
                connection.Close();
            },
            Scripts.RespondsToAll(200, "later")
        );

        var bodies = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var content = new StringContent("hello");
            using var response = await _http.PostAsync(server.Address, content);
            bodies.Add(await response.Content.ReadAsStringAsync());
        }

        Assert.That(bodies, Is.EqualTo(["first", "later", "later"]));
        Assert.That(Encoding.UTF8.GetString(received!.Body), Is.EqualTo("hello"));
        Assert.That(received.Head, Does.StartWith("POST / HTTP/1.1\r\n"));
        Assert.That((server.Accepted, server.Requests, server.Open), Is.EqualTo((2, 3, 1)));
    }

    [Test]
    public async Task Resets_a_connection()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });

        var error = Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(server.Address));

        Assert.That(
            (error.GetBaseException() as SocketException)?.SocketErrorCode,
            Is.EqualTo(SocketError.ConnectionReset)
        );
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task Stalls_when_a_script_ends_early_and_notices_when_the_client_disconnects()
    {
        await using var server = new RawHttpServer(connection => connection.ReadRequestAsync());
        using var source = new CancellationTokenSource();
        var call = _http.GetAsync(server.Address, source.Token);
        await server.WaitForRequestsAsync(1);
        Assert.That(server.Open, Is.EqualTo(1));

        await source.CancelAsync();

        Assert.CatchAsync<OperationCanceledException>(() => call);
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public void Refuses_connections()
    {
        using var port = RawHttpServer.Refuse(out var address);

        var error = Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(address));

        Assert.That(error.HttpRequestError, Is.EqualTo(HttpRequestError.ConnectionError));
    }
}
