using System.Text.Json;

namespace OrqGenerated.Cli.Import;

/// <summary>
/// Records the outcome of each row in counts, the checkpoint, the rejects file and notes on stderr. Not thread-safe.
/// </summary>
internal sealed class Ledger(Checkpoint? checkpoint, RejectsFile? rejects, long? maxRejects, Action<string> note)
{
    private const int NotedFailures = 10;

    private bool _isDiskFailing;
    private long _warnings;

    /// <summary>Called when something ends the run.</summary>
    public Action? Ended { get; set; }

    /// <summary>Null unless something ended the run before the end of its input.</summary>
    public (int ExitCode, string Reason)? EndedBy { get; private set; }

    /// <summary>Whether the next run sends rows again that failed for now.</summary>
    public bool CanResume => checkpoint is not null;

    /// <summary>Rows of the shard that were read.</summary>
    public long Rows { get; set; }

    public long Succeeded { get; private set; }

    /// <summary>Rows that failed, including those of earlier runs.</summary>
    public long Failed { get; private set; }

    /// <summary>Rows that failed for good in an earlier run, and were not sent again.</summary>
    public long FailedEarlier { get; private set; }

    /// <summary>Failed rows that the next run sends again.</summary>
    public long FailedForNow { get; private set; }

    /// <summary>Rows that an earlier run had sent.</summary>
    public long Skipped { get; private set; }

    /// <summary>Rows that are done in this run or an earlier one.</summary>
    public long Done => Succeeded + Failed + Skipped;

    /// <inheritdoc cref="Checkpoint.WasSent"/>
    public bool? WasSent(long row) => checkpoint?.WasSent(row);

    /// <summary>Removes the rejects of an earlier run, now that this one has a result.</summary>
    public void ReplaceRejects() => Write(() => rejects?.Begin());

    public void Skip()
    {
        Rows++;
        Skipped++;
    }

    public void Succeed(ImportRow row)
    {
        Succeeded++;
        Write(() =>
        {
            rejects?.Begin();
            checkpoint?.Add(row.Number, hasFailed: false);
        });
    }

    /// <summary>Records a row that failed for good in an earlier run.</summary>
    public void FailEarlier(ImportRow row)
    {
        Failed++;
        FailedEarlier++;
        Write(() => rejects?.Add(row, row.Error ?? "failed in an earlier run"));
    }

    /// <param name="isFinal">Whether the row failed for good; otherwise a run that resumes sends it again.</param>
    public void Fail(ImportRow row, string message, bool isFinal)
    {
        Failed++;
        var failedNow = Failed - FailedEarlier;
        if (failedNow <= NotedFailures)
            note($"{row.Name}: {message}");
        else if (failedNow == NotedFailures + 1)
            note("Further rows that fail are not shown; --rejects FILE keeps them all.");

        if (CanResume && !isFinal)
        {
            FailedForNow++;
        }
        else
        {
            Write(() =>
            {
                rejects?.Add(row, message);
                checkpoint?.Add(row.Number, hasFailed: true);
            });
        }

        if (failedNow > maxRejects)
            End(ExitCode.Stopped, $"More than {maxRejects} rows failed (--max-rejects).");
    }

    /// <summary>Records that the API may refuse a row.</summary>
    public void Warn(ImportRow row, string message)
    {
        if (++_warnings <= NotedFailures)
            note($"{row.Name}: warning: {message}");
    }

    /// <summary>Ends the run; the first reason counts.</summary>
    public void End(int exitCode, string reason)
    {
        EndedBy ??= (exitCode, reason);
        Ended?.Invoke();
    }

    /// <summary>The summary of the run.</summary>
    public string ToJson(bool isDry, TimeSpan elapsed) =>
        JsonSerializer.Serialize(
            new
            {
                rows = Rows,
                succeeded = Succeeded,
                failed = Failed,
                skipped = Skipped,
                unfinished = Rows - Done,
                complete = EndedBy is null,
                ended_by = EndedBy?.Reason,
                duration = Math.Round(elapsed.TotalSeconds, 3),
                dry_run = isDry,
                warnings = _warnings,
            },
            ContactJson.Plain
        );

    // A file that cannot be written, for example on a full disk, ends the run; nothing is written after that.
    private void Write(Action write)
    {
        if (_isDiskFailing)
            return;

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
