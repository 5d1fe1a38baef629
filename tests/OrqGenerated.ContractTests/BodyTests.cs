using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>Bodies that are too long or compressed.</summary>
internal sealed class BodyTests : ContractTest
{
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
