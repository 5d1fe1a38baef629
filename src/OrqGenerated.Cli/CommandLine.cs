using System.CommandLine;
using System.CommandLine.Help;

namespace OrqGenerated.Cli;

/// <summary>The program without its process: arguments in, exit code out.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line to its end.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args,
        Terminal terminal,
        CancellationToken interruption
    )
    {
        var root = new RootCommand("Creates and imports contacts of orq.ai.")
        {
            new CreateCommand(terminal),
            new ImportCommand(terminal),
            new SandboxCommand(terminal),
        };
        root.HelpName = "orq-contacts";
        root.Options.OfType<HelpOption>().Single().Action = new Help();
        // A name or a tag may begin with @, which would otherwise stand for a file of arguments.
        var parsed = root.Parse(args.Count == 0 ? ["--help"] : args, new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors)
            {
                terminal.Say(problem.Message);
            }

            terminal.Say("Try orq-contacts --help.");
            return ExitCode.Usage;
        }

        try
        {
            var exitCode = await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = terminal.Output,
                    Error = terminal.Error,
                    EnableDefaultExceptionHandler = false,
                    // Signals are the program's own business: they end a command in order.
                    ProcessTerminationTimeout = null,
                },
                interruption
            );
            await terminal.Output.FlushAsync(CancellationToken.None);
            return exitCode;
        }
        catch (Exception exception)
        {
            var (exitCode, message) = Describe(exception, interruption);
            terminal.Say(message);
            return exitCode;
        }
    }

    /// <summary>The exit code for what a command threw, and one line for people.</summary>
    public static (int ExitCode, string Message) Describe(Exception exception, CancellationToken interruption) =>
        exception switch
        {
            OperationCanceledException when interruption.IsCancellationRequested => (
                ExitCode.Interrupted,
                "Interrupted."
            ),
            CommandException known => (ExitCode.Usage, known.Message),
            OrqException failure => (ExitCode.Of(failure), failure.Message),
            ArgumentException argument => (ExitCode.Usage, WithoutParameter(argument)),
            IOException or UnauthorizedAccessException or InvalidDataException => (ExitCode.Stopped, exception.Message),
            _ => (ExitCode.Stopped, $"{exception.GetType().Name}: {exception.Message}"),
        };

    /// <summary>The message without .NET's " (Parameter 'x')".</summary>
    public static string WithoutParameter(ArgumentException exception) => exception.Message.Split(" (Parameter '")[0];
}
