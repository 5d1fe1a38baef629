using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OrqGenerated.Cli;

/// <summary>A command with notes and examples at the end of its help.</summary>
internal abstract class DocumentedCommand(string name, string description, string notes) : Command(name, description)
{
    public string Notes { get; } = notes;

    protected void Add(params IEnumerable<Option> options)
    {
        foreach (var option in options)
            Options.Add(option);
    }
}

/// <summary>Shows a command's help with its notes at the end.</summary>
internal sealed class Help : SynchronousCommandLineAction
{
    private const string RootNotes = """
        The API key is read from ORQ_API_KEY. Each command has its own help, for example orq-contacts import --help.

        Exit codes:
          0    done
          1    the API refused the contact; for import, the whole input was read and some rows failed
          2    the command line, the input or the environment is wrong (no ORQ_API_KEY); nothing was sent
          3    the API refuses the key or the account (401, 402, 403)
          4    the API could not be reached, or the server is not the API
          5    stopped before the end for another reason (a full disk, a truncated input, --max-rejects, a
               rate limit that asks for a pause of more than 5 minutes)
          130  interrupted by Ctrl-C or SIGTERM; a second one stops at once

        Examples:
          orq-contacts create --external-id user_1 --email jane@example.com
          orq-contacts import users.csv --dry-run
          orq-contacts import users.csv --checkpoint users.state --rejects users.rejects.jsonl
          orq-contacts sandbox --port 8080 --rate 100/min
        """;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = new HelpAction { MaxWidth = 100 }.Invoke(parseResult);
        var notes = (parseResult.CommandResult.Command as DocumentedCommand)?.Notes ?? RootNotes;
        parseResult.InvocationConfiguration.Output.WriteLine(notes);
        return exitCode;
    }
}
