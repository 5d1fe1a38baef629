using System.Net;
using System.Text;

namespace OrqGenerated.Tests.Http;

/// <summary>
/// A user interface may block the thread that its continuations need, so nothing in the client returns to that thread.
/// In each case one step is slow and all steps before it complete synchronously, so that the caller is still on its
/// thread when the wait begins.
/// </summary>
internal sealed class SynchronizationContextTests : ClientTest
{
    private readonly Counting _context = new();

    public enum Slow
    {
        Nothing,
        Request,
        Response,
        Stream,
        Body,
        Disposal,
        Cancelled,
    }

    [TestCase(200, Slow.Request)]
    [TestCase(200, Slow.Response)]
    [TestCase(200, Slow.Stream)]
    [TestCase(200, Slow.Body)]
    [TestCase(200, Slow.Disposal)]
    [TestCase(400, Slow.Response)]
    [TestCase(400, Slow.Body)]
    [TestCase(400, Slow.Disposal)]
    public async Task Awaits_a_response_off_the_context(int status, Slow slow)
    {
        await CallAsync(1, (status, slow));

        AssertNothingPosted();
    }

    [Test]
    public async Task Awaits_a_wait_before_a_retry_off_the_context()
    {
        PassesAtOnce = IsWait;
        await CallAsync(1, (503, Slow.Nothing), (200, Slow.Nothing));

        AssertNothingPosted();
    }

    [Test]
    public async Task Awaits_first_and_refreshed_keys_off_the_context()
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = static async (request, _) =>
        {
            await SwitchThreadAsync();
            return request.RejectedKey is null ? "first" : "second";
        };

        await CallAsync(2, (200, Slow.Nothing), (401, Slow.Nothing), (200, Slow.Nothing));

        AssertNothingPosted();
    }

    [Test]
    public async Task Awaits_a_page_off_the_context()
    {
        var items = Paging
            .ReadAllAsync(
                static async (_, _) =>
                {
                    await SwitchThreadAsync().ConfigureAwait(false);
                    return new[] { "a" };
                },
                page => page,
                item => item,
                _ => false,
                CancellationToken.None
            )
            .GetAsyncEnumerator();
        await StartOnContextAsync(() => items.MoveNextAsync().AsTask());

        AssertNothingPosted();
    }

    [TestCase(200, Slow.Cancelled)]
    [TestCase(401, Slow.Nothing)]
    public async Task Stops_many_contacts_off_the_context(int status, Slow second)
    {
        using var http = new HttpClient(new Responses([(status, Slow.Response), (200, second)]));
        using var client = new ContactsClient(http, Options);
        var results = client
            .CreateManyAsync(new Source(Slow.Disposal), new CreateManyOptions { MaxConcurrency = 1 })
            .GetAsyncEnumerator();
        await StartOnContextAsync(() => results.MoveNextAsync().AsTask());

        await StartOnContextAsync(() => DisposeAsync(results));

        AssertNothingPosted();
    }

    [TestCase(Slow.Nothing)]
    [TestCase(Slow.Response)]
    [TestCase(Slow.Body)]
    [TestCase(Slow.Disposal)]
    public async Task Awaits_many_contacts_off_the_context(Slow slow)
    {
        using var http = new HttpClient(new Responses([(200, Slow.Response)]));
        using var client = new ContactsClient(http, Options);
        var source = new Source(slow);
        var results = client.CreateManyAsync(source).GetAsyncEnumerator();

        while (await StartOnContextAsync(() => results.MoveNextAsync().AsTask())) { }

        await StartOnContextAsync(() => DisposeAsync(results));
        var stopped = client.CreateManyAsync(source).GetAsyncEnumerator();
        await StartOnContextAsync(() => stopped.MoveNextAsync().AsTask());
        await StartOnContextAsync(() => DisposeAsync(stopped));

        AssertNothingPosted();
    }

    private void AssertNothingPosted() =>
        Assert.That(_context.Posts, Is.Zero, "continuations posted to the caller's context");

    private async Task CallAsync(int calls, params (int Status, Slow Slow)[] responses)
    {
        using var http = new HttpClient(new Responses(responses));
        using var client = new ContactsClient(http, Options);
        try
        {
            for (var i = 0; i < calls; i++)
                await StartOnContextAsync(() => client.CreateContactAsync(Contact));
        }
        catch (OrqApiException)
        {
            // Some responses are errors.
        }
    }

    /// <summary>Starts a call on the context, as a button click does.</summary>
    private async Task<T> StartOnContextAsync<T>(Func<Task<T>> start)
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

    private static async Task<bool> DisposeAsync(IAsyncDisposable resource)
    {
        await resource.DisposeAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Completes on another thread.</summary>
    private static async Task SwitchThreadAsync() =>
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private static Task PauseIf(bool isSlow) => isSlow ? SwitchThreadAsync() : Task.CompletedTask;

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

    /// <summary>Sends its responses in turn and repeats the last one.</summary>
    private sealed class Responses((int Status, Slow Slow)[] responses) : HttpMessageHandler
    {
        private int _next;

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var next = Interlocked.Increment(ref _next) - 1;
            var (status, slow) = responses[Math.Min(next, responses.Length - 1)];
            if (slow == Slow.Cancelled)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken)
                    .ConfigureAwait(false);
            }

            await request.Content!.CopyToAsync(new Body([], slow), cancellationToken).ConfigureAwait(false);
            await PauseIf(slow == Slow.Response).ConfigureAwait(false);
            var body = Encoding.UTF8.GetBytes(Stored);
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new BodyContent(body, slow) };
        }
    }

    /// <summary>Content that is read unbuffered.</summary>
    private sealed class BodyContent(byte[] body, Slow slow) : HttpContent
    {
        protected override async Task<Stream> CreateContentReadStreamAsync()
        {
            await PauseIf(slow == Slow.Stream).ConfigureAwait(false);
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
            await PauseIf(slow == Slow.Body).ConfigureAwait(false);
            return Read(buffer.Span);
        }

        public override async ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default
        ) => await PauseIf(slow == Slow.Request).ConfigureAwait(false);

        public override async ValueTask DisposeAsync()
        {
            await PauseIf(slow == Slow.Disposal).ConfigureAwait(false);
            await base.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Three contacts whose enumeration or disposal may be slow.</summary>
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
                    await PauseIf(slow == Slow.Body).ConfigureAwait(false);
                    yield return Contact;
                }
            }
            finally
            {
                await PauseIf(slow == Slow.Disposal).ConfigureAwait(false);
            }
        }
    }
}
