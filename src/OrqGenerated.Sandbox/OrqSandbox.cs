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
/// it, with the contacts in memory. Every member may be used from any thread. It logs nothing.
/// </summary>
/// <remarks>
/// <para>A contact is created or updated by its external id; an absent field is left as it is, null and a value replace
/// it, <c>tags</c> and <c>metadata</c> as a whole. The stored JSON of a field is the text that was sent, numbers
/// included. A field that was never sent is absent from the response, one that was set to null is null.</para>
/// <para>Every error is <c>{"code","message","request_id"}</c>: 401 <c>authentication_required</c> without a key and
/// <c>invalid_api_key</c> with a wrong one, 404 <c>route_not_found</c>, 405 <c>method_not_allowed</c>,
/// 415 <c>unsupported_media_type</c>. 400 <c>invalid_request_body</c> adds
/// <c>"details":{"issues":[{"path","message"}]}</c>, all of them at once. The request id is also in the header
/// <c>x-orq-trace-id</c>. Beyond <see cref="OrqSandboxOptions.RateLimit"/> it is a 429 <c>rate_limit_exceeded</c> with
/// Retry-After.</para>
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

    /// <summary>Where it listens, for example <c>http://127.0.0.1:41234</c>.</summary>
    public Uri ServerUrl { get; }

    /// <summary>The bearer key that it accepts.</summary>
    public string ApiKey { get; }

    /// <summary>
    /// All requests so far in the order in which they arrived, a copy; empty with
    /// <see cref="OrqSandboxOptions.RecordRequests"/> off.
    /// </summary>
    public IReadOnlyList<SandboxRequest> Requests => _application.Requests;

    /// <summary>How many requests have arrived, whether they are recorded or not.</summary>
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

        // Kestrel by itself, without a host: a host would take over Ctrl-C and read the environment.
        var application = new ContactsApplication(options);
        var server = new KestrelServer(
            Options.Create(kestrel),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance
        );
        try
        {
            await server.StartAsync(application, cancellationToken).ConfigureAwait(false);
            return new OrqSandbox(server, application, options.ApiKey);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Answers the next requests, whatever they ask for, with a status instead; what was asked for before comes first.
    /// </summary>
    /// <param name="count">How many requests, from 0.</param>
    /// <param name="statusCode">200 to 599.</param>
    /// <param name="headers">Further response headers, for example Retry-After.</param>
    /// <param name="body">
    /// The body as text, JSON unless a Content-Type is among the headers; by default the error shape of the sandbox.
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

    /// <summary>Stops listening and breaks the connections that are open.</summary>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _server.Dispose();
    }
}
