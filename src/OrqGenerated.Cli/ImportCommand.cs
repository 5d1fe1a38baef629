using System.CommandLine;
using OrqGenerated.Cli.Import;

namespace OrqGenerated.Cli;

/// <summary><c>import</c>: many contacts from a file.</summary>
internal sealed class ImportCommand
{
    private const string Description = "Creates or updates many contacts, and prints a summary as JSON.";

    private const string Notes = """
        Input: CSV or JSON lines, plain or gzip. CSV has a header with external_id and any of display_name, email,
        avatar_url, tags (separated by ; or |), metadata (a JSON object) and metadata.KEY (a text); an empty cell leaves
        a field as it is, \N sets it to null. JSON lines hold a contact as JSON on each line. A rejects file is
        input, too.

        Summary: rows (read), succeeded, failed, skipped (done by an earlier run), unfinished (read, but neither sent
        nor failed), complete, ended_by (why not complete), duration (seconds), dry_run, warnings.

        Examples:
          orq-contacts import users.csv --dry-run
          orq-contacts import users.csv --checkpoint users.state --rejects users.rejects.jsonl
          orq-contacts import users.rejects.jsonl
          orq-contacts import crm.csv --map "User Id=external_id" --ignore-columns --rate 100/min
          zcat users.jsonl.gz | orq-contacts import -
        """;

    private readonly Argument<string> _input = new("FILE|-") { Description = "The input; - for standard input." };

    private readonly Option<int?> _concurrency = Values.Number(
        "--concurrency",
        1,
        1024,
        "How many contacts are sent at the same time; 16 by default."
    );

    private readonly Option<Rate?> _rate = Values.Rate("--rate", "Send no faster than that, such as 100/min.");

    private readonly Option<string?> _rejects = new("--rejects")
    {
        Description =
            "Where to keep the rows that fail, to be repaired and imported. A run that resumes from a checkpoint "
            + "appends to it, any other run replaces it; a dry run takes only a new or empty one.",
        HelpName = "FILE",
    };

    private readonly Option<int?> _maxRejects = Values.Number(
        "--max-rejects",
        0,
        int.MaxValue,
        "Stop when more rows than that have failed."
    );

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description =
            "Records which rows are done: the same command resumes where an earlier run ended, however it ended. It "
            + "belongs to one input, server and API key.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _retryRejected = new("--retry-rejected")
    {
        Description = "With a checkpoint: send rows that failed for good once more.",
    };

    private readonly Option<bool> _newKey = new("--new-key")
    {
        Description = "With a checkpoint: the API key is a new one of the same workspace.",
    };

    private readonly Option<string?> _shard = new("--shard")
    {
        Description =
            "Send only the I-th of N parts, I from 0, by a hash of the external id; /N: I is JOB_COMPLETION_INDEX.",
        HelpName = "I/N",
    };

    private readonly Option<string[]> _map = new("--map")
    {
        Description = "Which field a column is: --map \"User Id=external_id\", --map Plan=metadata.plan; repeatable.",
        HelpName = "COLUMN=FIELD",
    };

    private readonly Option<char?> _delimiter = Values.Create<char?>(
        "--delimiter",
        "C",
        "The separator of a CSV file's cells; detected by default.",
        "one character, or tab",
        text =>
            text is "tab" or @"\t" ? '\t'
            : text is [< (char)128 and not ('"' or '\n' or '\r') and var c] ? c
            : null
    );

    private readonly Option<bool> _ignoreColumns = new("--ignore-columns")
    {
        Description = "Leave out columns that are not fields of a contact.",
    };

    private readonly Option<bool> _metadataColumns = new("--metadata-columns")
    {
        Description = "Put columns that are not fields of a contact into its metadata.",
    };

    private readonly Option<string?> _null = Values.Create<string?>(
        "--null",
        "remove|absent",
        "What null does to display_name, email and avatar_url: remove what the API has (the default), or nothing.",
        "remove or absent",
        text => text is "remove" or "absent" ? text : null
    );

    private readonly Option<bool> _dryRun = new("--dry-run")
    {
        Description = "Check every row and send nothing; needs no key and leaves the checkpoint alone.",
    };

    private readonly ConnectionOptions _connection = new();

