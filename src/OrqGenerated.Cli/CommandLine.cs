using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace OrqGenerated.Cli;

/// <summary>The program apart from its process: arguments in, exit code out.</summary>
internal static class CommandLine
{
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal, CancellationToken interruption)
    {
        var root = new RootCommand("Creates and imports contacts of orq.ai.")
        {
            new CreateCommand(terminal),
            new ImportCommand(terminal),
            new SandboxCommand(terminal),
        };
        root.HelpName = "orq-contacts";
        foreach (var command in root.Subcommands)
            command.Validators.Add(result => RefuseMissingValues(result, args));

        root.Options.OfType<HelpOption>().Single().Action = new Help();
        // A name or a tag may begin with @, which would otherwise denote a response file.
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args, new() { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                terminal.Say(error.Message);

            terminal.Say("Try orq-contacts --help.");
            return ExitCode.Usage;
        }

        var invocation = new InvocationConfiguration
        {
            Output = terminal.Output,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // Program handles signals, so that a command can stop cleanly.
            ProcessTerminationTimeout = null,
        };
        try
        {
            var exitCode = await parsed.InvokeAsync(invocation, interruption);
            await terminal.Output.FlushAsync(CancellationToken.None);
            return exitCode;
        }
        catch (Exception exception)
        {
            var (exitCode, message) = Describe(exception, interruption.IsCancellationRequested);
            terminal.Say(message);
            return exitCode;
        }
    }

    /// <summary>The exit code and the one-line message for an exception.</summary>
    public static (int ExitCode, string Message) Describe(Exception exception, bool isInterrupted) =>
        exception switch
        {
            OperationCanceledException when isInterrupted => (ExitCode.Interrupted, "Interrupted."),
            CommandException usage => (ExitCode.Usage, usage.Message),
            OrqException failure => (ExitCode.Of(failure), failure.Message),
            ArgumentException argument => (ExitCode.Usage, WithoutParameter(argument)),
            IOException or UnauthorizedAccessException or InvalidDataException => (ExitCode.Stopped, exception.Message),
            _ => (ExitCode.Stopped, $"{exception.GetType().Name}: {exception.Message}"),
        };

    /// <summary>The message without .NET's " (Parameter 'x')".</summary>
    public static string WithoutParameter(Exception exception) => exception.Message.Split(" (Parameter '")[0];

    // In --checkpoint $STATE --dry-run with STATE unset, System.CommandLine takes --dry-run for the checkpoint.
    private static void RefuseMissingValues(CommandResult command, string[] args)
    {
        Option? OptionOf(string name) =>
            command.Command.Options.FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name));
        var given = args.TakeWhile(arg => arg != "--").ToList();
        foreach (var (arg, next) in given.Zip(given.Skip(1).Append(null)).Distinct())
        {
            var name = NameOf(arg);
            var hasValue = arg.Length > name.Length + 1 || (next is not null && OptionOf(NameOf(next)) is null);
            if (!hasValue && OptionOf(name)?.Arity.MinimumNumberOfValues > 0)
                command.AddError($"{name} needs a value; write {name}=VALUE if it is spelled like an option.");
        }
    }

    private static string NameOf(string arg) => arg.Split('=', ':')[0];
}
