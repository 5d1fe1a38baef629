using System.Net;
using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// A user interface may block the only thread that its continuations can run on, so nothing in the client returns to
/// that thread.
/// </summary>
internal sealed class SynchronizationContextTests : ClientTest
{
    /// <summary>A response that is both a contact and an empty page.</summary>
    private static readonly string ContactAndPage = StoredContact.With(
        """
        "object":"list","data":[],"has_more":false
        """
    );

    [TestCase("a response")]
    [TestCase("a retry")]
    [TestCase("a key")]
    [TestCase("another key")]
    [TestCase("the start of a body")]
    [TestCase("a part of a body")]
    [TestCase("the end of a body")]
    [TestCase("a page")]
    [TestCase("many contacts")]
    public async Task Does_not_return_to_the_caller_after_waiting_for(string what)
    {
        if (what == "a retry")
        {
            PassesAtOnce = IsWait;
            Server.Responds(503);
        }

        if (what is "a key" or "another key")
        {
            Options.ApiKey = null;
            Options.ApiKeyProvider = static async (request, _) =>
            {
                await SwitchThreadAsync().ConfigureAwait(false);
                return request.RejectedKey is null ? Key : "another-key";
            };
        }

        if (what == "another key")
        {
            Server.Responds(200, Stored).Responds(401);
            await CreateAsync().ConfigureAwait(false);
        }

        if (what.EndsWith("of a body", StringComparison.Ordinal))
            Server.Responds(() => StubHandler.Response(200, new SlowContent(what)));

        Server.Does(
            static async (_, _) =>
            {
                await SwitchThreadAsync().ConfigureAwait(false);
                return StubHandler.Response(200, ContactAndPage);
            }
        );
        var context = new Counting();
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Task call;
        try
        {
            call = what switch
            {
                "a page" => Identities.ListIdentitiesAllAsync().GetAsyncEnumerator().MoveNextAsync().AsTask(),
                "many contacts" => Client.CreateManyAsync([Contact]).GetAsyncEnumerator().MoveNextAsync().AsTask(),
                _ => CreateAsync(),
            };
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        await call.ConfigureAwait(false);

        Assert.That(context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    /// <summary>The build requires ConfigureAwait in each await (MA0004); this shows with which argument.</summary>
    [Test]
    public void No_await_asks_for_the_context()
    {
        var awaits = Directory
            .EnumerateFiles(Repository.PathTo("src", "OrqGenerated"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines)
            .Where(line => line.Contains("ConfigureAwait(true)", StringComparison.Ordinal));

        Assert.That(awaits, Is.Empty);
    }

    /// <summary>Completes on another thread.</summary>
    private static async Task SwitchThreadAsync() =>
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    /// <summary>A body of which one part arrives on another thread, and the others at once.</summary>
    private sealed class SlowContent(string slowPart) : HttpContent
    {
        protected override async Task<Stream> CreateContentReadStreamAsync()
        {
            if (slowPart == "the start of a body")
                await SwitchThreadAsync().ConfigureAwait(false);

            return new SlowStream(slowPart);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class SlowStream(string slowPart) : MemoryStream(Encoding.UTF8.GetBytes(Stored))
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (slowPart == "a part of a body")
                await SwitchThreadAsync().ConfigureAwait(false);

            return Read(buffer.Span);
        }

        public override async ValueTask DisposeAsync()
        {
            if (slowPart == "the end of a body")
                await SwitchThreadAsync().ConfigureAwait(false);

            await base.DisposeAsync().ConfigureAwait(false);
        }
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
    }
}
