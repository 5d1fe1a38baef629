using System.CommandLine;
using System.Text.Json;
using OrqGenerated.Cli.Import;

namespace OrqGenerated.Cli;

/// <summary><c>import</c>: many contacts from a file.</summary>
internal sealed class ImportCommand
{
    private readonly Argument<string> _input = new("FILE|-")
    {
        Description =
            "CSV or JSONL, by the file's extension or its first character; - for standard input. "
            + "CSV: a header with external_id and any of display_name, email, avatar_url, tags (separated by ;), metadata "
            + "(a JSON object) and metadata.KEY (a text); an empty cell leaves the field as it is, \\N sets it to null. "
            + "JSONL: on each line a contact as JSON.",
    };

    private readonly Option<int> _concurrency = new("--concurrency")
    {
        Description = "How many contacts are sent at the same time.",
        HelpName = "N",
        DefaultValueFactory = _ => 16,
    };

    private readonly Option<string?> _rejects = new("--rejects")
    {
        Description =
            "Where rows go that fail, as JSONL: row, line, input, error. A run that goes on from a checkpoint adds to it, "
            + "any other replaces it; a dry run takes only a new or empty file.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description =
            "Remembers which rows are done; the same command goes on where an earlier run ended, however it ended. "
            + "It belongs to one input and one server.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description =
            "Sends only the I-th of N parts, I from 0, by a hash of the external id; /N takes I from JOB_COMPLETION_INDEX.",
        HelpName = "I/N",
    };

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description =
            "Checks every row and sends nothing; needs no key and leaves the checkpoint alone.",
    };

    private readonly ConnectionOptions _connection = new();

    public static Command Build(Terminal terminal)
    {
        var import = new ImportCommand();
        var command = new Command(
            "import",
            "Creates or updates many contacts and prints a summary as JSON."
        )
        {
            import._input,
            import._concurrency,
            import._rejects,
            import._checkpoint,
            import._shard,
            import._dryRun,
        };
        import._connection.AddTo(command);
        command.SetAction(
            (parsed, cancellationToken) => import.RunAsync(parsed, terminal, cancellationToken)
        );
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellationToken
    )
    {
        var path = parsed.GetRequiredValue(_input);
        var isDry = parsed.GetValue(_dryRun);
        var checkpointPath = isDry ? null : parsed.GetValue(_checkpoint);
        var concurrency = parsed.GetValue(_concurrency);
        if (concurrency is < 1 or > 1024)
        {
            throw new UsageException("--concurrency: give a number from 1 to 1024.");
        }

        var rejectsPath = parsed.GetValue(_rejects);
        if (
            rejectsPath is not null
            && new[] { path, parsed.GetValue(_checkpoint) }.Any(other =>
                other is not null && IsSameFile(rejectsPath, other)
            )
        )
        {
            throw new UsageException(
                "--rejects: give a file of its own, neither the input nor the checkpoint."
            );
        }

        var shard = parsed.GetValue(_shard) is { } text
            ? Shard.Parse(text, terminal.Environment("JOB_COMPLETION_INDEX"))
            : Shard.Whole;
        var connection = await _connection
            .OpenAsync(parsed, terminal, sendsNothing: isDry, cancellationToken)
            .ConfigureAwait(false);
        await using var _ = connection.ConfigureAwait(false);
        var input = ImportInput.Open(path, terminal.Input);
        await using var __ = input.ConfigureAwait(false);
        if (checkpointPath is not null && !input.CanBeReadAgain)
        {
            throw new UsageException(
                "--checkpoint needs a file: standard input or a pipe cannot be read again."
            );
        }

        using var checkpoint = checkpointPath is null
            ? null
            : await Checkpoint
                .OpenAsync(
                    checkpointPath,
                    path,
                    connection.Server,
                    TimeProvider.System,
                    cancellationToken
                )
                .ConfigureAwait(false);
        using var rejects = rejectsPath is null
            ? null
            : RejectsFile.Open(rejectsPath, append: checkpoint?.IsResumed == true, isDry);

        if (checkpoint is not null && rejects is not null)
        {
            // A row that is done but not among the rejects would be lost. At the end, rejects are closed first.
            checkpoint.BeforeFlush = rejects.Flush;
        }

        var progress = new ProgressBar(terminal);
        var run = new ImportRun(
            connection.Client,
            input,
            shard,
            checkpoint,
            rejects,
            progress.Note
        );
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            await progress
                .ShowAsync(run, input, () => run.RunAsync(concurrency, cancellationToken))
                .ConfigureAwait(false);
        }
        catch (Exception e) when (run.Rows > 0 || e is OperationCanceledException)
        {
            await WriteSummaryAsync(run, terminal, isDry, started).ConfigureAwait(false);
            throw;
        }

        await WriteSummaryAsync(run, terminal, isDry, started).ConfigureAwait(false);
        return await ExitAsync(run, terminal).ConfigureAwait(false);
    }

    private static bool IsSameFile(string one, string other) =>
        string.Equals(Target(one), Target(other), StringComparison.Ordinal);

    private static string Target(string path)
    {
        var file = new FileInfo(path);
        try
        {
            return file.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? file.FullName;
        }
        catch (IOException)
        {
            // It does not exist, or its links go round in circles: to open it is to hear about it.
            return file.FullName;
        }
    }

    private static async Task WriteSummaryAsync(
        ImportRun run,
        Terminal terminal,
        bool isDry,
        long started
    )
    {
        var summary = new
        {
            rows = run.Rows,
            succeeded = run.Succeeded,
            failed = run.Failed,
            repeatable = run.Repeatable,
            skipped = run.Skipped,
            dry_run = isDry,
            seconds = Math.Round(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 3),
        };
        await terminal
            .Output.WriteLineAsync(JsonSerializer.Serialize(summary))
            .ConfigureAwait(false);
        await terminal.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private static async Task<int> ExitAsync(ImportRun run, Terminal terminal)
    {
        if (run.Repeatable > 0)
        {
            await terminal
                .Error.WriteLineAsync(
                    "Rows that failed for now are sent again by the same command."
                )
                .ConfigureAwait(false);
        }

        if (run.FailedEarlier > 0)
        {
            await terminal
                .Error.WriteLineAsync(
                    "Rows that an earlier run had found to be wrong still count as failed; they are not sent again."
                )
                .ConfigureAwait(false);
        }

        if (run.EndedBy is null)
        {
            return run.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
        }

        var (exitCode, message) = CommandLine.Describe(run.EndedBy, CancellationToken.None);
        await terminal.Error.WriteLineAsync(message).ConfigureAwait(false);
        return exitCode;
    }
}
