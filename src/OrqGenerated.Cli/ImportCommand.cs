using System.CommandLine;
using OrqGenerated.Cli.Import;

namespace OrqGenerated.Cli;

/// <summary><c>import</c>: many contacts from a file.</summary>
internal sealed class ImportCommand : DocumentedCommand
{
    private const string HelpNotes = """
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

    private readonly Terminal _terminal;

    private readonly Argument<string> _input = new("FILE|-") { Description = "The input; - for standard input." };

    private readonly Option<int?> _concurrency = Values.Number(
        "--concurrency",
        1,
        1024,
        "How many contacts are sent at the same time; 16 by default."
    );

    private readonly Option<Rate?> _rate = Values.Rate("--rate", "Send no faster than that, such as 100/min.");

    private readonly Option<string?> _rejects = Values.File(
        "--rejects",
        "Where to keep the rows that fail, to be repaired and imported. A run that resumes from a checkpoint "
            + "appends to it; any other run, and one with --retry-rejected, replaces it. A dry run takes only a new or "
            + "empty one."
    );

    private readonly Option<int?> _maxRejects = Values.Number(
        "--max-rejects",
        0,
        int.MaxValue,
        "Stop when more rows than that have failed."
    );

    private readonly Option<string?> _checkpoint = Values.File(
        "--checkpoint",
        "Records which rows are done: the same command resumes where an earlier run ended, however it ended. It "
            + "belongs to one input, server and API key."
    );

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
            : text is [var c] && CsvFormat.IsSeparator(c) ? c
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

    public ImportCommand(Terminal terminal)
        : base("import", "Creates or updates many contacts, and prints a summary as JSON.", HelpNotes)
    {
        _terminal = terminal;
        Add(_input);
        Add(_dryRun, _checkpoint, _rejects, _retryRejected, _maxRejects, _newKey);
        Add(_map, _ignoreColumns, _metadataColumns, _delimiter, _null, _rate, _concurrency, _shard);
        Add(_connection.All);
        SetAction(RunAsync);
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken interruption)
    {
        if (Conflict(parsed) is { } conflict)
        {
            throw new CommandException(conflict);
        }

        var isDry = parsed.GetValue(_dryRun);
        var columns = ColumnsOf(parsed);
        var progress = new Progress(_terminal);
        var log = new CallLog(progress.Note, parsed.GetValue(_connection.Verbose));
        // A dry run needs no key, but its options are checked as those of any other.
        var apiKey = isDry ? "none" : _terminal.ApiKey;
        await using var connection = await _connection.OpenAsync(parsed, apiKey, log, interruption);
        var settings = SettingsOf(parsed, connection.Retry);
        await using var input = new InputFile(parsed.GetRequiredValue(_input), _terminal.Input);
        if (parsed.GetValue(_checkpoint) is not null && !input.CanBeReadAgain)
        {
            throw new CommandException("--checkpoint needs a file: standard input or a pipe cannot be read again.");
        }

        var rows = new RowReader(input, columns, parsed.GetValue(_null) is "absent");
        await rows.StartAsync(parsed.GetValue(_delimiter), interruption);
        using var checkpoint = !isDry && parsed.GetValue(_checkpoint) is { } path ? new Checkpoint(path) : null;
        if (checkpoint is not null)
        {
            var owner = new CheckpointOwner(input.Path, connection.Server, connection.ApiKey);
            await checkpoint.StartAsync(owner, parsed.GetValue(_newKey), interruption);
        }

        using var rejects = parsed.GetValue(_rejects) is { } rejectsPath ? new RejectsFile(rejectsPath) : null;
        if (rejects is not null)
        {
            var append = checkpoint?.IsResumed == true && !settings.RetriesRejected;
            await rejects.StartAsync(append, isDry, interruption);
        }

        var ledger = new Ledger(checkpoint, rejects, parsed.GetValue(_maxRejects), progress.Note);
        var run = new ImportRun(isDry ? null : connection.Client, rows, settings, ledger, log, progress.Note);
        try
        {
            await progress.ShowAsync(run, ledger, rows, interruption);
        }
        catch (Exception e)
        {
            ledger.End(ExitCode.Stopped, CommandLine.Describe(e, interruption).Message);
        }

        await _terminal.WriteAsync(ledger.ToJson(isDry, progress.Elapsed));
        return Exit(ledger);
    }

    private string? Conflict(ParseResult parsed)
    {
        var input = parsed.GetValue(_input);
        var checkpoint = parsed.GetValue(_checkpoint);
        var rejects = parsed.GetValue(_rejects);
        return IsSameFile(rejects, input) || IsSameFile(rejects, checkpoint)
                ? "--rejects: give a file of its own, neither the input nor the checkpoint."
            : IsSameFile(checkpoint, input) ? "--checkpoint: give a file of its own, not the input."
            : checkpoint is null && (parsed.GetValue(_retryRejected) || parsed.GetValue(_newKey))
                ? "--retry-rejected and --new-key go with --checkpoint."
            : parsed.GetValue(_ignoreColumns) && parsed.GetValue(_metadataColumns)
                ? "--ignore-columns and --metadata-columns: give one of them."
            : null;
    }

    // The same one under another name is refused when it is opened, as it is in use.
    private static bool IsSameFile(string? one, string? other) =>
        one is not null && other is not null && Path.GetFullPath(one) == Path.GetFullPath(other);

    private Columns ColumnsOf(ParseResult parsed) =>
        new(
            Columns.ParseMap(parsed.GetValue(_map) ?? []),
            parsed.GetValue(_ignoreColumns) ? OtherColumns.Ignore
                : parsed.GetValue(_metadataColumns) ? OtherColumns.Metadata
                : null
        );

    private ImportSettings SettingsOf(ParseResult parsed, RetryConfig retry) =>
        new(
            new CreateManyOptions
            {
                MaxConcurrency = parsed.GetValue(_concurrency) ?? 16,
                Retry = retry,
                TimeProvider = _terminal.Time,
            },
            parsed.GetValue(_dryRun) ? null : parsed.GetValue(_rate)?.PerSecond,
            parsed.GetValue(_shard) is { } text
                ? Shard.Parse(text, _terminal.Environment("JOB_COMPLETION_INDEX"))
                : Shard.Whole,
            parsed.GetValue(_retryRejected)
        );

    private int Exit(Ledger ledger)
    {
        if (ledger.Repeatable > 0)
        {
            _terminal.Say($"{ledger.Repeatable} rows failed for now: the same command sends them again.");
        }

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
