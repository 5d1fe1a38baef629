namespace OrqGenerated.Cli.Import;

/// <summary>
/// Records the results of a run: counts, checkpoint, rejects and messages. Not thread-safe.
/// </summary>
/// <param name="checkpoint">Null without <c>--checkpoint</c>.</param>
/// <param name="rejects">Null without <c>--rejects</c>.</param>
/// <param name="maxRejects">How many rows may fail.</param>
/// <param name="note">Writes a line for people.</param>
internal sealed class Ledger(Checkpoint? checkpoint, RejectsFile? rejects, long? maxRejects, Action<string> note)
{
    private const int NotedFailures = 10;

    private bool _isDiskFailing;

    /// <summary>Called when something ends the run.</summary>
    public Action? Ended { get; set; }

    public Tally Tally { get; } = new();

    /// <summary>Empties the rejects of an earlier run, now that this one has a result.</summary>
    public void Begin() => Write(() => rejects?.Begin());

    public void Succeed(ImportRow row)
    {
        Tally.Succeeded++;
        Write(() =>
        {
            rejects?.Begin();
            checkpoint?.Add(row.Number, hasFailed: false);
        });
    }

    /// <summary>A row had failed for good in an earlier run.</summary>
    public void FailEarlier(ImportRow row)
    {
        Tally.Failed++;
        Tally.FailedEarlier++;
        Write(() => rejects?.Add(row, row.Error ?? "failed in an earlier run"));
    }

    /// <summary>A row has failed: for good, or for now, so that the next run sends it again.</summary>
    public void Fail(ImportRow row, string message, bool isFinal)
    {
        Tally.Failed++;
        var failedNow = Tally.Failed - Tally.FailedEarlier;
        if (failedNow <= NotedFailures)
        {
            note($"{row.Name}: {message}");
        }
        else if (failedNow == NotedFailures + 1)
        {
            note("Further rows that fail are not shown; --rejects FILE keeps them all.");
        }

        // With a checkpoint, rows that the next run sends again are not rejects.
        if (checkpoint is null || isFinal)
        {
            Write(() =>
            {
                rejects?.Add(row, message);
                checkpoint?.Add(row.Number, hasFailed: true);
            });
        }
        else
        {
            Tally.Repeatable++;
        }

        if (failedNow > maxRejects)
        {
            End(ExitCode.Stopped, $"More than {maxRejects} rows failed (--max-rejects).");
        }
    }

    /// <summary>The API may refuse a row.</summary>
    public void Warn(string message)
    {
        if (++Tally.Warnings <= NotedFailures)
        {
            note(message);
        }
    }

    /// <summary>Ends the run; the first reason counts.</summary>
    public void End(int exitCode, string reason)
    {
        Tally.EndedBy ??= new Ending(exitCode, reason);
        Ended?.Invoke();
    }

    // A file that cannot be written, as on a full disk, ends the run; nothing is written after that.
    private void Write(Action write)
    {
        if (_isDiskFailing)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isDiskFailing = true;
            End(ExitCode.Stopped, e.Message);
        }
    }
}
