using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>Bodies that are too long, cut off or compressed.</summary>
internal sealed class BodyTests : ContractTest
{
    [Test]
    public async Task Stops_reading_a_success_body_of_100_MiB_at_the_limit()
    {
        var written = 0L;
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(OkHead + "Transfer-Encoding: chunked\r\n\r\n");
            for (; written < 100 << 20; written += 1 << 20)
                await connection.WriteAsync(Chunk(new string(' ', 1 << 20)));

            await connection.WriteAsync("0\r\n\r\n");
        });

        var error = await FailAsync<OrqResponseException>(ClientOf(server.Address));

        Assert.That(error.StatusCode, Is.EqualTo(200));
        Assert.That(error.Attempts, Is.EqualTo(1), "the server has done its work");
        Assert.That(error.Body, Has.Length.EqualTo(1 << 20));
        await server.WaitUntilNoneIsOpenAsync();
        Assert.That(written, Is.LessThan(64L << 20), "bytes written before the client stopped reading");
    }

    [Test]
    public async Task Stops_reading_a_compression_bomb_at_the_limit()
    {
        var bomb = Gzip.Compress(new byte[512 << 20]);
        await using var server = new RawHttpServer(Responds(200, bomb, "Content-Encoding: gzip"));
        var before = GC.GetTotalAllocatedBytes();

        var error = await FailAsync<OrqResponseException>(ClientOf(server.Address));

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(GC.GetTotalAllocatedBytes() - before, Is.LessThan(128L << 20), "bytes allocated for the bomb");
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task Cuts_an_error_body_of_100_MiB_after_the_first_MiB()
    {
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 400 Bad\r\nContent-Length: {100 << 20}\r\n\r\n");
            for (var i = 0; i < 100; i++)
                await connection.WriteAsync(new string('x', 1 << 20));
        });

        var error = await FailAsync<OrqBadRequestException>(ClientOf(server.Address));

        Assert.That(error.Body, Is.EqualTo(new string('x', 1 << 20)));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task An_incomplete_error_body_keeps_the_status_and_what_arrived()
    {
        await using var server = new RawHttpServer(
            Writes("HTTP/1.1 404 Gone\r\nContent-Length: 400\r\n\r\n{\"message\":\"half a")
        );

        var error = await FailAsync<OrqNotFoundException>(ClientOf(server.Address));

        Assert.That(error.Body, Is.EqualTo("{\"message\":\"half a"));
        Assert.That(error.Attempts, Is.EqualTo(1));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task Reads_a_gzipped_response()
    {
        // gzip allows any number of members; the first one here is empty.
        byte[] compressed = [.. Gzip.Compress([]), .. Gzip.Compress(Example.Stored)];
        RawRequest? request = null;
        await using var server = new RawHttpServer(async connection =>
        {
            request = await connection.ReadRequestAsync();
            await connection.RespondAsync(200, compressed, "Content-Encoding: gzip");
        });

        var response = await CreateAsync(ClientOf(server.Address));

        Assert.That(response.Value.DisplayName, Is.EqualTo("Jane Smith"));
        Assert.That(request!.Head, Does.Contain("Accept-Encoding: gzip"));
    }
}
