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
    /// Whether <see cref="OrqSandbox.Requests"/> keeps every request, which costs memory without a bound. Default: true.
    /// </summary>
    public bool RecordRequests { get; init; } = true;

    /// <summary>
    /// How many contacts are kept; beyond it the one that was created first is forgotten. At least 1; unlimited by
    /// default. With <see cref="RecordRequests"/> off, this bounds the sandbox's memory.
    /// </summary>
    public int MaxContacts { get; init; } = int.MaxValue;

    /// <summary>Where <c>created</c>, <c>updated</c> and the first half of <c>_id</c> come from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
