using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>What a caller sees of each way in which a server or the way to it can break, on a real socket.</summary>
internal sealed class FaultTests : ContractTest
{
    private const string OkHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    // After each of these there was no complete answer, so that the call is repeated and ends, when it goes on, in an
    // OrqConnectionException. The names are those of the table in CONTRIBUTING.md.
    private static readonly (string Name, Func<RawConnection, Task> Script)[] Broken =
    [
        ("Closed while the request was read", Then(connection => connection.Close(), whole: false)),
        ("Reset while the request was read", Then(connection => connection.Reset(), whole: false)),
        ("Empty reply", Then(connection => connection.Close())),
        ("Reset before the headers", Then(connection => connection.Reset())),
        ("Closed within the headers", Writes("HTTP/1.1 200 OK\r\nContent-Ty")),
        (
            "Reset after the headers",
            Writes(OkHead + "Content-Length: 40\r\n\r\n", connection => connection.Reset())
        ),
        (
            "Reset within the body",
            Writes(OkHead + "Content-Length: 40\r\n\r\n{\"_id\"", connection => connection.Reset())
        ),
        (
            "Body short of Content-Length",
            Writes(
                OkHead + $"Content-Length: {Example.Stored.Length}\r\n\r\n" + Example.Stored[..^1]
            )
        ),
        (
            "No last chunk",
            Writes(OkHead + "Transfer-Encoding: chunked\r\n\r\n" + Chunk(Example.Stored))
        ),
        (
            "Malformed chunk",
            Writes(OkHead + "Transfer-Encoding: chunked\r\n\r\nnot a size\r\n{}\r\n0\r\n\r\n")
        ),
        (
            "Cut gzip",
            Responds(Gzip(Encoding.UTF8.GetBytes(Example.Stored))[..^20], "Content-Encoding: gzip")
        ),
        (
            "Gzip without its checksum",
            Responds(Gzip(Encoding.UTF8.GetBytes(Example.Stored))[..^8], "Content-Encoding: gzip")
        ),
        (
            "Broken gzip",
            Responds(
                Corrupt(Gzip(Encoding.UTF8.GetBytes(Example.Stored))),
                "Content-Encoding: gzip"
            )
        ),
        (
            "Not gzip at all",
            Responds(Encoding.UTF8.GetBytes(Example.Stored), "Content-Encoding: gzip")
        ),
        ("Random data", Writes("\u0001\u0002\u007f%&/()=?\r\n\r\n\u0003\u0004 no HTTP\r\n\r\n")),
        (
            "Endless headers",
            Writes("HTTP/1.1 200 OK\r\nX-Long: " + new string('x', 1024 * 1024) + "\r\n\r\n")
        ),
    ];

    private static IEnumerable<TestCaseData> BrokenCases =>
        Broken.Select(fault => new TestCaseData(fault.Script).SetArgDisplayNames(fault.Name));

    private static string[] WireMockFaults =>
        [Reply.EmptyResponse, Reply.ResetByPeer, Reply.MalformedChunk, Reply.RandomData];

