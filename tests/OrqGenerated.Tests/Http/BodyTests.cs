using System.Text;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>Bodies as they come and go: in parts, packed, too long, and in buffers that others use as well.</summary>
internal sealed class BodyTests : ClientTest
{
    private const int Limit = 16 * 1024 * 1024;

    [Test]
    public async Task A_success_over_16_MiB_is_not_read_to_its_end()
    {
        var body = new EndlessStream();
        Server.Answers(() => StubHandler.Response(200, new StreamContent(body)));

        var error = await FailAsync<OrqResponseException>();

        Assert.That((error.Path, error.Expected), Is.EqualTo(("", "at most 16 MiB")));
        Assert.That(error.Body, Has.Length.EqualTo(1024 * 1024));
        Assert.That(body.BytesRead, Is.LessThanOrEqualTo(16 * 1024 * 1024 + 1));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task An_error_s_body_is_whole_up_to_1_MiB(int over)
    {
        var body = new string('x', (1024 * 1024) - 1) + "y" + new string('z', over);
        Server.Answers(() => Answer(400, Encoding.UTF8.GetBytes(body)));

        var error = await FailAsync<OrqBadRequestException>();

        Assert.That(error.Body.Length, Is.EqualTo(1024 * 1024));
        Assert.That(error.Body, Does.EndWith("xy"));
    }

    [Test]
    public async Task A_handler_may_look_into_a_request_before_it_sends_it()
    {
        using var seen = new MemoryStream();
        Server.Answers(200, Stored);
        using var handler = new Changing(Server, request => request.Content!.CopyTo(seen, null, default));
        using var http = new HttpClient(handler);
        using var client = new ContactsClient(http, Options);

        await client.CreateContactAsync(Contact);

        Assert.That(Encoding.UTF8.GetString(seen.ToArray()), Is.EqualTo(Server.Requests[0].Body).And.Not.Empty);
    }

    [Test]
    public async Task A_body_of_unknown_length_is_put_together_from_all_its_parts()
    {
        var name = string.Concat(Enumerable.Range(0, 20_000));
        var parts = Stored
            .Replace("Jane Smith", name, StringComparison.Ordinal)
            .Chunk(1000)
            .Select(part => ScriptedStream.Bytes(new string(part)));
        Server.Answers(() =>
            StubHandler.Response(
                200,
                new StreamContent(new ScriptedStream([.. parts])),
                "Content-Type: application/json"
            )
        );

        Assert.That((await CreateAsync()).Value.DisplayName, Is.EqualTo(name));
    }

    [Test]
    public async Task The_request_says_how_long_it_is()
    {
        long? length = null;
        Server.Answers(200, Stored);
        using var handler = new Changing(Server, request => length = request.Content!.Headers.ContentLength);
        using var http = new HttpClient(handler);
        using var client = new ContactsClient(http, Options);

        await client.CreateContactAsync(Contact);

        Assert.That(length, Is.EqualTo(Server.Requests[0].Body.Length));
    }

    [Test]
    public async Task Every_response_is_given_back_before_the_next_attempt_and_at_the_end()
    {
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(30);
        var contents = new List<Watched>();
        var open = new List<int>();
        Server.Does(
            (_, _) =>
            {
                open.Add(contents.Count(content => !content.IsDisposed));
                contents.Add(new Watched(Stored));
                return Task.FromResult(StubHandler.Response(contents.Count < 3 ? 503 : 200, contents[^1]));
            }
        );

        await CreateAsync();

        Assert.That(open, Is.EqualTo(new[] { 0, 0, 0 }), "responses open at each attempt");
        Assert.That(contents.Select(content => content.IsDisposed), Is.All.True);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_call_gives_the_buffer_of_its_response_back(bool isLengthKnown)
    {
        const int Calls = 20;
        var body = Encoding.UTF8.GetBytes(Stored.PadRight(1024 * 1024));
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        using var http = new HttpClient(new Echoless(body, isLengthKnown));
        using var client = new ContactsClient(http, Options);
        await client.CreateContactAsync(Contact);

        // The pool may let go of a buffer now and then, but not at each call.
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
    public void A_request_that_is_over_can_no_longer_be_sent()
    {
        HttpContent? content = null;
        Server.Answers(200, Stored);
        using var handler = new Changing(Server, request => content = request.Content);
        using var http = new HttpClient(handler);
        using var client = new ContactsClient(http, Options);

        Assert.That(() => client.CreateContactAsync(Contact), Throws.Nothing);

        Assert.That(() => content!.CopyToAsync(new MemoryStream()), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Memory_is_taken_for_what_arrives_and_not_for_what_is_announced()
    {
        const int Calls = 64;
        Server.Answers(() =>
        {
            var response = StubHandler.Response(200, new StreamContent(new Unseekable(Utf8)));
            response.Content.Headers.ContentLength = Limit;
            return response;
        });
        await CreateAsync();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            await CreateAsync();
        }

        Assert.That(
            GC.GetAllocatedBytesForCurrentThread() - before,
            Is.LessThan(100_000L * Calls),
            $"bytes allocated by {Calls} calls whose answers announce 16 MiB and hold {Utf8.Length} bytes"
        );
    }

    private static byte[] Utf8 => Encoding.UTF8.GetBytes(Stored);

    private static HttpResponseMessage Answer(int status, byte[] body) =>
        StubHandler.Response(status, new ByteArrayContent(body));

    /// <summary>Takes a request and answers with a body, both without an allocation of their size.</summary>
    private sealed class Echoless(byte[] body, bool isLengthKnown) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return new HttpResponseMessage
            {
                Content = isLengthKnown ? new ByteArrayContent(body) : new StreamContent(new Unseekable(body)),
            };
        }
    }

    /// <summary>Does something with each request before it is sent.</summary>
    private sealed class Changing(HttpMessageHandler inner, Action<HttpRequestMessage> change)
        : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            change(request);
            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>Does not tell its length.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    /// <summary>A body of the letter x without an end.</summary>
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

    /// <summary>Knows whether its response was disposed of.</summary>
    private sealed class Watched(string body) : StringContent(body)
    {
        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}
