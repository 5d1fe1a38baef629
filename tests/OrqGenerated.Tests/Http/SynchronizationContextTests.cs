using System.IO.Compression;
using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// A program with a user interface may wait for a call on the thread that everything else waits for: nothing in the
/// client goes back to that thread.
/// </summary>
internal sealed class SynchronizationContextTests : ClientTest
{
    private static IEnumerable<TestCaseData> Calls =>
        [
            Case("success", (client, contact) => client.CreateContactAsync(contact)),
            Case("response", (client, contact) => client.CreateContactWithResponseAsync(contact)),
            Case(
                "many",
                async (client, contact) =>
                {
                    await foreach (
                        var _ in client.CreateManyAsync(Contacts(contact)).ConfigureAwait(false)
                    ) { }
                }
            ),
        ];

    [TestCaseSource(nameof(Calls))]
    public async Task Nothing_comes_back_to_the_caller_s_context(
        Func<IContactsClient, CreateContactRequestBody, Task> call
    )
    {
        PassesAtOnce = _ => true;
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Options.ApiKey = null;
        Options.ApiKeyProvider = async (request, _) =>
        {
            await Elsewhere();
            return request.RejectedKey is null ? "first" : "second";
        };
        // Once through everything that waits: a key, a refusal, a new key, an error's body, a retry, a packed body.
        Server
            .Does((_, _) => AnswerAsync(401, "{}"))
            .Does((_, _) => AnswerAsync(503, """{"message":"busy"}"""))
            .Does((_, _) => AnswerAsync(503, """{"message":"busy"}""", isPacked: true))
            .Does((_, _) => AnswerAsync(200, Stored, isPacked: true))
            .Does((_, _) => AnswerAsync(200, Stored));
        var client = Client;
        var context = new Counting();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Task task;
        try
        {
            task = call(client, Contact);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        await task;

        Assert.That(Server.Requests, Has.Count.GreaterThanOrEqualTo(4));
        Assert.That(context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    private static TestCaseData Case(
        string name,
        Func<IContactsClient, CreateContactRequestBody, Task> call
    ) => new TestCaseData(call).SetArgDisplayNames(name);

    private static async IAsyncEnumerable<CreateContactRequestBody> Contacts(
        CreateContactRequestBody contact
    )
    {
        for (var i = 0; i < 3; i++)
        {
            await Elsewhere().ConfigureAwait(false);
            yield return contact;
        }
    }

    /// <summary>Goes on another thread, so that whoever awaits it has to come back.</summary>
    private static async Task Elsewhere() =>
        await Task.Run(() => Thread.Yield()).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private static async Task<HttpResponseMessage> AnswerAsync(
        int status,
        string body,
        bool isPacked = false
    )
    {
        await Elsewhere();
        var bytes = Encoding.UTF8.GetBytes(body);
        if (isPacked)
        {
            using var buffer = new MemoryStream();
            using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest))
            {
                gzip.Write(bytes);
            }

            bytes = buffer.ToArray();
        }

        return StubHandler.Response(
            status,
            new StreamContent(new Slow(bytes)),
            isPacked ? ["Content-Encoding: gzip"] : []
        );
    }

    private sealed class Counting : SynchronizationContext
    {
        private int _posts;

        public int Posts => Volatile.Read(ref _posts);

        public override void Post(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Post(d, state);
        }

        public override void Send(SendOrPostCallback d, object? state)
        {
            Interlocked.Increment(ref _posts);
            base.Send(d, state);
        }
    }

    /// <summary>Is read, and disposed of, on another thread.</summary>
    private sealed class Slow(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await Elsewhere().ConfigureAwait(false);
            return Read(buffer.Span);
        }

        public override async ValueTask DisposeAsync()
        {
            await Elsewhere().ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }
}
