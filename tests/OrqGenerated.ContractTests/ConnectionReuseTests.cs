using System.Text;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>Connections that serve, or should serve, more than one request.</summary>
internal sealed class ConnectionReuseTests : ContractTest
{
    [Test]
    public async Task A_connection_closed_between_two_calls_does_no_harm()
    {
        var closed = new TaskCompletionSource();
        await using var server = new RawHttpServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.RespondAsync(200, Example.Stored);
                connection.Close();
                closed.SetResult();
            },
            RespondsToAll(200, Example.Stored)
        );
        var client = ClientOf(server.Address);

        await CreateAsync(client);
        await closed.Task;
        await CreateAsync(client);

        Assert.That((server.Accepted, server.Requests), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task A_connection_closed_on_the_second_request_costs_one_retry()
    {
        await using var server = new RawHttpServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.RespondAsync(200, Example.Stored);
                await connection.ReadRequestAsync();
                connection.Close();
            },
            RespondsToAll(200, Example.Stored)
        );
        var client = ClientOf(server.Address);

        await CreateAsync(client);
        var response = await CreateAsync(client);

        Assert.That(response.Attempts, Is.EqualTo(2));
        Assert.That((server.Accepted, server.Requests), Is.EqualTo((2, 3)));
    }

    [Test]
    public async Task Extra_bytes_after_a_response_do_not_spoil_the_next_call()
    {
        await using var server = new RawHttpServer(
            // In one write: bytes that arrive after the next request would be read as its response.
            Writes(
                OkHead
                    + $"Content-Length: {Encoding.UTF8.GetByteCount(Example.Stored)}\r\n\r\n{Example.Stored}"
                    + "HTTP/1.1 500 Never asked\r\nContent-Length: 0\r\n\r\n"
            ),
            RespondsToAll(200, Example.Stored)
        );
        var client = ClientOf(server.Address);

        await CreateAsync(client);
        var response = await CreateAsync(client);

        Assert.That(response.Value.ExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task Ignores_an_interim_response()
    {
        var body = Example.Minimal("a");
        await using var server = new RawHttpServer(
            Writes($"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n{OkHead}Content-Length: {body.Length}\r\n\r\n{body}")
        );

        var response = await CreateAsync(ClientOf(server.Address));

        Assert.That(response.Value.ExternalId, Is.EqualTo("a"));
    }

    [Test]
    public async Task Attempts_share_one_connection_when_error_responses_are_complete()
    {
        await using var server = new RawHttpServer(RespondsToAll(503, """{"message":"later"}"""));
        var client = ClientOf(server.Address, options => options.Retry.MaxAttempts = 3);

        await FailAsync<OrqServerException>(client);

        Assert.That((server.Accepted, server.Requests), Is.EqualTo((1, 3)));
        client.Dispose();
        await server.WaitUntilNoneIsOpenAsync();
    }
}
