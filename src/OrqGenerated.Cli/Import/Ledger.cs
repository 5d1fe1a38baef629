namespace OrqGenerated.Cli.Import;

/// <summary>
/// Keeps the books of a run: counts, checkpoint, rejects, and what people read of it. Called by one at a time.
/// </summary>
/// <param name="checkpoint">Null if the next run begins anew.</param>
/// <param name="rejects">Null if rows that fail are only told.</param>
/// <param name="maxRejects">How many rows may fail.</param>
/// <param name="note">Writes a line for people.</param>
internal sealed class Ledger(Checkpoint? checkpoint, RejectsFile? rejects, long? maxRejects, Action<string> note)
{
    private const int NotedFailures = 10;

    private bool _isDiskFailing;

    /// <summary>Called when something ends the run.</summary>
    public Action? Ended { get; set; }

    public Tally Tally { get; } = new();

    /// <summary>The run has a result, so what an earlier one rejected goes.</summary>
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

    /// <summary>An earlier run has found that the row fails for good.</summary>
    public void FailEarlier(ImportRow row)
    {
        Tally.Failed++;
        Tally.FailedEarlier++;
        Write(() => rejects?.Add(row, row.Error ?? "failed in an earlier run"));
    }

    /// <summary>A row has failed: for good, or so that the next run sends it again.</summary>
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

        // With a checkpoint, what another run can mend is left to it.
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

    /// <summary>Something about a row is doubtful.</summary>
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

    // A file that cannot be written, as on a full disk, ends the run; after that nothing is written any more.
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
