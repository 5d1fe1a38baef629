using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrqGenerated.Sandbox;

/// <summary>Answers the HTTP requests of a sandbox.</summary>
internal sealed class ContactsApplication(OrqSandboxOptions options) : IHttpApplication<HttpContext>
{
    private const string ContactsPath = "/v2/contacts";

    // The document's success status.
    private const int StoredStatus = StatusCodes.Status200OK;

    private static readonly JsonSerializerOptions ErrorOptions = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly ContactStore _contacts = new(options.TimeProvider, options.MaxContacts);
    private readonly Lock _lock = new();
    private readonly List<SandboxRequest> _requests = [];
    private readonly Queue<SandboxFailure> _failures = new();

    // When each slot of the rate limit that is in use becomes free.
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
        var number = Interlocked.Increment(ref _requestCount);
        var requestId = $"req_{number.ToString("D12", CultureInfo.InvariantCulture)}";
        var response = context.Response;
        response.Headers["x-orq-trace-id"] = requestId;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body).ConfigureAwait(false);
        var json = Encoding.UTF8.GetBytes(Respond(context, body.ToArray(), requestId));
        if (options.Latency > TimeSpan.Zero)
            await Task.Delay(options.Latency, options.TimeProvider, context.RequestAborted).ConfigureAwait(false);

        // A planned failure may have a status without a body.
        if (response.StatusCode is 204 or 205 or 304)
            return;
        response.ContentType ??= "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json).ConfigureAwait(false);
    }

    /// <summary>Sets the status and the headers.</summary>
    /// <returns>The body.</returns>
    private string Respond(HttpContext context, byte[] body, string requestId)
    {
        var (request, response) = (context.Request, context.Response);
        if (PlannedFailure(request, body) is { } failure)
        {
            foreach (var (name, value) in failure.Headers)
                response.Headers.Append(name, value);
            var error = Refuse(failure.StatusCode, "sandbox_failure", "The sandbox was asked to fail.");
            return failure.Body ?? error;
        }

        if (RateLimitWait() is { } wait)
        {
            response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return Refuse(429, "rate_limit_exceeded", "The limit of the sandbox is used up.");
        }

        if (request.Path.Value != ContactsPath)
            return Refuse(404, "route_not_found", $"There is only {ContactsPath} here.");
        if (!HttpMethods.IsPost(request.Method))
            return Refuse(405, "method_not_allowed", $"{ContactsPath} takes POST.");
        if (request.Headers.Authorization.Count == 0)
            return Refuse(401, "authentication_required", "Send an Authorization header with a bearer key.");
        if (request.Headers.Authorization != $"Bearer {options.ApiKey}")
            return Refuse(401, "invalid_api_key", "The key is not one that is accepted here.");
        if (!request.HasJsonContentType())
            return Refuse(415, "unsupported_media_type", "The body must be application/json.");

        var issues = new List<BodyIssue>();
        if (ContactBody.Parse(body, issues) is not { } contact)
        {
            var (path, message) = issues[0];
            return Refuse(400, "invalid_request_body", $"{(path.Length == 0 ? "The body" : path)} {message}.", issues);
        }

        response.StatusCode = StoredStatus;
        return _contacts.Upsert(contact);

        string Refuse(int status, string code, string message, List<BodyIssue>? issues = null)
        {
            response.StatusCode = status;
            return JsonSerializer.Serialize(
                new
                {
                    code,
                    message,
                    request_id = requestId,
                    details = issues is null ? null : new { issues },
                },
                ErrorOptions
            );
        }
    }

    /// <summary>Records the request.</summary>
    /// <returns>The response that the sandbox was told to give, if any.</returns>
    private SandboxFailure? PlannedFailure(HttpRequest request, byte[] body)
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
                    body
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

    /// <summary>Takes a slot of the rate limit.</summary>
    /// <returns>How long to wait for the next slot; null if one was free.</returns>
    private TimeSpan? RateLimitWait()
    {
        if (options.RateLimit is not { } limit)
            return null;
        lock (_lock)
        {
            var now = options.TimeProvider.GetUtcNow();
            while (_taken.TryPeek(out var free) && free <= now)
                _taken.Dequeue();
            if (_taken.Count == limit)
                return _taken.Peek() - now;
            // A long window rolls. In one of up to a second, slots become free one by one, as in a token bucket.
            _lastFree =
                options.RateWindow > TimeSpan.FromSeconds(1)
                    ? now + options.RateWindow
                    : (now > _lastFree ? now : _lastFree) + (options.RateWindow / limit);
            _taken.Enqueue(_lastFree);
            return null;
        }
    }
}
