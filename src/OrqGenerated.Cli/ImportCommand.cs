using System.CommandLine;
using OrqGenerated.Cli.Import;

namespace OrqGenerated.Cli;

/// <summary><c>import</c>: many contacts from a file.</summary>
internal sealed class ImportCommand : DocumentedCommand
{
    private const string HelpNotes = """
        Input: CSV or JSON lines, plain or gzip. CSV has a header with external_id and any of display_name, email,
        avatar_url, tags (separated by ; or |), metadata (a JSON object) and metadata.KEY (a string); an empty cell
        leaves a field unchanged, \N sets it to null. JSON lines hold one contact as JSON per line. A rejects file can
        be imported, too.

        Summary: rows (read), succeeded, failed, skipped (done by an earlier run), unfinished (read, but without a
        result), complete, ended_by (why not complete), duration (seconds), dry_run, warnings.

        Examples:
          orq-contacts import users.csv --dry-run
          orq-contacts import users.csv --checkpoint users.state --rejects users.rejects.jsonl
          orq-contacts import users.rejects.jsonl
          orq-contacts import crm.csv --map "User Id=external_id" --ignore-columns --rate 100/min
          zcat users.jsonl.gz | orq-contacts import -
        """;

    private readonly Terminal _terminal;
    private readonly Argument<string> _input = new("FILE|-") { Description = "The input; - for standard input." };

    public ImportCommand(Terminal terminal)
        : base("import", "Creates or updates many contacts, and prints a summary as JSON.", HelpNotes)
    {
        _terminal = terminal;
        Add(_input);
        Add(
            Values.Flag("--dry-run", "Check every row but send nothing; needs no key and ignores the checkpoint."),
            Values.File(
                "--checkpoint",
                "Records which rows are done: the same command resumes where an earlier run ended, however it ended. "
                    + "It belongs to one input, server and API key."
            ),
            Values.File(
                "--rejects",
                "Where to keep rows that fail, to be corrected and imported. A run that resumes from a checkpoint "
                    + "appends to it; any other run, and one with --retry-rejected, replaces it. For a dry run it must "
                    + "be new or empty."
            ),
            Values.Flag("--retry-rejected", "With a checkpoint: send the rows that failed for good once more."),
            Values.Number("--max-rejects", 0, int.MaxValue, "Stop when more than this many rows have failed."),
            Values.Flag("--new-key", "With a checkpoint: the API key is a new one of the same workspace."),
            Values.Texts(
                "--map",
                "COLUMN=FIELD",
                "The field of a column: --map \"User Id=external_id\", --map Plan=metadata.plan; repeatable."
            ),
            Values.Flag("--ignore-columns", "Leave out columns that are not fields of a contact."),
            Values.Flag("--metadata-columns", "Put columns that are not fields of a contact into its metadata."),
            Values.Parsed(
                "--delimiter",
                "C",
                "The CSV separator; detected by default.",
                "one character, or tab",
                Delimiter
            ),
            Values.Parsed(
                "--null",
                "remove|absent",
                "What null does to display_name, email and avatar_url: remove them (the default), or nothing.",
                "remove or absent",
                text => text is "remove" or "absent" ? text : null
            ),
            Values.Rate("--rate", "Send no faster than this, such as 100/min."),
            Values.Number("--concurrency", 1, 1024, "How many contacts are sent at the same time; 16 by default."),
            Values.Parsed(
                "--shard",
                "I/N",
                "Send only part I of N, I from 0, by a hash of the external id; /N takes I from JOB_COMPLETION_INDEX.",
                "I/N with I from 0 to N-1, such as 0/4, or /N with I in JOB_COMPLETION_INDEX",
                text => Shard.Parse(text, terminal.Environment("JOB_COMPLETION_INDEX"))
            )
        );
        Add(Connection.Options);
        SetAction(RunAsync);
    }

