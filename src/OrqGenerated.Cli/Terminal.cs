namespace OrqGenerated.Cli;

/// <summary>What a command reads and writes; a test gives its own.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Results, as JSON.</param>
/// <param name="Error">Everything else.</param>
/// <param name="Environment">Reads an environment variable; null or empty when it is not set.</param>
/// <param name="IsInteractive">Whether someone watches <paramref name="Error"/>: only then is there a progress bar.</param>
internal sealed record Terminal(
    Stream Input,
    TextWriter Output,
    TextWriter Error,
    Func<string, string?> Environment,
    bool IsInteractive
);

/// <summary>How the program ends, as a number.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Authentication = 3;
    public const int Unreachable = 4;
    public const int Interrupted = 130;
}

/// <summary>What was asked for makes no sense or cannot be: the message says what, and where.</summary>
internal sealed class UsageException(string message, int exitCode = ExitCode.Usage)
    : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