    public static Command Build(Terminal terminal)
    {
        var import = new ImportCommand();
        var command = new DocumentedCommand("import", Description, Notes)
        {
            import._input,
            import._dryRun,
            import._checkpoint,
            import._rejects,
            import._retryRejected,
            import._maxRejects,
            import._newKey,
            import._map,
            import._ignoreColumns,
            import._metadataColumns,
            import._delimiter,
            import._null,
            import._rate,
            import._concurrency,
            import._shard,
        };
        import._connection.AddTo(command);
        command.SetAction((parsed, interruption) => import.RunAsync(parsed, terminal, interruption));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal, CancellationToken interruption)
    {
        var path = parsed.GetRequiredValue(_input);
        var isDry = parsed.GetValue(_dryRun);
        var checkpointPath = parsed.GetValue(_checkpoint);
        var rejectsPath = parsed.GetValue(_rejects);
        CheckCombinations(parsed, path);
        var columns = new Columns(
            Columns.ParseMap(parsed.GetValue(_map) ?? []),
            parsed.GetValue(_ignoreColumns),
            parsed.GetValue(_metadataColumns)
        );
        var settings = new ImportSettings(
            new CreateManyOptions
            {
                MaxConcurrency = parsed.GetValue(_concurrency) ?? 16,
                Retry = _connection.Retry(parsed),
                TimeProvider = terminal.Time,
            },
            isDry ? null : parsed.GetValue(_rate)?.PerSecond,
            parsed.GetValue(_shard) is { } text
                ? Shard.Parse(text, terminal.Environment("JOB_COMPLETION_INDEX"))
                : Shard.Whole,
            parsed.GetValue(_retryRejected)
        );

        var progress = new Progress(terminal);
        var log = new CallLog(progress.Note, parsed.GetValue(_connection.Verbose));
        await using var connection = isDry ? null : await _connection.OpenAsync(parsed, terminal, log, interruption);
        await using var input = InputFile.Open(path, terminal.Input);
        if (checkpointPath is not null && !input.CanBeReadAgain)
        {
            throw new CommandException("--checkpoint needs a file: standard input or a pipe cannot be read again.");
        }

        var rows = new RowReader(input, columns, parsed.GetValue(_delimiter), parsed.GetValue(_null) is "absent");
        try
        {
            await rows.StartAsync(interruption);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new CommandException($"{path} cannot be read: {e.Message}");
        }

        using var checkpoint =
            checkpointPath is null || connection is null
                ? null
                : await Checkpoint.OpenAsync(
                    checkpointPath,
                    new CheckpointOwner(path, connection.Server, connection.ApiKey),
                    parsed.GetValue(_newKey),
                    terminal.Time,
                    interruption
                );
        var isAppended = checkpoint?.IsResumed == true && !settings.RetriesRejected;
        using var rejects = rejectsPath is null
            ? null
            : await RejectsFile.OpenAsync(rejectsPath, isAppended, isDry, interruption);

        var ledger = new Ledger(checkpoint, rejects, parsed.GetValue(_maxRejects), progress.Note);
        var run = new ImportRun(connection?.Client, rows, settings, ledger, log, progress.Note);
        try
        {
            await progress.ShowAsync(run, ledger, input, () => run.RunAsync(interruption));
        }
        finally
        {
            await terminal.Output.WriteLineAsync(ledger.ToJson(isDry, progress.Elapsed));
            await terminal.Output.FlushAsync(CancellationToken.None);
        }

        return Exit(ledger, terminal);
    }

    private void CheckCombinations(ParseResult parsed, string path)
    {
        var checkpoint = parsed.GetValue(_checkpoint);
        var rejects = parsed.GetValue(_rejects);
        if (
            rejects is not null
            && new[] { path, checkpoint }.Any(other => other is not null && IsSameFile(rejects, other))
        )
        {
            throw new CommandException("--rejects: give a file of its own, neither the input nor the checkpoint.");
        }

        if (checkpoint is not null && IsSameFile(checkpoint, path))
        {
            throw new CommandException("--checkpoint: give a file of its own, not the input.");
        }

        if (checkpoint is null && (parsed.GetValue(_retryRejected) || parsed.GetValue(_newKey)))
        {
            throw new CommandException("--retry-rejected and --new-key go with --checkpoint.");
        }

        if (parsed.GetValue(_ignoreColumns) && parsed.GetValue(_metadataColumns))
        {
            throw new CommandException("--ignore-columns and --metadata-columns: give one of them.");
        }
    }

    private static bool IsSameFile(string one, string other) => Target(one) == Target(other);

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

    private static int Exit(Ledger ledger, Terminal terminal)
    {
        if (ledger.Repeatable > 0)
        {
            terminal.Say($"{ledger.Repeatable} rows failed for now: the same command sends them again.");
        }

        if (ledger.FailedEarlier > 0)
        {
            terminal.Say(
                $"{ledger.FailedEarlier} rows had failed for good in an earlier run; --retry-rejected sends them again."
            );
        }

        if (ledger.EndedBy is { } ending)
        {
            terminal.Say(ending.Reason);
            return ending.ExitCode;
        }

        return ledger.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
