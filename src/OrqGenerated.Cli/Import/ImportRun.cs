using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace OrqGenerated.Cli.Import;

/// <summary>Sends the rows of one shard that are not done yet, and keeps the books.</summary>
internal sealed class ImportRun(
    IContactsClient client,
    ImportInput input,
    Shard shard,
    Checkpoint? checkpoint,
    RejectsFile? rejects,
    Action<string> note
)
{
    private const int NotedFailures = 10;

    // With few calls at a time, a few rows that the server cannot take must not end the run.
    private const int MinServerFaults = 8;

    // Rows are read and results come on different threads.
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, ImportRow> _running = new();
    private readonly Dictionary<string, TaskCompletionSource> _runningIds = new(
        StringComparer.Ordinal
    );

    // Of rows that the next run sends again.
    private readonly HashSet<string> _repeatableIds = new(StringComparer.Ordinal);
    private int _serverFaultsInARow;
    private bool _isAnswered;
    private bool _isGivenUp;
    private Exception? _serverFault;
    private Exception? _refusal;

    /// <summary>Rows of the shard that were read.</summary>
    public long Rows { get; private set; }

    public long Succeeded { get; private set; }

    /// <summary>Rows that failed, those of earlier runs too.</summary>
    public long Failed { get; private set; }

    /// <summary>Rows that had failed for good in an earlier run, and were not sent again.</summary>
    public long FailedEarlier { get; private set; }

    /// <summary>Rows that an earlier run had sent.</summary>
    public long Skipped { get; private set; }

    /// <summary>Failed rows that the next run with the same checkpoint sends again.</summary>
    public long Repeatable { get; private set; }

    /// <summary>Why the rest of the rows was not sent, or why none could be; null when the rows themselves decided.</summary>
    public Exception? EndedBy => _refusal ?? (_isGivenUp || !_isAnswered ? _serverFault : null);

    public async Task RunAsync(int concurrency, CancellationToken cancellationToken)
    {
        var results = client.CreateManyAsync(
            ContactsAsync(CancellationToken.None),
            new CreateManyOptions { MaxConcurrency = concurrency },
            cancellationToken
        );
        await foreach (var result in results.ConfigureAwait(false))
        {
            _running.TryRemove(result.Index, out var row);
            lock (_lock)
            {
                Finish(row!, result);
            }

            // One call after the other that finds no server, or no contacts there: the rest will not fare better.
            if (_serverFaultsInARow >= Math.Max(concurrency, MinServerFaults))
            {
                _isGivenUp = true;
                break;
            }
        }
    }

    private async IAsyncEnumerable<CreateContactRequestBody> ContactsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        long index = 0;
        await foreach (var row in input.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!shard.Holds(row) || !IsToSend(row))
            {
                continue;
            }

            // Two rows with one id: the later one counts, so it waits for the earlier.
            var id = row.Contact!.ExternalId ?? "";
            while (CallUnderWay(id) is { } earlier)
            {
                await earlier.WaitAsync(cancellationToken).ConfigureAwait(false);
            }

            if (!TryStart(row, id))
            {
                continue;
            }

            _running[index++] = row;
            yield return row.Contact;
        }
    }

    private bool IsToSend(ImportRow row)
    {
        lock (_lock)
        {
            Rows++;
            var hasFailed = false;
            if (checkpoint?.IsDone(row.Number, out hasFailed) == true)
            {
                if (hasFailed)
                {
                    Failed++;
                    FailedEarlier++;
                }
                else
                {
                    Skipped++;
                }

                return false;
            }

            if (row.Contact is null)
            {
                Fail(row, row.Error!, isFinal: true);
                return false;
            }

            return true;
        }
    }

    private Task? CallUnderWay(string id)
    {
        lock (_lock)
        {
            return _runningIds.GetValueOrDefault(id)?.Task;
        }
    }

    /// <summary>Notes that a call for the row is under way, unless an earlier row of its id still has to be sent.</summary>
    private bool TryStart(ImportRow row, string id)
    {
        lock (_lock)
        {
            if (_repeatableIds.Contains(id))
            {
                // Sent now, it would be overwritten when the next run sends the earlier row.
                Fail(
                    row,
                    "not sent, because an earlier row of its external_id failed",
                    isFinal: false
                );
                return false;
            }

            _runningIds[id] = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return true;
        }
    }

    private void Finish(ImportRow row, CreateManyResult result)
    {
        _runningIds.Remove(row.Contact!.ExternalId ?? "", out var waiting);
        waiting!.SetResult();
        if (result.IsSuccess)
        {
            Succeeded++;
            checkpoint?.Add(row.Number, hasFailed: false);
        }
        else
        {
            var message = result.Exception is ArgumentException argument
                ? CommandLine.WithoutParameter(argument)
                : result.Exception.Message;
            Fail(row, message, IsFinal(result.Exception));
        }

        if (result.EndsRun)
        {
            _refusal = result.Exception;
        }
        else if (IsServerFault(result.Exception))
        {
            _serverFault = result.Exception;
            _serverFaultsInARow++;
        }
        else if (result.Exception is not ArgumentException)
        {
            _isAnswered = true;
            _serverFaultsInARow = 0;
        }
    }

    private void Fail(ImportRow row, string message, bool isFinal)
    {
        Failed++;
        var failedNow = Failed - FailedEarlier;
        if (failedNow <= NotedFailures)
        {
            note(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"row {row.Number} (line {row.Line}): {message}"
                )
            );
        }
        else if (failedNow == NotedFailures + 1)
        {
            note("Further rows that fail are not shown; --rejects FILE keeps them all.");
        }

        // With a checkpoint, what another run can mend is left to it.
        if (checkpoint is null || isFinal)
        {
            rejects?.Add(row, message);
            checkpoint?.Add(row.Number, hasFailed: true);
        }
        else
        {
            Repeatable++;
            _repeatableIds.Add(row.Contact!.ExternalId ?? "");
        }
    }

    /// <summary>Whether the same row would fail again, wherever it is sent.</summary>
    private static bool IsFinal(Exception exception) =>
        exception
            is ArgumentException
                or OrqResponseException
                or OrqApiException { StatusCode: 400 or 409 or 413 or 422 };

    /// <summary>Whether every row would fail alike: there is no server, or it is not the API, as with a wrong URL.</summary>
    private static bool IsServerFault(Exception? exception) =>
        exception is OrqConnectionException or OrqTimeoutException
        || (
            exception is OrqApiException { StatusCode: < 500 and not (408 or 429) }
            && !IsFinal(exception)
        );
}
