namespace OrqGenerated.Internal;

/// <summary>One call, and how far it has come.</summary>
internal sealed class Call(OrqRequest request, CallSettings settings, CallDeadline deadline)
{
    public OrqRequest Request { get; } = request;

    public CallSettings Settings { get; } = settings;

    public CallDeadline Deadline { get; } = deadline;

    /// <summary>How often the request was sent, or its sending begun.</summary>
    public int Attempts { get; set; }

    /// <inheritdoc cref="OrqException.MayHaveBeenApplied"/>
    public bool MayHaveBeenApplied { get; set; }

    /// <summary>The key that is sent; null until there is one.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>The client's key that the server has refused; null if it has not.</summary>
    public ApiKey? RefusedKey { get; set; }

    public string Operation => Request.Operation.Name;

    public CallOutcome Outcome => new(Attempts, Deadline.Elapsed, MayHaveBeenApplied);
}
