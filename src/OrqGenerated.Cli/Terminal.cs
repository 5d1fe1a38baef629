using System.Text.RegularExpressions;

namespace OrqGenerated.Cli;

/// <summary>
/// The streams, environment and clock of a command. Results are written to <paramref name="Output"/> as JSON,
/// everything else to <paramref name="Error"/>.
/// </summary>
/// <param name="IsTerminal">Whether <paramref name="Error"/> is a terminal.</param>
internal sealed partial record Terminal(
    Stream Input,
    TextWriter Output,
    TextWriter Error,
    Func<string, string?> Environment,
    bool IsTerminal,
    TimeProvider Time
)
{
    private const int MaxMessageLength = 300;

    private readonly Lock _lock = new();

    /// <summary>Whether <see cref="Error"/> is a terminal that can move its cursor.</summary>
    public bool IsInteractive => IsTerminal && Environment("TERM") is not ("dumb" or "");

    public string? ApiKey => Environment("ORQ_API_KEY");

    /// <summary>Writes a message to stderr, as one printable line.</summary>
    public void Say(string message)
    {
        try
        {
            lock (_lock)
            {
                Error.WriteLine(Printable(message));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody is reading stderr.
        }
    }

    /// <summary>Writes a result to stdout and flushes it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task WriteAsync(string result)
    {
        try
        {
            await Output.WriteLineAsync(result);
            await Output.FlushAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"What was sent stays sent, but standard output cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Replaces control characters, and cuts the text to a few lines of a terminal.</summary>
    public static string Printable(string text)
    {
        var line = text.Length > MaxMessageLength ? text[..MaxMessageLength] + "…" : text;
        return Unprintable().Replace(line, "\uFFFD");
    }

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unprintable();
}

/// <summary>The program's exit codes; its help explains them.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Refused = 3;
    public const int Unreachable = 4;
    public const int Stopped = 5;
    public const int Interrupted = 130;

    /// <summary>Tells whether the contact, the key or account, or the server made a call fail.</summary>
    public static int Of(OrqException exception) =>
        exception switch
        {
            OrqApiException { StatusCode: 400 or 409 or 413 or 422 or 429 } => Failed,
            OrqApiException { StatusCode: 401 or 402 or 403 } => Refused,
            _ => Unreachable,
        };
}

/// <summary>Ends a command with a message for the user.</summary>
internal sealed class CommandException(string message) : Exception(message);
