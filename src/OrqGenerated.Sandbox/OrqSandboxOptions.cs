namespace OrqGenerated.Sandbox;

/// <summary>How an <see cref="OrqSandbox"/> behaves. Read once, when it starts.</summary>
public sealed class OrqSandboxOptions
{
    /// <summary>The key that is accepted unless another one is configured.</summary>
    public const string DefaultApiKey = "sandbox-key";

    /// <summary>The only bearer key that is accepted; every other one gets a 401. Not empty.</summary>
    public string ApiKey { get; init; } = DefaultApiKey;

    /// <summary>The loopback port; 0, the default, takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// Whether <see cref="OrqSandbox.Requests"/> keeps every request, which costs memory without a bound. Default:
    /// true.
    /// </summary>
    public bool RecordRequests { get; init; } = true;

    /// <summary>
    /// How many contacts are kept; beyond it the one that was created first is forgotten. At least 1; unlimited by
    /// default. With <see cref="RecordRequests"/> off, this bounds the sandbox's memory.
    /// </summary>
    public int MaxContacts { get; init; } = int.MaxValue;

    /// <summary>
    /// How many requests are answered in each <see cref="RateWindow"/>; at least 1, unlimited by default.
    /// </summary>
    public int? RateLimit { get; init; }

    /// <summary>
    /// The rolling time that <see cref="RateLimit"/> is counted over; a minute by default. Up to a second, it is the
    /// time in which a token bucket of that size fills up.
    /// </summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long each answer takes at least; zero by default.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>
    /// Asked for each request that no <see cref="OrqSandbox.FailNext"/> answers; what it returns is the answer, null
    /// leaves it to the sandbox. It may be called from many threads at once.
    /// </summary>
    public Func<SandboxRequest, SandboxFailure?>? Fail { get; init; }

    /// <summary>
    /// The clock of latency and limit; <c>created</c>, <c>updated</c> and the first half of <c>_id</c> come from it.
    /// </summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
