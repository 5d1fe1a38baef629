using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrqGenerated.Sandbox;

/// <summary>Answers the HTTP requests of a sandbox.</summary>
internal sealed class ContactsApplication(OrqSandboxOptions options) : IHttpApplication<HttpContext>
{
    private const string ContactsPath = "/v2/contacts";
    private const string Scheme = "Bearer ";

    // The document's status of success.
    private const int StoredStatus = StatusCodes.Status200OK;

    private readonly ContactStore _contacts = new(options.TimeProvider, options.MaxContacts);
    private readonly Lock _lock = new();
    private readonly List<SandboxRequest> _requests = [];
    private readonly Queue<SandboxFailure> _failures = new();

    // When each of the limit's places that are taken is free again.
    private readonly Queue<DateTimeOffset> _taken = new();
    private DateTimeOffset _lastFree;
    private long _requestCount;

    public SandboxRequest[] Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public long RequestCount => Interlocked.Read(ref _requestCount);

    public void FailNext(int count, SandboxFailure failure)
    {
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
                _failures.Enqueue(failure);
        }
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception) { }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        var requestId = string.Create(
            CultureInfo.InvariantCulture,
            $"req_{Interlocked.Increment(ref _requestCount):D12}"
        );
        context.Response.Headers["x-orq-trace-id"] = requestId;
        var output = new ArrayBufferWriter<byte>(512);
        await ReadAndAnswerAsync(context, requestId, output).ConfigureAwait(false);
        if (options.Latency > TimeSpan.Zero)
            await Task.Delay(options.Latency, options.TimeProvider, context.RequestAborted).ConfigureAwait(false);

        // A planned failure may have a status that allows no body.
        if (context.Response.StatusCode is 204 or 205 or 304)
            return;
        context.Response.ContentType ??= "application/json; charset=utf-8";
        context.Response.ContentLength = output.WrittenCount;
        await context.Response.Body.WriteAsync(output.WrittenMemory).ConfigureAwait(false);
    }

    private async Task ReadAndAnswerAsync(HttpContext context, string requestId, ArrayBufferWriter<byte> output)
    {
        var reader = context.Request.BodyReader;
        var read = await reader.ReadAsync().ConfigureAwait(false);
        var tooLarge = false;
        while (true)
        {
            // The rest of a large body is read all the same: a client that is still sending would see a reset.
            tooLarge |= read.Buffer.Length > OrqSandbox.MaxBodyBytes;
            if (read.IsCompleted)
                break;
            reader.AdvanceTo(tooLarge ? read.Buffer.End : read.Buffer.Start, read.Buffer.End);
            read = await reader.ReadAsync().ConfigureAwait(false);
        }

        ContactBody? contact = null;
        var failure =
            Record(context.Request, read.Buffer)
            ?? LimitExceeded()
            ?? (
                tooLarge
                    ? Refusal(413, "The body is larger than 16 MiB.")
                    : Refuse(context.Request, read.Buffer, out contact)
            );
        if (failure is null)
        {
            context.Response.StatusCode = StoredStatus;
            _contacts.Upsert(contact!, output);
        }
        else
        {
            failure.WriteTo(context.Response, output, requestId);
        }

        reader.AdvanceTo(read.Buffer.End);
    }

    private SandboxFailure? Record(HttpRequest request, ReadOnlySequence<byte> body)
    {
        var recorded =
            options.RecordRequests || options.Fail is not null
                ? new SandboxRequest(
                    request.Method,
                    request.Path + request.QueryString,
                    request.Headers.ToDictionary(
                        h => h.Key,
                        h => string.Join(", ", h.Value.ToArray()),
                        StringComparer.OrdinalIgnoreCase
                    ),
                    body.ToArray()
                )
                : null;
        lock (_lock)
        {
            if (options.RecordRequests)
                _requests.Add(recorded!);
            if (_failures.TryDequeue(out var failure))
                return failure;
        }

        return options.Fail?.Invoke(recorded!);
    }

    private SandboxFailure? LimitExceeded()
    {
        if (options.RateLimit is not { } limit)
            return null;
        lock (_lock)
        {
            var now = options.TimeProvider.GetUtcNow();
            while (_taken.TryPeek(out var free) && free <= now)
                _taken.Dequeue();
            if (_taken.Count < limit)
            {
                // Within a second, places become free one after the other, as in the token buckets of gateways.
                _lastFree =
                    options.RateWindow > TimeSpan.FromSeconds(1)
                        ? now + options.RateWindow
                        : (now > _lastFree ? now : _lastFree) + (options.RateWindow / limit);
                _taken.Enqueue(_lastFree);
                return null;
            }

            var wait = Math.Ceiling((_taken.Peek() - now).TotalSeconds);
            var seconds = wait.ToString(CultureInfo.InvariantCulture);
            return new SandboxFailure(429)
            {
                Headers =
                [
                    new("Retry-After", seconds),
                    new("x-ratelimit-limit", limit.ToString(CultureInfo.InvariantCulture)),
                    new("x-ratelimit-remaining", "0"),
                    new("x-ratelimit-reset", seconds + "s"),
                ],
            };
        }
    }

    private SandboxFailure? Refuse(HttpRequest request, ReadOnlySequence<byte> body, out ContactBody? contact)
    {
        contact = null;
        if (request.Path.Value != ContactsPath)
            return Refusal(404, $"There is only {ContactsPath} here.");
        if (!HttpMethods.IsPost(request.Method))
            return Refusal(405, $"{ContactsPath} takes POST.") with { Headers = [new("Allow", "POST")] };
        if (!IsAuthorized(request))
        {
            var refusal =
                request.Headers.Authorization.Count == 0
                    ? Refusal(401, "Send an Authorization header with a bearer key.") with
                    {
                        Code = "authentication_required",
                    }
                    : Refusal(401, "The key is not one that is accepted here.");
            return refusal with { Headers = [new("WWW-Authenticate", "Bearer")] };
        }

        if (!IsPlainJson(request))
            return Refusal(415, "The body must be application/json in UTF-8 without a content encoding.");

        var issues = new List<BodyIssue>();
        contact = ContactBody.Parse(body, issues);
        return contact is not null
            ? null
            : Refusal(400, $"{(issues[0].Path.Length == 0 ? "The body" : issues[0].Path)} {issues[0].Message}.") with
            {
                Issues = issues,
            };
    }

    private static SandboxFailure Refusal(int status, string message) => new(status) { Message = message };

    private bool IsAuthorized(HttpRequest request) =>
        request.Headers.Authorization is [{ } value]
        && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && value.AsSpan(Scheme.Length).SequenceEqual(options.ApiKey);

    private static bool IsPlainJson(HttpRequest request) =>
        request.Headers.ContentEncoding.Count == 0
        && MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
        && string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
        && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));
}
