namespace OrqGenerated.Internal;

/// <summary>How far a call has come.</summary>
internal sealed class CallProgress
{
    /// <summary>How often the request was sent, or its sending begun.</summary>
    public int Attempts { get; set; }

    /// <inheritdoc cref="OrqException.MayHaveBeenApplied"/>
    public bool MayHaveBeenApplied { get; set; }

    /// <summary>The key that is sent; null until there is one.</summary>
    public ApiKey? Key { get; set; }

    /// <summary>The client's key that the server has refused; null if it has not.</summary>
    public ApiKey? RefusedKey { get; set; }
}
