using System.Net;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace OrqGenerated.Sandbox;

/// <summary>
/// An in-process stand-in for the contacts API on a loopback port: <c>POST /v2/contacts</c> as the document describes
/// it, with the contacts in memory. All members are thread-safe. It logs nothing.
/// </summary>
/// <remarks>
/// <para>A contact is created or updated by its external id: an absent field keeps its value, null or a value replaces
/// it, <c>tags</c> and <c>metadata</c> as a whole. A field's JSON is stored exactly as sent. A field that was never
/// sent is absent from the response; one that was set to null is null.</para>
/// <para>Every error is <c>{"code","message","request_id"}</c>: 401 <c>authentication_required</c> without a key and
/// <c>invalid_api_key</c> with a wrong one, 404 <c>route_not_found</c>, 405 <c>method_not_allowed</c>,
/// 415 <c>unsupported_media_type</c>. 400 <c>invalid_request_body</c> adds
/// <c>"details":{"issues":[{"path","message"}]}</c> with all issues at once. The request id is also in the header
/// <c>x-orq-trace-id</c>. Beyond <see cref="OrqSandboxOptions.RateLimit"/> the error is a 429
/// <c>rate_limit_exceeded</c> with Retry-After.</para>
/// </remarks>
public sealed class OrqSandbox : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly ContactsApplication _application;

    private OrqSandbox(KestrelServer server, ContactsApplication application, string apiKey)
    {
        _server = server;
        _application = application;
        ApiKey = apiKey;
        ServerUrl = new Uri(server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());
    }

    /// <summary>The URL it listens on, for example <c>http://127.0.0.1:41234</c>.</summary>
    public Uri ServerUrl { get; }

    /// <summary>The bearer key that it accepts.</summary>
    public string ApiKey { get; }

    /// <summary>
    /// A copy of all requests so far, in order of arrival; empty if <see cref="OrqSandboxOptions.RecordRequests"/> is
    /// off.
    /// </summary>
    public IReadOnlyList<SandboxRequest> Requests => _application.Requests;

    /// <summary>The number of requests that have arrived, recorded or not.</summary>
    public long RequestCount => _application.RequestCount;

    /// <summary>Starts a sandbox; it listens when the task completes.</summary>
    /// <exception cref="ArgumentException">The configured key is empty, or a number is out of range.</exception>
    /// <exception cref="IOException">The configured port is taken.</exception>
    public static async Task<OrqSandbox> StartAsync(
        OrqSandboxOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        options ??= new OrqSandboxOptions();
        ArgumentException.ThrowIfNullOrWhiteSpace(options.ApiKey, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxContacts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.RateLimit ?? 1, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(options.RateWindow, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Latency, TimeSpan.Zero, nameof(options));

        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Listen(IPAddress.Loopback, options.Port);

        // Kestrel without a host, which would take over Ctrl-C and read the environment.
        var application = new ContactsApplication(options);
        var server = new KestrelServer(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance
        );
        await server.StartAsync(application, cancellationToken).ConfigureAwait(false);
        return new OrqSandbox(server, application, options.ApiKey);
    }

    /// <summary>
    /// Responds to the next requests, whatever they are, with the given status, after any failures already queued.
    /// </summary>
    /// <param name="count">The number of requests, from 0.</param>
    /// <param name="statusCode">A status from 200 to 599.</param>
    /// <param name="headers">Additional response headers, for example Retry-After.</param>
    /// <param name="body">
    /// The body, JSON unless the headers contain a Content-Type; by default the sandbox's own error shape.
    /// </param>
    public void FailNext(
        int count,
        int statusCode,
        IEnumerable<KeyValuePair<string, string>>? headers = null,
        string? body = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(statusCode, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(statusCode, 599);
        _application.FailNext(
            count,
            new SandboxFailure(statusCode) { Headers = headers?.ToArray() ?? [], Body = body }
        );
    }

    /// <summary>Stops listening and aborts open connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _server.Dispose();
    }
}
