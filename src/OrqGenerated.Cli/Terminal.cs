using System.Globalization;
using System.Text;

namespace OrqGenerated.Cli;

/// <summary>The streams, environment and clock of a command; tests pass their own.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Results, as JSON.</param>
/// <param name="Error">Everything else.</param>
/// <param name="Environment">Reads an environment variable; null or empty if it is not set.</param>
/// <param name="IsTerminal">Whether <paramref name="Error"/> is a terminal.</param>
/// <param name="Time">The clock.</param>
internal sealed record Terminal(
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

    /// <summary>Whether someone watches <see cref="Error"/> on a terminal that can move its cursor.</summary>
    public bool IsInteractive => IsTerminal && Environment("TERM") is not ("dumb" or "");

    /// <summary>Writes a message to stderr, on one line that any terminal can show.</summary>
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
            // Nobody reads stderr.
        }
    }

    /// <summary>The text without control characters, cut to a length that fits a few lines of a terminal.</summary>
    public static string Printable(string text)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= MaxMessageLength)
            {
                return line.Append('…').ToString();
            }

            var isShown =
                Rune.GetUnicodeCategory(rune)
                is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator);
            line.Append(
                isShown ? rune.ToString()
                : rune.Value is '\t' or '\n' ? " "
                : "\uFFFD"
            );
        }

        return line.ToString();
    }
}

/// <summary>The exit codes of the program.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>The API refused the contact; for an import, the whole input was read and some rows failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the input cannot be what is meant.</summary>
    public const int Usage = 2;

    /// <summary>The API refuses the key or the account: 401, 402 or 403.</summary>
    public const int Refused = 3;

    /// <summary>The API cannot be reached, or what answers is not the API.</summary>
    public const int Unreachable = 4;

    /// <summary>Stopped before the end for another reason, such as a full disk.</summary>
    public const int Stopped = 5;

    /// <summary>Ended by Ctrl-C or SIGTERM.</summary>
    public const int Interrupted = 130;
}

/// <summary>Ends a command with a message for the user.</summary>
internal sealed class CommandException(string message) : Exception(message);