    [TestCaseSource(nameof(BrokenCases))]
    public async Task A_broken_answer_ends_in_a_connection_error_after_the_last_attempt(
        Func<RawConnection, Task> fault
    )
    {
        await using var server = new RawHttpServer(fault);
        var client = ClientOf(server.Address, options => options.Retry.MaxAttempts = 3);

        var error = Assert.ThrowsAsync<OrqConnectionException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(error.MayHaveBeenApplied, Is.True, "the server may have read the request");
        Assert.That(server.Accepted, Is.EqualTo(3), "each attempt on a connection of its own");
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task Each_broken_answer_has_its_row_in_CONTRIBUTING()
    {
        var lines = await File.ReadAllLinesAsync(Repository.PathTo("CONTRIBUTING.md"));

        var expected = Broken.Select(fault =>
            $"| {fault.Name} | `OrqConnectionException` | 3 | true | none |"
        );
        Assert.That(lines, Is.SupersetOf(expected));
    }

    [TestCaseSource(nameof(BrokenCases))]
    public async Task After_a_broken_answer_the_next_attempt_succeeds(
        Func<RawConnection, Task> fault
    )
    {
        await using var server = new RawHttpServer(fault, RespondsToAll(200, Example.Stored));

        var response = await ClientOf(server.Address)
            .CreateContactWithResponseAsync(Example.Contact);

        Assert.That(response.Attempts, Is.EqualTo(2));
        Assert.That(response.Value.ExternalId, Is.EqualTo("user_12345"));
    }

    [TestCaseSource(nameof(BrokenCases))]
    public async Task A_broken_answer_is_final_when_connection_errors_are_not_to_be_repeated(
        Func<RawConnection, Task> fault
    )
    {
        await using var server = new RawHttpServer(fault);
        var client = ClientOf(
            server.Address,
            options => options.Retry.RetryConnectionErrors = false
        );

        var error = Assert.ThrowsAsync<OrqConnectionException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That((error.Attempts, server.Accepted), Is.EqualTo((1, 1)));
    }

    [TestCaseSource(nameof(WireMockFaults))]
    public async Task The_faults_of_WireMock_end_in_a_connection_error(string fault)
    {
        await WireMock.ReplyAsync(Reply.WithFault(fault));
        var client = ClientOf(WireMock.Address, options => options.Retry.MaxAttempts = 3);

        var error = Assert.ThrowsAsync<OrqConnectionException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(error.MayHaveBeenApplied, Is.True);
        var bodies = (await WireMock.ReceivedAsync()).Select(request => request.Body);
        Assert.That(bodies, Is.EqualTo([Example.Json, Example.Json, Example.Json]));
    }

    [Test]
    public void A_refused_connection_is_a_connection_error_and_nothing_was_applied()
    {
        using var port = RawHttpServer.Refuse(out var address);

        AssertNeverReached(address);
    }

    [Test]
    public void A_name_that_does_not_exist_is_a_connection_error_and_nothing_was_applied() =>
        AssertNeverReached(new Uri("https://orq.invalid"));

    [Test]
    public async Task A_server_that_does_not_speak_TLS_is_a_connection_error_and_nothing_was_applied()
    {
        await using var server = new RawHttpServer(connection =>
            connection.WriteAsync("HTTP/1.1 400 Bad\r\n\r\n")
        );

        AssertNeverReached(Secure(server.Address));

        Assert.That(server.Accepted, Is.EqualTo(3));
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task A_certificate_that_is_not_trusted_is_a_connection_error_and_nothing_was_applied()
    {
        using var certificate = SelfSigned();
        await using var server = new RawHttpServer(async connection =>
        {
            await connection.UseTlsAsync(certificate);
            await connection.RespondToAllAsync(200, Example.Stored);
        });

        AssertNeverReached(Secure(server.Address));

        Assert.That(
            server.Requests,
            Is.Zero,
            "a request went to a server that could not show who it is"
        );
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task A_connection_that_the_server_closes_between_two_calls_does_no_harm()
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

        await Ends(client.CreateContactAsync(Example.Contact));
        await closed.Task;
        await Ends(client.CreateContactAsync(Example.Contact));

        Assert.That((server.Accepted, server.Requests), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task A_connection_that_the_server_closes_on_the_second_request_costs_one_more_attempt()
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

        await Ends(client.CreateContactAsync(Example.Contact));
        var response = await Ends(client.CreateContactWithResponseAsync(Example.Contact));

        Assert.That(response.Attempts, Is.EqualTo(2));
        Assert.That((server.Accepted, server.Requests), Is.EqualTo((2, 3)));
    }

    [Test]
    public async Task Bytes_after_the_answer_do_not_spoil_the_next_call()
    {
        await using var server = new RawHttpServer(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.RespondAsync(200, Example.Stored);
                await connection.WriteAsync(
                    "HTTP/1.1 500 Never asked\r\nContent-Length: 0\r\n\r\n"
                );
            },
            RespondsToAll(200, Example.Stored)
        );
        var client = ClientOf(server.Address);

        await Ends(client.CreateContactAsync(Example.Contact));
        var contact = await Ends(client.CreateContactAsync(Example.Contact));

        Assert.That(contact.ExternalId, Is.EqualTo("user_12345"));
    }

    [Test]
    public async Task An_interim_answer_is_not_the_answer()
    {
        await using var server = new RawHttpServer(
            Writes(
                $"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n{OkHead}Content-Length: 29\r\n\r\n"
                    + """{"_id":"1","external_id":"a"}"""
            )
        );

        var contact = await Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact));

        Assert.That(contact.ExternalId, Is.EqualTo("a"));
    }

