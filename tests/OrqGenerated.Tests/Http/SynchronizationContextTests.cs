using System.Net;
using System.Text;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// A program with a user interface may block the thread that its continuations need, so nothing in the client returns
/// to that thread. In each case one step is slow and all before it complete at once, so that the caller is still on
/// its thread when the wait begins.
/// </summary>
internal sealed class SynchronizationContextTests : ClientTest
{
    private readonly Counting _context = new();

    public enum Slow
    {
        Nothing,
        Request,
        Answer,
        Stream,
        Body,
        Disposal,
        Cancelled,
    }

    [TestCase(200, Slow.Request)]
    [TestCase(200, Slow.Answer)]
    [TestCase(200, Slow.Stream)]
    [TestCase(200, Slow.Body)]
    [TestCase(200, Slow.Disposal)]
    [TestCase(400, Slow.Answer)]
    [TestCase(400, Slow.Body)]
    [TestCase(400, Slow.Disposal)]
    public async Task Awaits_a_response_off_the_context(int status, Slow slow)
    {
        await CallAsync(1, (status, slow));

        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    [Test]
    public async Task Awaits_a_wait_before_a_retry_off_the_context()
    {
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(30);
        await CallAsync(1, (503, Slow.Nothing), (200, Slow.Nothing));

        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    [Test]
    public async Task Awaits_a_key_off_the_context()
    {
        ProvideKeys();
        await CallAsync(1, (200, Slow.Nothing));

        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    [Test]
    public async Task Awaits_a_refreshed_key_off_the_context()
    {
        ProvideKeys();
        await CallAsync(2, (200, Slow.Nothing), (401, Slow.Nothing), (200, Slow.Nothing));

        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    [Test]
    public async Task Awaits_a_page_off_the_context()
    {
        var items = Paging
            .ReadAllAsync(
                static async (_, _) =>
                {
                    await Elsewhere().ConfigureAwait(false);
                    return new[] { "a" };
                },
                page => page,
                item => item,
                _ => false,
                CancellationToken.None
            )
            .GetAsyncEnumerator();
        await In(() => items.MoveNextAsync().AsTask());

        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    [TestCase(200, Slow.Cancelled)]
    [TestCase(401, Slow.Nothing)]
    public async Task Leaves_many_contacts_off_the_context(int status, Slow second)
    {
        using var http = new HttpClient(new Answers([(status, Slow.Answer), (200, second)]));
        using var client = new ContactsClient(http, Options);
        var results = client
            .CreateManyAsync(new Source(Slow.Disposal), new CreateManyOptions { MaxConcurrency = 1 })
            .GetAsyncEnumerator();
        await In(() => results.MoveNextAsync().AsTask());

        await In(() => Done(results.DisposeAsync()));

        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    [TestCase(Slow.Nothing)]
    [TestCase(Slow.Answer)]
    [TestCase(Slow.Body)]
    [TestCase(Slow.Disposal)]
    public async Task Awaits_many_contacts_off_the_context(Slow slow)
    {
        using var http = new HttpClient(new Answers([(200, Slow.Answer)]));
        using var client = new ContactsClient(http, Options);
        var source = new Source(slow);
        var results = client.CreateManyAsync(source).GetAsyncEnumerator();

        while (await In(() => results.MoveNextAsync().AsTask())) { }

        await In(() => Done(results.DisposeAsync()));
        var left = client.CreateManyAsync(source).GetAsyncEnumerator();
        await In(() => left.MoveNextAsync().AsTask());
        await In(() => Done(left.DisposeAsync()));

        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");
    }

    private void ProvideKeys()
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = static async (request, _) =>
        {
            await Elsewhere();
            return request.RejectedKey is null ? "first" : "second";
        };
    }

    private async Task CallAsync(int calls, params (int Status, Slow Slow)[] answers)
    {
        using var http = new HttpClient(new Answers(answers));
        using var client = new ContactsClient(http, Options);
        try
        {
            for (var i = 0; i < calls; i++)
            {
                await In(() => client.CreateContactAsync(Contact));
            }
        }
        catch (OrqApiException)
        {
            // The answer is what counts here, whatever it says.
        }
    }

    /// <summary>Starts a call on the context, as a click on a button does.</summary>
    private async Task<T> In<T>(Func<Task<T>> start)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(_context);
        Task<T> task;
        try
        {
            task = start();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        return await task.ConfigureAwait(false);
    }

    private static async Task<bool> Done(ValueTask task)
    {
        await task.ConfigureAwait(false);
        return true;
    }

    /// <summary>Continues on another thread, so that whoever awaits it has to come back.</summary>
    private static async Task Elsewhere() =>
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private static Task When(bool isSlow) => isSlow ? Elsewhere() : Task.CompletedTask;

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

    /// <summary>Gives its answers in turn and repeats the last one.</summary>
    private sealed class Answers((int Status, Slow Slow)[] answers) : HttpMessageHandler
    {
        private int _next;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var next = Interlocked.Increment(ref _next) - 1;
            var (status, slow) = answers[Math.Min(next, answers.Length - 1)];
            if (slow == Slow.Cancelled)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                    .ConfigureAwait(false);
            }

            await request.Content!.CopyToAsync(new Body([], slow), cancellationToken).ConfigureAwait(false);
            await When(slow == Slow.Answer).ConfigureAwait(false);
            var body = Encoding.UTF8.GetBytes(Stored);
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new BodyContent(body, slow) };
        }
    }

    /// <summary>Content that hands out its stream unbuffered.</summary>
    private sealed class BodyContent(byte[] body, Slow slow) : HttpContent
    {
        protected override async Task<Stream> CreateContentReadStreamAsync()
        {
            await When(slow == Slow.Stream).ConfigureAwait(false);
            return new Body(body, slow);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            throw new NotSupportedException();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Body(byte[] bytes, Slow slow) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await When(slow == Slow.Body).ConfigureAwait(false);
            return Read(buffer.Span);
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => await When(slow == Slow.Request).ConfigureAwait(false);

        public override async ValueTask DisposeAsync()
        {
            await When(slow == Slow.Disposal).ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Three contacts, of which reading or disposal may be slow.</summary>
    private sealed class Source(Slow slow) : IAsyncEnumerable<CreateContactRequestBody>
    {
        public async IAsyncEnumerator<CreateContactRequestBody> GetAsyncEnumerator(
            CancellationToken cancellationToken = default
        )
        {
            try
            {
                for (var i = 0; i < 3; i++)
                {
                    await When(slow == Slow.Body).ConfigureAwait(false);
                    yield return Contact;
                }
            }
            finally
            {
                await When(slow == Slow.Disposal).ConfigureAwait(false);
            }
        }
    }
}
