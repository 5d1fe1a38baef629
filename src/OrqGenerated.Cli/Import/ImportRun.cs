using System.Runtime.CompilerServices;

namespace OrqGenerated.Cli.Import;

/// <summary>Why a run ended before its input did.</summary>
internal sealed record Ending(int ExitCode, string Reason);

/// <summary>What a run works with.</summary>
internal sealed record ImportSettings(
    CreateManyOptions Many,
    RetryConfig Retry,
    double? MaxRate,
    Shard Shard,
    long? MaxRejects,
    bool RetriesRejected
);

/// <summary>Sends the rows of one shard that are not done yet, and keeps the books.</summary>
internal sealed class ImportRun(
    IContactsClient client,
    RowReader rows,
    ImportSettings settings,
    Checkpoint? checkpoint,
    RejectsFile? rejects,
    CallLog log,
    Action<string> note
)
{
    private const int NotedFailures = 10;

    // With few calls at a time, a few rows that the server cannot take must not end the run.
    private const int MinServerFaults = 8;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    // Rows are read and results come on different threads.
    private readonly Lock _lock = new();
    private readonly HashSet<CancellationTokenSource> _retrying = [];

    // Of rows that the next run sends again.
    private readonly HashSet<string> _heldIds = new(StringComparer.Ordinal);

    // Rows on which the server failed since it last answered one: theirs, or that of all rows.
    private readonly List<(ImportRow Row, Exception Exception)> _serverFaults = [];
    private ManyRun<ImportRow, CreateContactResponseBody>? _engine;
    private bool _isAnswered;
    private bool _isDiskFailing;
    private bool _isStopping;
    private bool _isNullNoted;

    /// <summary>Rows of the shard that were read.</summary>
    public long Rows { get; private set; }

    public long Succeeded { get; private set; }

    /// <summary>Rows that failed, those of earlier runs too.</summary>
    public long Failed { get; private set; }

    /// <summary>Rows that had failed for good in an earlier run, and were not sent again.</summary>
    public long FailedEarlier { get; private set; }

    /// <summary>Failed rows that the next run with the same checkpoint sends again.</summary>
    public long Repeatable { get; private set; }

    /// <summary>Rows that an earlier run had sent.</summary>
    public long Skipped { get; private set; }

    /// <summary>What a dry run found doubtful.</summary>
    public long Warnings { get; private set; }

    /// <summary>Rows that were read and are neither sent nor failed.</summary>
    public long Unfinished => Rows - Succeeded - Failed - Skipped;

    /// <summary>Null as long as nothing has ended the run before its input did.</summary>
    public Ending? EndedBy { get; private set; }

    /// <summary>Whether every row of the input has succeeded, failed, or did so earlier.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>How long no row is sent because of the server's limit.</summary>
    public TimeSpan Pause => _engine?.Pace.Pause ?? TimeSpan.Zero;

    public async Task RunAsync(CancellationToken interruption)
    {
        using var ending = new CancellationTokenSource();
        _engine = new ManyRun<ImportRow, CreateContactResponseBody>(
            SendAsync,
            row => row.Contact!.ExternalId,
            settings.Many,
            settings.Retry,
            settings.MaxRate
        );
        using var registration = interruption.Register(() =>
        {
            End(new Ending(ExitCode.Interrupted, "Interrupted."));
            CancelRetries();
            ending.CancelAfter(Grace);
        });
        try
        {
            var results = _engine.RunAsync(RowsAsync(interruption), ending.Token);
            await foreach (var result in results.ConfigureAwait(false))
            {
                Finish(result);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // What is under way now stays unfinished.
        }

        lock (_lock)
        {
            SettleServerFaults();
            if (EndedBy is null)
            {
                Guard(() => rejects?.Begin());
            }

            IsComplete = EndedBy is null && Unfinished == 0;
        }
    }

    /// <summary>Counts and tells what the contact that is under way may be refused for.</summary>
    public void Warn(string message)
    {
        lock (_lock)
        {
            if (++Warnings <= NotedFailures)
            {
                note($"{log.Name}: warning: {message}");
            }
        }
    }

    private async IAsyncEnumerable<ImportRow> RowsAsync(
        CancellationToken interruption,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            interruption,
            cancellationToken
        );
        while (await MoveNextAsync(ended.Token).ConfigureAwait(false))
        {
            if (NextToSend() is { } row)
            {
                yield return row;
            }
        }
    }

    private async ValueTask<bool> MoveNextAsync(CancellationToken cancellationToken)
    {
        try
        {
            return EndedBy is null
                && await rows.MoveNextAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            End(
                new Ending(
                    ExitCode.Stopped,
                    $"The input cannot be read beyond row {rows.Number}: {e.Message}"
                )
            );
            return false;
        }
    }

    private ImportRow? NextToSend()
    {
        lock (_lock)
        {
            var hasFailed = false;
            var isDone = checkpoint?.IsDone(rows.Number, out hasFailed) == true;
            if (isDone && !hasFailed)
            {
                Rows++;
                Skipped++;
                return null;
            }

            var row = rows.Read(out var error, out var removed);
            if (!settings.Shard.Holds(row))
            {
                return null;
            }

            Rows++;
            if (hasFailed && !settings.RetriesRejected)
            {
                Failed++;
                FailedEarlier++;
                Guard(() => rejects?.Add(row, error ?? "failed in an earlier run"));
                return null;
            }

            if (error is not null)
            {
                Fail(row, error, isFinal: true);
                return null;
            }

            if (removed is not null && !_isNullNoted)
            {
                _isNullNoted = true;
                note(
                    $"{row.Name} sets {removed} to null, which removes what the API has; with --null absent, null leaves it."
                );
            }

            return row;
        }
    }

    private async Task<CreateContactResponseBody> SendAsync(
        ImportRow row,
        OrqRequestOptions options,
        CancellationToken cancellationToken
    )
    {
        var id = row.Contact!.ExternalId;
        lock (_lock)
        {
            if (_heldIds.Contains(id))
            {
                // Sent now, it would be overwritten when the next run sends the earlier row.
                throw new FormatException(
                    "not sent, because an earlier row of its external_id failed"
                );
            }
        }

        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        log.Begin(row.Name, () => Retrying(call));
        try
        {
            return await client
                .CreateContactAsync(row.Contact, options, call.Token)
                .ConfigureAwait(false);
        }
        catch (OrqException e)
            when (checkpoint is not null && !IsFinal(e) && e is not OrqRateLimitException)
        {
            lock (_lock)
            {
                _heldIds.Add(id);
            }

            throw;
        }
        finally
        {
            lock (_lock)
            {
                _retrying.Remove(call);
            }
        }
    }

    private void Finish(ManyResult<ImportRow, CreateContactResponseBody> result)
    {
        lock (_lock)
        {
            var row = result.Request;
            switch (result.Exception)
            {
                case null:
                    _isAnswered = true;
                    SettleServerFaults(row.Number);
                    Succeeded++;
                    Guard(() =>
                    {
                        rejects?.Begin();
                        checkpoint?.Add(row.Number, hasFailed: false);
                    });
                    break;
                case OperationCanceledException:
                    break;
                case var refusal when result.EndsRun:
                    End(
                        refusal is OrqRateLimitException
                            ? new Ending(ExitCode.Stopped, refusal.Message)
                            : new Ending(ExitCode.Refused, refusal.Message)
                    );
                    break;
                case OrqException fault when !IsFinal(fault):
                    _serverFaults.Add((row, fault));
                    if (
                        _serverFaults.Count
                        >= Math.Max(settings.Many.MaxConcurrency, MinServerFaults)
                    )
                    {
                        End(new Ending(ExitCode.Unreachable, fault.Message));
                    }

                    break;
                case var exception:
                    if (exception is OrqException)
                    {
                        // An answer, if not the one that was hoped for.
                        _isAnswered = true;
                        SettleServerFaults(row.Number);
                    }

                    var message = exception is ArgumentException argument
                        ? CommandLine.WithoutParameter(argument)
                        : exception.Message;
                    Fail(row, message, isFinal: exception is not FormatException);
                    break;
            }
        }
    }

    // If the server answers rows that were sent later, these are at fault; if it answers none, they are not.
    private void SettleServerFaults(long answered = long.MaxValue)
    {
        if (EndedBy?.ExitCode == ExitCode.Unreachable)
        {
            return;
        }

        if (!_isAnswered && _serverFaults.Count > 0)
        {
            End(new Ending(ExitCode.Unreachable, _serverFaults[^1].Exception.Message));
            return;
        }

        foreach (
            var (row, exception) in _serverFaults.FindAll(fault => fault.Row.Number < answered)
        )
        {
            Fail(row, exception.Message, isFinal: false);
        }

        _serverFaults.RemoveAll(fault => fault.Row.Number < answered);
    }

    private void Fail(ImportRow row, string message, bool isFinal)
    {
        Failed++;
        var failedNow = Failed - FailedEarlier;
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
            Guard(() =>
            {
                rejects?.Add(row, message);
                checkpoint?.Add(row.Number, hasFailed: true);
            });
        }
        else
        {
            Repeatable++;
        }

        if (failedNow > settings.MaxRejects)
        {
            End(
                new Ending(
                    ExitCode.Stopped,
                    $"More than {settings.MaxRejects} rows failed (--max-rejects)."
                )
            );
        }
    }

    // A file that cannot be written, as on a full disk, ends the run; after that nothing is written any more.
    private void Guard(Action write)
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
            End(new Ending(ExitCode.Stopped, e.Message));
        }
    }

    private void End(Ending ending)
    {
        lock (_lock)
        {
            EndedBy ??= ending;
            _engine!.Stop();
        }
    }

    private void Retrying(CancellationTokenSource call)
    {
        lock (_lock)
        {
            _retrying.Add(call);
        }

        if (_isStopping)
        {
            call.Cancel();
        }
    }

    private void CancelRetries()
    {
        CancellationTokenSource[] waiting;
        lock (_lock)
        {
            _isStopping = true;
            waiting = [.. _retrying];
        }

        foreach (var call in waiting)
        {
            try
            {
                call.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended.
            }
        }
    }

    /// <summary>Whether the same row would fail again, wherever it is sent.</summary>
    private static bool IsFinal(Exception exception) =>
        exception is ArgumentException or OrqApiException { StatusCode: 400 or 409 or 413 or 422 };
}
