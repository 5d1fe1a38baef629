using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;
using static OrqGenerated.Tests.Support.Scripts;

namespace OrqGenerated.ContractTests;

/// <summary>The exception for each way in which a server or its connection can break, on a real socket.</summary>
internal sealed class FaultTests : ContractTest
{
    // None of these is a complete response, so the call is retried and finally fails with an OrqConnectionException.
    // The names are those of the table in docs/faults.md.
    private static readonly (string Name, Func<RawConnection, Task> Script)[] Broken =
    [
        ("Closed while the request was read", EndsEarly(connection => connection.Close())),
        ("Reset while the request was read", EndsEarly(connection => connection.Reset())),
        ("Empty reply", EndsUnanswered(connection => connection.Close())),
        ("Reset before the headers", EndsUnanswered(connection => connection.Reset())),
        ("Closed within the headers", Writes("HTTP/1.1 200 OK\r\nContent-Ty")),
        ("Reset after the headers", Writes(OkHead + "Content-Length: 40\r\n\r\n", connection => connection.Reset())),
        (
            "Reset within the body",
            Writes(OkHead + "Content-Length: 40\r\n\r\n{\"_id\"", connection => connection.Reset())
        ),
        (
            "Body short of Content-Length",
            Writes(OkHead + $"Content-Length: {Example.Stored.Length}\r\n\r\n" + Example.Stored[..^1])
        ),
        ("No last chunk", Writes(OkHead + "Transfer-Encoding: chunked\r\n\r\n" + Chunk(Example.Stored))),
        ("Malformed chunk", Writes(OkHead + "Transfer-Encoding: chunked\r\n\r\nnot a size\r\n{}\r\n0\r\n\r\n")),
        ("Random data", Writes("\u0001\u0002\u007f%&/()=?\r\n\r\n\u0003\u0004 no HTTP\r\n\r\n")),
        ("Endless headers", Writes("HTTP/1.1 200 OK\r\nX-Long: " + new string('x', 1024 * 1024) + "\r\n\r\n")),
    ];

    // Complete responses that cannot be decompressed: the server has done its work, so they are not retried.
    private static readonly (string Name, byte[] Body)[] CorruptBodies =
    [
        ("Cut gzip", Gzip.Compress(Example.Stored)[..^20]),
        ("Broken gzip", Corrupt(Gzip.Compress(Example.Stored))),
        ("Not gzip at all", Encoding.UTF8.GetBytes(Example.Stored)),
    ];

    private static IEnumerable<TestCaseData> CorruptCases =>
        CorruptBodies.Select(fault => new TestCaseData(fault.Body).SetArgDisplayNames(fault.Name));

    private static IEnumerable<TestCaseData> BrokenCases =>
        Broken.Select(fault => new TestCaseData(fault.Script).SetArgDisplayNames(fault.Name));

    [TestCaseSource(nameof(BrokenCases))]
    public async Task A_broken_response_is_a_connection_error_after_the_last_attempt(Func<RawConnection, Task> fault)
    {
        await using var server = new RawHttpServer(fault);
        var client = ClientOf(server.Address, options => options.Retry.MaxAttempts = 3);

        var error = await FailAsync<OrqConnectionException>(client);

        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(error.MayHaveBeenApplied, Is.True, "the server may have read the request");
        Assert.That(server.Accepted, Is.EqualTo(3), "each attempt uses a new connection");
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task Each_fault_has_a_row_in_the_documentation()
    {
        var lines = await File.ReadAllLinesAsync(Repository.PathTo("docs", "faults.md"));

        var expected = Broken.Select(fault => $"| {fault.Name} | `OrqConnectionException` | 3 | true | none |");
        Assert.That(lines, Is.SupersetOf(expected));
        var corrupt = CorruptBodies.Select(fault => $"| {fault.Name} | `OrqResponseException` | 1 | true | none |");
        Assert.That(lines, Is.SupersetOf(corrupt));
    }

    [TestCaseSource(nameof(CorruptCases))]
    public async Task A_success_that_cannot_be_decompressed_is_unreadable_and_final(byte[] body)
    {
        await using var server = new RawHttpServer(Responds(200, body, "Content-Encoding: gzip"));

        var error = await FailAsync<OrqResponseException>(ClientOf(server.Address));

        Assert.That((error.Attempts, error.MayHaveBeenApplied), Is.EqualTo((1, true)));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task A_refused_connection_is_a_connection_error_and_nothing_was_applied()
    {
        using var port = RawHttpServer.Refuse(out var address);

        await AssertNeverReachedAsync(address);
    }

    [Test]
    public Task An_unknown_host_is_a_connection_error_and_nothing_was_applied() =>
        AssertNeverReachedAsync(new Uri("https://orq.invalid"));

    [Test]
    public async Task A_server_without_TLS_is_a_connection_error_and_nothing_was_applied()
    {
        await using var server = new RawHttpServer(connection => connection.WriteAsync("HTTP/1.1 400 Bad\r\n\r\n"));

        await AssertNeverReachedAsync(Secure(server.Address));

        Assert.That(server.Accepted, Is.EqualTo(3));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task An_untrusted_certificate_is_a_connection_error_and_nothing_was_applied()
    {
        using var certificate = SelfSigned();
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.UseTlsAsync(certificate);
            await connection.RespondToAllAsync(200, Example.Stored);
        });

        await AssertNeverReachedAsync(Secure(server.Address));

        Assert.That(server.Requests, Is.Zero, "a request was sent to a server that could not identify itself");
        await server.WaitUntilNoneIsOpenAsync();
    }

    private async Task AssertNeverReachedAsync(Uri server)
    {
        var client = ClientOf(server, options => options.Retry.MaxAttempts = 3);

        var error = await FailAsync<OrqConnectionException>(client);

        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(error.MayHaveBeenApplied, Is.False, "no request was sent");
    }

    private static Uri Secure(Uri address) => new UriBuilder(address) { Scheme = "https" }.Uri;

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(start, start.AddYears(50));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }

    private static byte[] Corrupt(byte[] data)
    {
        Array.Fill(data, (byte)0xff, 10, 40);
        return data;
    }
}
