using System.CommandLine;

namespace OrqGenerated.Refresh;

internal static class Program
{
    private const string Help = """
        Writes openapi/contacts.yaml, the document that the client is generated from, based on a published OpenAPI
        document and openapi/refresh.yaml. Standard output is a Markdown report of what changes for users of the
        client (empty if nothing does); standard error lists what was left out.

        Exit codes:
          0  up to date, or written and nothing breaks callers
          1  --check: the document is out of date
          2  bad input or usage; nothing was written
          3  written, and something breaks callers
        """;

#pragma warning disable RS0030 // The one place that names the process's own streams.
    public static int Main(string[] args) => Run(args, Console.OpenStandardInput, Console.Out, Console.Error);
#pragma warning restore RS0030

    internal static int Run(string[] args, Func<Stream> input, TextWriter output, TextWriter error)
    {
        var upstream = new Argument<string>("upstream")
        {
            Description = "The published OpenAPI 3 document, YAML or JSON; - for standard input.",
        };
        var check = new Option<bool>("--check")
        {
            Description = "Write nothing; say whether the document is out of date.",
        };
        var config = new Option<string>("--config")
        {
            Description = "The operations to include, and all descriptions.",
            HelpName = "file",
            DefaultValueFactory = _ => "openapi/refresh.yaml",
        };
        var to = new Option<string?>("--output")
        {
            Description =
                "The document to write. [default: contacts.yaml beside refresh.yaml, x.yaml beside x.refresh.yaml]",
            HelpName = "file",
        };
        var root = new RootCommand(Help) { upstream, check, config, to };
        root.SetAction(result =>
            new RefreshCommand(input, output, error).Run(
                result.GetRequiredValue(upstream),
                result.GetRequiredValue(config),
                result.GetValue(to),
                result.GetValue(check)
            )
        );
        var parsed = root.Parse(args);
        var problem =
            args.Contains("") ? "A path is empty."
            : parsed.Errors is [var first, ..] ? first.Message
            : null;
        if (problem is not null)
        {
            error.WriteLine(problem + " (--help explains)");
            return ExitCode.BadInput;
        }

        return parsed.Invoke(
            new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
            }
        );
    }
}
