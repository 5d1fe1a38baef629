using System.Net;
using System.Text;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.ContractTests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>Bodies that are too long, too short or packed.</summary>
internal sealed class BodyTests : ContractTest
{
    [Test]
    public async Task A_success_body_of_100_MiB_is_given_up_at_the_limit()
    {
        var written = 0L;
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(OkHead + "Transfer-Encoding: chunked\r\n\r\n");
            for (; written < 100 << 20; written += 1 << 20)
            {
                await connection.WriteAsync(Chunk(new string(' ', 1 << 20)));
            }

            await connection.WriteAsync("0\r\n\r\n");
        });

        var error = Assert.ThrowsAsync<OrqResponseException>(() =>
            Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact))
        );

        Assert.That(error.StatusCode, Is.EqualTo(200));
        Assert.That(error.Attempts, Is.EqualTo(1), "the server has done its work");
        Assert.That(error.Body, Has.Length.EqualTo(1 << 20));
        await server.WaitUntilNoneIsOpenAsync();
        Assert.That(
            written,
            Is.LessThan(64L << 20),
            "the rest of the body was read though nobody wants it"
        );
    }

    [Test]
    public async Task A_compression_bomb_is_given_up_at_the_limit()
    {
        var bomb = Packed.Gzip(new byte[512 << 20]);
        await using var server = new RawHttpServer(Responds(bomb, "Content-Encoding: gzip"));
        var client = ClientOf(server.Address);
        var before = GC.GetTotalAllocatedBytes();

        var error = Assert.ThrowsAsync<OrqResponseException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(
            GC.GetTotalAllocatedBytes() - before,
            Is.LessThan(128L << 20),
            "bytes allocated for the bomb"
        );
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task An_error_body_of_100_MiB_is_cut_after_the_first_MiB()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 400 Bad\r\nContent-Length: {100 << 20}\r\n\r\n");
            for (var i = 0; i < 100; i++)
            {
                await connection.WriteAsync(new string('x', 1 << 20));
            }
        });

        var error = Assert.ThrowsAsync<OrqBadRequestException>(() =>
            Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact))
        );

        Assert.That(error.Body, Is.EqualTo(new string('x', 1 << 20)));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task An_error_body_that_breaks_off_leaves_the_error_and_what_had_come()
    {
        await using var server = new RawHttpServer(
            Writes("HTTP/1.1 404 Gone\r\nContent-Length: 400\r\n\r\n{\"message\":\"half a")
        );

        var error = Assert.ThrowsAsync<OrqNotFoundException>(() =>
            Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact))
        );

        Assert.That(error.Body, Is.EqualTo("{\"message\":\"half a"));
        Assert.That(error.Attempts, Is.EqualTo(1));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task A_long_error_body_does_not_spoil_the_next_attempt()
    {
        await using var server = new RawHttpServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.RespondAsync(503, new string('x', 2 << 20), "Connection: close");
            },
            RespondsToAll(200, Example.Stored)
        );

        var response = await Ends(
            ClientOf(server.Address).CreateContactWithResponseAsync(Example.Contact)
        );

        Assert.That(response.Attempts, Is.EqualTo(2));
    }

    [TestCase(DecompressionMethods.None)]
    [TestCase(DecompressionMethods.All)]
    public async Task A_packed_answer_is_read_whether_or_not_the_handler_unpacks_it(
        DecompressionMethods methods
    )
    {
        // Two members, the first one empty: gzip allows any number.
        byte[] packed = [.. Packed.Gzip([]), .. Packed.Gzip(Example.Stored)];
        RawRequest? request = null;
        await using var server = new RawHttpServer(async connection =>
        {
            request = await connection.ReadRequestAsync();
            await connection.RespondAsync(200, packed, "Content-Encoding: gzip");
        });
        using var handler = new SocketsHttpHandler { AutomaticDecompression = methods };
        using var http = new HttpClient(handler);
        using var client = new ContactsClient(
            http,
            new OrqClientOptions { ApiKey = Key, ServerUrl = server.Address }
        );

        var contact = await Ends(client.CreateContactAsync(Example.Contact));

        Assert.That(contact.DisplayName, Is.EqualTo("Jane Smith"));
        Assert.That(request!.Head, Does.Contain("Accept-Encoding: gzip"));
    }

    [Test]
    public async Task A_packed_error_is_unpacked()
    {
        var packed = Packed.Gzip("""{"code":"some_code","message":"Packed."}"""u8.ToArray());
        await using var server = new RawHttpServer(connection =>
            connection.RespondToAllAsync(400, packed, "Content-Encoding: gzip")
        );

        var error = Assert.ThrowsAsync<OrqBadRequestException>(() =>
            Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact))
        );

        Assert.That((error.ErrorCode, error.ErrorMessage), Is.EqualTo(("some_code", "Packed.")));
    }

    [TestCase(16 << 20, true)]
    [TestCase((16 << 20) + 1, false)]
    public async Task A_packed_body_may_be_16_MiB_when_unpacked_and_no_more(int length, bool isRead)
    {
        var body = Encoding.UTF8.GetBytes(Example.Stored.PadRight(length));
        await using var server = new RawHttpServer(
            Responds(Packed.Gzip(body), "Content-Encoding: gzip")
        );

        var call = Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact));

        if (isRead)
        {
            Assert.That((await call).ExternalId, Is.EqualTo("user_12345"));
        }
        else
        {
            Assert.That(
                Assert.ThrowsAsync<OrqResponseException>(() => call).Expected,
                Does.Contain("16 MiB")
            );
        }
    }

    [Test]
    public async Task A_success_without_a_body_is_an_answer_that_cannot_be_read()
    {
        await using var server = new RawHttpServer(Writes("HTTP/1.1 204 No Content\r\n\r\n"));

        var error = Assert.ThrowsAsync<OrqResponseException>(() =>
            Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact))
        );

        Assert.That((error.StatusCode, error.Body, error.Attempts), Is.EqualTo((204, "", 1)));
    }
}
