using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OrqGenerated.Internal;
using OrqGenerated.Sandbox;

namespace OrqGenerated.Cli.Import;

internal sealed record ImportSettings(CreateManyOptions Many, double? MaxRate, Shard Shard, bool RetriesRejected);

/// <summary>
/// Sends the rows of one shard that are not done yet, and records their outcome in the ledger. Without a client, it is
/// a dry run: rows are only checked.
/// </summary>
internal sealed class ImportRun(
    IContactsClient? client,
    RowReader rows,
    ImportSettings settings,
    Ledger ledger,
    CallLog log,
    Action<string> note,
    CancellationToken interruption
)
{
    // A few rows that the server cannot process must not end a run with little concurrency.
    private const int MinServerFaults = 8;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    // Rows are read, sent and finished on different threads.
    private readonly Lock _lock = new();

    // The external ids of rows that the next run sends again.
    private readonly ConcurrentDictionary<string, bool> _heldIds = new(StringComparer.Ordinal);

    // Rows on which the server failed since it last processed one. Either these rows are at fault, or the server.
    private readonly List<(ImportRow Row, Exception Exception)> _serverFaults = [];
    private ManyRun<ImportRow, List<BodyIssue>>? _sending;
    private bool _hasProcessedRow;
    private bool _isNullNoted;

    /// <summary>The time until the next row is sent, while the run waits for the server's rate limit.</summary>
    public TimeSpan Pause => _sending?.Pause ?? TimeSpan.Zero;

    public async Task RunAsync()
    {
        _sending = new ManyRun<ImportRow, List<BodyIssue>>(
            SendAsync,
            row => row.Contact!.ExternalId,
            settings.Many,
            settings.MaxRate
        );
        ledger.Ended = _sending.Stop;
        using var ending = new CancellationTokenSource(Timeout.InfiniteTimeSpan, settings.Many.TimeProvider);
        using var registration = interruption.Register(() =>
        {
            lock (_lock)
                ledger.End(ExitCode.Interrupted, "Interrupted.");

            ending.CancelAfter(Grace);
            note($"Stopping: what is under way has {Grace.TotalSeconds} s to finish; a second signal ends at once.");
        });
        try
        {
            // Only the run ends the reading, so that the reason is recorded before the rows end.
            await foreach (var result in _sending.RunAsync(RowsAsync(CancellationToken.None), ending.Token))
                Finish(result);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // Rows in flight remain unfinished.
        }
        catch (Exception e) when (InputFile.IsReadError(e))
        {
            lock (_lock)
                ledger.End(ExitCode.Stopped, $"The input cannot be read beyond row {rows.Number}: {e.Message}");
        }

        lock (_lock)
        {
            if (!_hasProcessedRow && _serverFaults.Count > 0)
                ledger.End(ExitCode.Unreachable, _serverFaults[^1].Exception.Message);

            FailServerFaults(before: long.MaxValue);
            if (ledger.EndedBy is null)
                ledger.ReplaceRejects();
        }
    }

    private async IAsyncEnumerable<ImportRow> RowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (ledger.EndedBy is null && await rows.MoveNextAsync(cancellationToken))
        {
            if (NextToSend() is { } row)
                yield return row;
        }
    }

    /// <returns>The current row; null if it is done, has failed or belongs to another shard.</returns>
    private ImportRow? NextToSend()
    {
        lock (_lock)
        {
            var wasSent = ledger.WasSent(rows.Number);
            if (wasSent == true)
            {
                ledger.Skip();
                return null;
            }

            var row = rows.Current();
            // A row that failed in this shard stays in it: with other options it may become a contact of another shard.
            if (wasSent is null && !settings.Shard.Contains(row))
                return null;

            ledger.Rows++;
            if (wasSent == false && !settings.RetriesRejected)
            {
                ledger.FailEarlier(row);
                return null;
            }

            if (row.Error is not null)
            {
                ledger.Fail(row, row.Error, isFinal: true);
                return null;
            }

            if (row.Removed is not null && !_isNullNoted)
            {
                _isNullNoted = true;
                note(
                    $"{row.Name} sets {row.Removed} to null, which removes what the API has; "
                        + "with --null absent, null leaves it."
                );
            }

            return row;
        }
    }

    /// <returns>In a dry run, the reasons why the API may refuse the row; otherwise none.</returns>
    private async Task<List<BodyIssue>> SendAsync(
        ImportRow row,
        OrqRequestOptions options,
        CancellationToken cancellationToken
    )
    {
        var issues = new List<BodyIssue>();
        var contact = row.Contact!;
        if (client is null)
        {
            // Throws if the client would not send it.
            var json = JsonSerializer.SerializeToUtf8Bytes(contact);
            ContactBody.Parse(new(json), issues);
            return issues;
        }

        if (_heldIds.ContainsKey(contact.ExternalId))
        {
            // The next run sends the earlier row, which would overwrite this one.
            throw new FormatException("not sent, because an earlier row of its external_id failed");
        }

        using var call = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // An interruption cancels a call only once it waits for a retry.
        var retry = default(CancellationTokenRegistration);
        log.Begin(
            row.Name,
            retrying: () =>
            {
                retry.Dispose();
                retry = interruption.Register(call.Cancel);
            }
        );
        try
        {
            await client.CreateContactAsync(contact, options, call.Token);
            return issues;
        }
        catch (OrqException e) when (ledger.CanResume && ExitCode.Of(e) == ExitCode.Unreachable)
        {
            _heldIds[contact.ExternalId] = true;
            throw;
        }
        finally
        {
            await retry.DisposeAsync();
        }
    }

    private void Finish(ManyRun<ImportRow, List<BodyIssue>>.Result result)
    {
        var row = result.Request;
        lock (_lock)
        {
            switch (result.Exception)
            {
                case null:
                    result.Response!.ForEach(issue => ledger.Warn(row, $"{issue.Path} {issue.Message}"));
                    NoteProcessed(row);
                    ledger.Succeed(row);
                    break;
                case OperationCanceledException:
                    break;
                case OrqRateLimitException limit:
                    ledger.End(ExitCode.Stopped, limit.Message);
                    break;
                case OrqException refusal when ExitCode.Of(refusal) == ExitCode.Refused:
                    ledger.End(ExitCode.Refused, refusal.Message);
                    break;
                case OrqException fault when ExitCode.Of(fault) == ExitCode.Unreachable:
                    _serverFaults.Add((row, fault));
                    if (_serverFaults.Count >= Math.Max(settings.Many.MaxConcurrency, MinServerFaults))
                        ledger.End(ExitCode.Unreachable, fault.Message);

                    break;
                case OrqException rejection:
                    NoteProcessed(row);
                    ledger.Fail(row, rejection.Message, isFinal: true);
                    break;
                case ArgumentException invalid:
                    ledger.Fail(row, CommandLine.WithoutParameter(invalid), isFinal: true);
                    break;
                case var notSent:
                    ledger.Fail(row, notSent.Message, isFinal: false);
                    break;
            }
        }
    }

    private void NoteProcessed(ImportRow row)
    {
        _hasProcessedRow = true;
        FailServerFaults(before: row.Number);
    }

    // Rows before one that the server processed are at fault themselves, unless the server has ended the run.
    private void FailServerFaults(long before)
    {
        if (ledger.EndedBy?.ExitCode != ExitCode.Unreachable)
        {
            var failed = _serverFaults.FindAll(fault => fault.Row.Number < before);
            failed.ForEach(fault => ledger.Fail(fault.Row, fault.Exception.Message, isFinal: false));
            _serverFaults.RemoveAll(failed.Contains);
        }
    }
}
