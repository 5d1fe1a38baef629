namespace OrqGenerated.Sandbox;

/// <summary>Settings of an <see cref="OrqSandbox"/>, read once when it starts.</summary>
public sealed class OrqSandboxOptions
{
    /// <summary>The default of <see cref="ApiKey"/>.</summary>
    public const string DefaultApiKey = "sandbox-key";

    /// <summary>The only bearer key that is accepted; any other gets a 401. Not empty.</summary>
    public string ApiKey { get; init; } = DefaultApiKey;

    /// <summary>The loopback port. Defaults to 0, which picks a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Whether <see cref="OrqSandbox.Requests"/> keeps every request, which takes unbounded memory. Defaults to true.
    /// </summary>
    public bool RecordRequests { get; init; } = true;

    /// <summary>
    /// The maximum number of contacts; beyond it the oldest is dropped. At least 1; unlimited by default. With
    /// <see cref="RecordRequests"/> off, this bounds the sandbox's memory.
    /// </summary>
    public int MaxContacts { get; init; } = int.MaxValue;

    /// <summary>The requests allowed per <see cref="RateWindow"/>, at least 1. Defaults to null, no limit.</summary>
    public int? RateLimit { get; init; }

    /// <summary>
    /// The rolling window of <see cref="RateLimit"/>; a minute by default. Up to a second, it is the time in which a
    /// token bucket of that size fills up.
    /// </summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The minimum time for each response; zero by default.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>
    /// Called for each request that <see cref="OrqSandbox.FailNext"/> does not affect, possibly from many threads at
    /// once. Returns the response, or null to leave it to the sandbox.
    /// </summary>
    public Func<SandboxRequest, SandboxFailure?>? Fail { get; init; }

    /// <summary>The clock for the latency and the rate limit, and for <c>created</c> and <c>updated</c>.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
