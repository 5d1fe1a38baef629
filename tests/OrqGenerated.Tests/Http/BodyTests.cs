using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Request and response bodies: their size limits, and how they are buffered and disposed.</summary>
internal sealed class BodyTests : ClientTest
{
    [Test]
    public async Task Stops_reading_a_success_body_after_16_MiB()
    {
        var body = new EndlessStream();
        Server.Responds(() => StubHandler.Response(200, body));

        var error = await FailAsync<OrqResponseException>();

        Assert.That((error.Path, error.Expected), Is.EqualTo(("", "at most 16 MiB")));
        Assert.That(error.Body, Has.Length.EqualTo(1024 * 1024));
        Assert.That(body.BytesRead, Is.LessThanOrEqualTo(16 * 1024 * 1024 + 1));
    }

    [Test]
    public async Task Stops_reading_an_error_body_after_1_MiB()
    {
        var body = new EndlessStream();
        Server.Responds(() => StubHandler.Response(400, body));

        await FailAsync<OrqBadRequestException>();

        Assert.That(body.BytesRead, Is.LessThanOrEqualTo(1024 * 1024 + 1));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task Keeps_up_to_1_MiB_of_an_error_body(int over)
    {
        var body = new string('x', (1024 * 1024) - 1) + "y" + new string('z', over);
        Server.Responds(400, body);

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.Body.Length, Is.EqualTo(1024 * 1024));
        Assert.That(error.Body, Does.EndWith("xy"));
    }

    [Test]
    public async Task A_handler_can_read_the_request_body_before_it_is_sent()
    {
        using var seen = new MemoryStream();
        Server.Responds(200, Stored).OnRequest = request => request.Content!.CopyTo(seen, null, default);

        await CreateAsync();

        Assert.That(Encoding.UTF8.GetString(seen.ToArray()), Is.EqualTo(Server.Requests[0].Body).And.Not.Empty);
    }

    [Test]
    public async Task Reads_a_body_that_arrives_in_many_parts()
    {
        var name = string.Concat(Enumerable.Range(0, 20_000));
        var parts = Stored
            .Replace("Jane Smith", name, StringComparison.Ordinal)
            .Chunk(1000)
            .Select(part => ScriptedStream.Bytes(new string(part)));
        Server.Responds(() => StubHandler.Response(200, new ScriptedStream([.. parts])));

        Assert.That((await CreateAsync()).Value.DisplayName, Is.EqualTo(name));
    }

    [Test]
    public async Task Sends_the_Content_Length()
    {
        long? length = null;
        Server.Responds(200, Stored).OnRequest = request => length = request.Content!.Headers.ContentLength;

        await CreateAsync();

        Assert.That(length, Is.EqualTo(Server.Requests[0].Body.Length));
    }

    [Test]
    public async Task Disposes_each_response_before_the_next_attempt_and_at_the_end()
    {
        PassesAtOnce = IsWait;
        var contents = new List<TrackedContent>();
        var open = new List<int>();
        Server.Does(
            (_, _) =>
            {
                open.Add(contents.Count(content => !content.IsDisposed));
                contents.Add(new TrackedContent(Stored));
                return Task.FromResult(StubHandler.Response(contents.Count < 3 ? 503 : 200, contents[^1]));
            }
        );

        await CreateAsync();

        Assert.That(open, Is.EqualTo(new[] { 0, 0, 0 }), "responses open at each attempt");
        Assert.That(contents.Select(content => content.IsDisposed), Is.All.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Returns_the_buffer_of_a_response_to_the_pool(bool isLengthKnown)
    {
        const int Calls = 20;
        var body = Encoding.UTF8.GetBytes(Stored.PadRight(1024 * 1024));
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        using var server = new DiscardingHandler(() =>
            new() { Content = isLengthKnown ? new ByteArrayContent(body) : new StreamContent(new Unseekable(body)) }
        );
        using var http = new HttpClient(server);
        using var client = new ContactsClient(http, Options);
        await client.CreateContactAsync(Contact);

        // The pool may occasionally drop a buffer, but not on every call.
        var least = long.MaxValue;
        for (var i = 0; i < Calls; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            await client.CreateContactAsync(Contact);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.That(least, Is.LessThan(100_000), "bytes allocated by a call that receives 1 MiB");
    }

    [Test]
    public async Task The_request_content_is_disposed_after_the_call()
    {
        HttpContent? content = null;
        Server.Responds(200, Stored).OnRequest = request => content = request.Content;

        await CreateAsync();

        Assert.That(() => content!.CopyToAsync(new MemoryStream()), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Takes_memory_for_the_bytes_that_arrive_not_for_the_Content_Length()
    {
        using var body = new Unseekable(Encoding.UTF8.GetBytes(Stored));
        Server.Responds(() => StubHandler.Response(200, body, $"Content-Length: {16 * 1024 * 1024}"));

        await CreateAsync();

        Assert.That(body.LongestBuffer, Is.LessThan(100_000), "bytes of the buffer, of 16 MiB announced");
    }

    /// <summary>A stream that hides its length, and remembers the longest buffer it was asked to fill.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public int LongestBuffer { get; private set; }

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            LongestBuffer = Math.Max(LongestBuffer, buffer.Length);
            return base.ReadAsync(buffer, cancellationToken);
        }
    }

    /// <summary>An endless body of the letter x.</summary>
    private sealed class EndlessStream : MemoryStream
    {
        public long BytesRead { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            buffer.Span.Fill((byte)'x');
            BytesRead += buffer.Length;
            return ValueTask.FromResult(buffer.Length);
        }
    }

    /// <summary>Shows whether its response was disposed.</summary>
    private sealed class TrackedContent(string body) : StringContent(body)
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
