using System.Collections.Concurrent;
using System.Text;
using Newtonsoft.Json.Linq;
using OrqGenerated.ContractTests.Support;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests;

/// <summary>Many concurrent calls on one client, with one request in twenty failing.</summary>
[NonParallelizable]
internal sealed class ConcurrencyTests : ContractTest
{
    private const int Calls = 1_000;

    [Test]
    public async Task Accounts_for_each_of_a_thousand_concurrent_calls()
    {
        var stored = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var requests = 0;
        await using var server = new RawHttpServer(connection =>
            ServeAsync(connection, stored, () => Interlocked.Increment(ref requests))
        );
        var client = ClientOf(server.Address, WithShortWaits);

        var responses = await SendAllAsync(client);

        var returned = responses.Select(response => response.Value.ExternalId).ToHashSet(StringComparer.Ordinal);
        Assert.That(returned, Has.Count.EqualTo(Calls));
        Assert.That(returned.SetEquals(stored.Keys), Is.True, "the contacts returned are the contacts stored");
        Assert.That(
            responses.Sum(response => response.Attempts),
            Is.EqualTo(requests),
            "attempts reported and requests received"
        );
        Assert.That(requests, Is.GreaterThanOrEqualTo(Calls + Calls / 20), "some requests failed");

        client.Dispose();
        await server.WaitUntilNoneIsOpenAsync();
    }

    [Test]
    public async Task Waiting_calls_hold_no_threads()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = new RawHttpServer(async connection =>
        {
            while (true)
            {
                await connection.ReadRequestAsync();
                await connection.WaitForAsync(release.Task);
                await connection.RespondAsync(200, Example.Stored, "Connection: close");
                connection.Close();
            }
        });
        var client = ClientOf(server.Address, WithShortWaits);
        var calls = SendAllAsync(client);
        await server.WaitForRequestsAsync(200);

        // If the calls blocked every thread of the pool, this line would never run.
        var most = 64 + Environment.ProcessorCount;
        Assert.That(ThreadPool.ThreadCount, Is.LessThan(most), "pool threads while 1,000 calls are in flight");

        release.SetResult();
        await calls;
    }

    private static void WithShortWaits(OrqClientOptions options)
    {
        options.TimeProvider = TimeProvider.System;
        options.Retry.Backoff = new BackoffStrategy(
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromMilliseconds(10),
            1.5,
            Timeout.InfiniteTimeSpan
        );
    }

    private static Task<OrqResponse<CreateContactResponseBody>[]> SendAllAsync(ContactsClient client) =>
        Task.WhenAll(
            Enumerable
                .Range(0, Calls)
                .Select(i =>
                    client.CreateContactWithResponseAsync(new CreateContactRequestBody { ExternalId = $"user_{i}" })
                )
        );

    // Stores contacts by their external id; every twentieth request meets one of the faults, in turn.
    private static async Task ServeAsync(
        RawConnection connection,
        ConcurrentDictionary<string, int> stored,
        Func<int> count
    )
    {
        while (true)
        {
            var request = await connection.ReadRequestAsync();
            var number = count();
            switch (number % 20 == 0 ? number / 20 % 5 : -1)
            {
                case 0:
                    connection.Reset();
                    return;
                case 1:
                    connection.Close();
                    return;
                case 2:
                    await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{\"_id\"");
                    connection.Close();
                    return;
                case 3:
                    await connection.RespondAsync(503, """{"message":"later"}""");
                    break;
                case 4:
                    await connection.RespondAsync(429, """{"message":"later"}""", "retry-after-ms: 2");
                    break;
                default:
                    var id = (string)JObject.Parse(Encoding.UTF8.GetString(request.Body))["external_id"]!;
                    stored.AddOrUpdate(id, 1, (_, times) => times + 1);
                    await connection.RespondAsync(200, Example.Minimal(id));
                    break;
            }
        }
    }
}
