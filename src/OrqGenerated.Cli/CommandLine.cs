using System.CommandLine;
using System.CommandLine.Invocation;

namespace OrqGenerated.Cli;

/// <summary>The whole program but its process: arguments in, exit code out.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line to its end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        // Log lines come from many threads.
        terminal = terminal with
        {
            Error = TextWriter.Synchronized(terminal.Error),
        };
        var root = new RootCommand("Creates and imports contacts of orq.ai.")
        {
            CreateCommand.Build(terminal),
            ImportCommand.Build(terminal),
            SandboxCommand.Build(terminal),
        };
        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction || parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
            {
                await terminal.Error.WriteLineAsync(problem.Message).ConfigureAwait(false);
            }

            return ExitCode.Usage;
        }

        try
        {
            var exitCode = await parsed
                .InvokeAsync(
                    new InvocationConfiguration
                    {
                        Output = terminal.Output,
                        Error = terminal.Error,
                        EnableDefaultExceptionHandler = false,
                        // Signals are the program's own business: they end a command in order.
                        ProcessTerminationTimeout = null,
                    },
                    cancellationToken
                )
                .ConfigureAwait(false);
            await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return exitCode;
        }
        catch (Exception exception)
        {
            var (exitCode, message) = Describe(exception, cancellationToken);
            await terminal.Error.WriteLineAsync(message).ConfigureAwait(false);
            return exitCode;
        }
    }

    /// <summary>The exit code for what a command threw, and a line for people.</summary>
    public static (int ExitCode, string Message) Describe(
        Exception exception,
        CancellationToken cancellationToken
    ) =>
        exception switch
        {
            OperationCanceledException when cancellationToken.IsCancellationRequested => (
                ExitCode.Interrupted,
                "Interrupted."
            ),
            UsageException usage => (usage.ExitCode, usage.Message),
            OrqApiException { StatusCode: 401 or 403 } => (
                ExitCode.Authentication,
                exception.Message
            ),
            OrqConnectionException or OrqTimeoutException => (
                ExitCode.Unreachable,
                exception.Message
            ),
            OrqException => (ExitCode.Failed, exception.Message),
            ArgumentException argument => (ExitCode.Usage, WithoutParameter(argument)),
            IOException or UnauthorizedAccessException => (ExitCode.Failed, exception.Message),
            _ => (ExitCode.Failed, exception.ToString()),
        };

    /// <summary>The message without .NET's " (Parameter 'x')".</summary>
    public static string WithoutParameter(ArgumentException exception)
    {
        var suffix = $" (Parameter '{exception.ParamName}')";
        return exception.Message.EndsWith(suffix, StringComparison.Ordinal)
            ? exception.Message[..^suffix.Length]
            : exception.Message;
    }
}
