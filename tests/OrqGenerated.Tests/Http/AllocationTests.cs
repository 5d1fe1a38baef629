using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// The memory that calls allocate. It is counted for the whole process, so no other test may run at the same time.
/// </summary>
[NonParallelizable]
internal sealed class AllocationTests
{
    private const int TextLength = 1024 * 1024;
    private const int Retries = 5;

    [Test]
    public async Task A_retry_allocates_nothing_that_grows_with_the_body()
    {
        var clock = new FakeTimeProvider { AutoAdvance = _ => true };
        var failures = 0;
        using var server = new DiscardingHandler(() =>
            StubHandler.Response(failures-- > 0 ? 503 : 200, StoredContact.Json)
        );
        using var http = new HttpClient(server) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new ContactsClient(
            http,
            new OrqClientOptions
            {
                ApiKey = "key",
                TimeProvider = clock,
                AttemptTimeout = Timeout.InfiniteTimeSpan,
            }
        );
        var contact = new CreateContactRequestBody
        {
            ExternalId = "user_12345",
            DisplayName = new string('x', TextLength),
        };

        var without = await LeastAllocatedAsync(retries: 0);
        var with = await LeastAllocatedAsync(retries: Retries);

        Assert.That(
            (with - without) / Retries,
            Is.LessThan(TextLength / 10),
            $"bytes allocated by a retry of a body of {TextLength} bytes"
        );

        // The least of several calls: some, like the first, also add buffers to the pool.
        async Task<long> LeastAllocatedAsync(int retries)
        {
            var least = long.MaxValue;
            for (var i = 0; i < 5; i++)
            {
                failures = retries;
                var before = GC.GetTotalAllocatedBytes(precise: true);
                await client.CreateContactAsync(contact);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }

            return least;
        }
    }

    [Test]
    public async Task Calls_leave_nothing_registered_on_a_shared_token()
    {
        const int Calls = 5000;
        using var server = new DiscardingHandler(() => StubHandler.Response(200, StoredContact.Json));
        using var http = new HttpClient(server) { Timeout = Timeout.InfiniteTimeSpan };
        using var client = new ContactsClient(
            http,
            new OrqClientOptions { ApiKey = "key", TotalTimeout = TimeSpan.FromMinutes(1) }
        );
        using var shared = new CancellationTokenSource();
        await CallAsync();

        var before = GC.GetTotalMemory(forceFullCollection: true);
        await CallAsync();

        Assert.That(
            GC.GetTotalMemory(forceFullCollection: true) - before,
            Is.LessThan(50 * Calls),
            $"bytes still in use after {Calls} calls"
        );

        async Task CallAsync()
        {
            for (var i = 0; i < Calls; i++)
            {
                await client.CreateContactAsync(
                    new CreateContactRequestBody { ExternalId = "user_12345" },
                    cancellationToken: shared.Token
                );
            }
        }
    }

    [TestCase("a")]
    [TestCase("abc")]
    public void Writing_a_string_of_an_allowed_length_allocates_only_its_bytes(string text)
    {
        const int Times = 1000;
        var codec = JsonCodec.Text(1, 3);
        Write();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Write();

        // An array of a few bytes takes 32 bytes.
        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / Times, Is.LessThan(50), "bytes per string");

        void Write()
        {
            for (var i = 0; i < Times; i++)
                JsonCodec.Write(codec, text);
        }
    }

    [Test]
    public void Writing_a_long_list_allocates_little_more_than_its_bytes()
    {
        string[] texts = [.. Enumerable.Repeat(new string('x', 100), 10_000)];
        var codec = JsonCodec.List(JsonCodec.String);
        JsonCodec.Write(codec, texts);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var json = JsonCodec.Write(codec, texts);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1.5 * json.Length));
    }
}