    [Test]
    public async Task Attempts_share_one_connection_when_the_error_answers_are_complete()
    {
        await using var server = new RawHttpServer(RespondsToAll(503, """{"message":"later"}"""));
        var client = ClientOf(server.Address, options => options.Retry.MaxAttempts = 3);

        Assert.ThrowsAsync<OrqServerException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That((server.Accepted, server.Requests), Is.EqualTo((1, 3)));
        client.Dispose();
        await server.WaitUntilNoneIsOpenAsync();
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_is_an_error_and_is_not_followed(int status)
    {
        await using var elsewhere = new RawHttpServer(RespondsToAll(200, Example.Stored));
        await using var server = new RawHttpServer(
            RespondsToAll(status, "", $"Location: {elsewhere.Address}v2/contacts")
        );

        var error = Assert.CatchAsync<OrqApiException>(() =>
            Ends(ClientOf(server.Address).CreateContactAsync(Example.Contact))
        );

        Assert.That(error!.StatusCode, Is.EqualTo(status));
        Assert.That(error.Headers["location"], Is.EqualTo($"{elsewhere.Address}v2/contacts"));
        Assert.That((error.Attempts, elsewhere.Accepted), Is.EqualTo((1, 0)));
    }

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public async Task A_redirect_that_the_callers_client_followed_is_found_out(int status)
    {
        RawRequest? redirected = null;
        await using var elsewhere = new RawHttpServer(async connection =>
        {
            redirected = await connection.ReadRequestAsync();
            await connection.RespondAsync(200, Example.Stored);
        });
        await using var server = new RawHttpServer(
            RespondsToAll(status, "", $"Location: {elsewhere.Address}v2/contacts")
        );
        using var http = new HttpClient();
        using var client = new ContactsClient(
            http,
            new OrqClientOptions { ApiKey = Key, ServerUrl = server.Address }
        );

        var error = Assert.ThrowsAsync<OrqConnectionException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That(
            error.Message,
            Does.Contain("AllowAutoRedirect"),
            "the message says what to set"
        );
        Assert.That(error.Attempts, Is.EqualTo(1), "the next attempt would be redirected as well");
        Assert.That(redirected!.Head, Does.Not.Contain(Key), "the key went to another server");
    }

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
        var bomb = Gzip(new byte[512 << 20]);
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
        byte[] packed = [.. Gzip([]), .. Gzip(Encoding.UTF8.GetBytes(Example.Stored))];
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
        var packed = Gzip("""{"code":"some_code","message":"Packed."}"""u8.ToArray());
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
        await using var server = new RawHttpServer(Responds(Gzip(body), "Content-Encoding: gzip"));

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

    private void AssertNeverReached(Uri server)
    {
        var client = ClientOf(server, options => options.Retry.MaxAttempts = 3);

        var error = Assert.ThrowsAsync<OrqConnectionException>(() =>
            Ends(client.CreateContactAsync(Example.Contact))
        );

        Assert.That(error.Attempts, Is.EqualTo(3));
        Assert.That(error.MayHaveBeenApplied, Is.False, "no request has left");
    }

    private static Uri Secure(Uri address) => new UriBuilder(address) { Scheme = "https" }.Uri;

    private static Func<RawConnection, Task> Then(Action<RawConnection> end, bool whole = true) =>
        async connection =>
        {
            if (whole)
            {
                await connection.ReadRequestAsync();
            }
            else
            {
                await connection.ReadSomethingAsync();
            }

            end(connection);
        };

    private static Func<RawConnection, Task> Writes(
        string text,
        Action<RawConnection>? end = null
    ) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(text);
            (end ?? (it => it.Close()))(connection);
        };

    private static Func<RawConnection, Task> Responds(byte[] body, params string[] headers) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.RespondAsync(200, body, [.. headers, "Connection: close"]);
        };

    private static Func<RawConnection, Task> RespondsToAll(
        int status,
        string body,
        params string[] headers
    ) => connection => connection.RespondToAllAsync(status, body, headers);

    private static string Chunk(string data) => $"{data.Length:x}\r\n{data}\r\n";

    private static byte[] Gzip(byte[] data)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
        {
            gzip.Write(data);
        }

        return result.ToArray();
    }

    private static byte[] Corrupt(byte[] data)
    {
        Array.Fill(data, (byte)0xff, 10, 40);
        return data;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=localhost",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var certificate = request.CreateSelfSigned(start, start.AddYears(50));
        return X509CertificateLoader.LoadPkcs12(
            certificate.Export(X509ContentType.Pfx),
            password: null
        );
    }
}