    private static char? Delimiter(string text) =>
        text is "tab" or @"\t" ? '\t'
        : text is [var c] && CsvFormat.IsSeparator(c) ? c
        : null;

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interruption)
    {
        RefuseConflicts(parsed);
        var checkpointPath = parsed.GetValue<string>("--checkpoint");
        var rejectsPath = parsed.GetValue<string>("--rejects");
        var isDry = parsed.GetValue<bool>("--dry-run");
        var columns = ColumnsOf(parsed);
        var progress = new Progress(_terminal);
        var log = new CallLog(progress.Note, parsed.GetValue<bool>("--verbose"));
        // A dry run needs no key, but its connection options are still checked.
        var apiKey = isDry ? "none" : _terminal.ApiKey;
        await using var connection = await Connection.OpenAsync(parsed, apiKey, log, interruption);
        var settings = SettingsOf(parsed, connection.ClientOptions.Retry);
        var path = parsed.GetRequiredValue(_input);
        await using var input = await InputFile.OpenAsync(path, _terminal.Input, interruption);
        if (checkpointPath is not null && !input.CanBeReadAgain)
            throw new CommandException("--checkpoint needs a file: standard input or a pipe cannot be read again.");

        var nullIsAbsent = parsed.GetValue<string>("--null") is "absent";
        var rows = new RowReader(input, columns, parsed.GetValue<char?>("--delimiter"), nullIsAbsent);
        await rows.StartAsync(interruption);
        using var checkpoint =
            isDry || checkpointPath is null
                ? null
                : new Checkpoint(checkpointPath, input.Path, connection.Server, connection.ClientOptions.ApiKey!);
        if (checkpoint is not null)
            await checkpoint.StartAsync(parsed.GetValue<bool>("--new-key"), interruption);

        using var rejects = rejectsPath is null ? null : new RejectsFile(rejectsPath);
        if (rejects is not null)
        {
            var append = checkpoint?.IsResumed == true && !settings.RetriesRejected;
            await rejects.StartAsync(append, isDry, interruption);
        }

        var ledger = new Ledger(checkpoint, rejects, parsed.GetValue<int?>("--max-rejects"), progress.Note);
        var client = isDry ? null : connection.Client;
        var run = new ImportRun(client, rows, settings, ledger, log, progress.Note, interruption);
        try
        {
            await progress.RunAsync(run, ledger, rows);
        }
        catch (Exception e)
        {
            ledger.End(ExitCode.Stopped, CommandLine.Describe(e, interruption.IsCancellationRequested).Message);
        }

        await _terminal.WriteAsync(ledger.ToJson(isDry, progress.Elapsed));
        return Report(ledger);
    }

    private void RefuseConflicts(ParseResult parsed)
    {
        var input = parsed.GetValue(_input);
        var checkpoint = parsed.GetValue<string>("--checkpoint");
        var rejects = parsed.GetValue<string>("--rejects");
        var conflict =
            IsSameFile(rejects, input) || IsSameFile(rejects, checkpoint)
                ? "--rejects: give a file of its own, neither the input nor the checkpoint."
            : IsSameFile(checkpoint, input) ? "--checkpoint: give a file of its own, not the input."
            : checkpoint is null && (parsed.GetValue<bool>("--retry-rejected") || parsed.GetValue<bool>("--new-key"))
                ? "--retry-rejected and --new-key go with --checkpoint."
            : parsed.GetValue<bool>("--ignore-columns") && parsed.GetValue<bool>("--metadata-columns")
                ? "--ignore-columns and --metadata-columns: give one of them."
            : null;
        if (conflict is not null)
            throw new CommandException(conflict);
    }

    // The same file under another name cannot be opened, because it is in use.
    private static bool IsSameFile(string? one, string? other) =>
        one is not null && other is not null && Path.GetFullPath(one) == Path.GetFullPath(other);

    private static Columns ColumnsOf(ParseResult parsed) =>
        new(
            Columns.ParseMap(parsed.GetValue<string[]>("--map") ?? []),
            parsed.GetValue<bool>("--ignore-columns") ? OtherColumns.Ignore
                : parsed.GetValue<bool>("--metadata-columns") ? OtherColumns.Metadata
                : null
        );

    private ImportSettings SettingsOf(ParseResult parsed, RetryConfig retry) =>
        new(
            new CreateManyOptions
            {
                MaxConcurrency = parsed.GetValue<int?>("--concurrency") ?? 16,
                Retry = retry,
                TimeProvider = _terminal.Time,
            },
            parsed.GetValue<bool>("--dry-run") ? null : parsed.GetValue<Rate>("--rate")?.PerSecond,
            parsed.GetValue<Shard>("--shard") ?? new Shard(0, 1),
            parsed.GetValue<bool>("--retry-rejected")
        );

    private int Report(Ledger ledger)
    {
        if (ledger.FailedForNow > 0)
            _terminal.Say($"{ledger.FailedForNow} rows failed for now: the same command sends them again.");

        if (ledger.FailedEarlier > 0)
        {
            _terminal.Say(
                $"{ledger.FailedEarlier} rows had failed for good in an earlier run; --retry-rejected sends them again."
            );
        }

        if (ledger.EndedBy is { } ending)
        {
            _terminal.Say(ending.Reason);
            return ending.ExitCode;
        }

        return ledger.Failed > 0 ? ExitCode.Failed : ExitCode.Done;
    }
}
