using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OrqGenerated.Internal;

/// <summary>
/// One run of many calls. A slot is taken before a request is read and released when its result is consumed, which
/// bounds both calls and memory.
/// </summary>
/// <param name="send">Makes one call with the given options.</param>
/// <param name="keyOf">Requests with the same key are sent one after the other, in order; null for no order.</param>
/// <param name="options">Concurrency, retries and pauses.</param>
/// <param name="maxRate">The most calls to start per second; null for no limit but the server's.</param>
internal sealed class ManyRun<TRequest, TResponse>(
    Func<TRequest, OrqRequestOptions, CancellationToken, Task<TResponse>> send,
    Func<TRequest, object?> keyOf,
    CreateManyOptions options,
    double? maxRate = null
)
{
    // The most requests held back for an earlier one with their key.
    private const int MaxHeld = 4096;

    private readonly ManyPacer _pacer = new(options.TimeProvider, options.MaxPause, maxRate);
    private readonly OrqRequestOptions _callOptions = new() { Retry = options.Retry.Without(status: 429) };
    private readonly Channel<ManyResult<TRequest, TResponse>> _results = Channel.CreateUnbounded<
        ManyResult<TRequest, TResponse>
    >();

    // Completes when a call ends, since the next one may then start earlier.
    private volatile TaskCompletionSource _callEnded = new();

    /// <inheritdoc cref="ManyPacer.Pause"/>
    public TimeSpan Pause => _pacer.Pause;

    // Not disposed, since Stop may be called after the run has ended; no fields, which CA1001 wants disposed.
    private CancellationTokenSource Stopping { get; } = new();

    private CancellationTokenSource Calling { get; } = new();

    private SemaphoreSlim Slots { get; } = new(options.MaxConcurrency);

    /// <summary>Taken before each request is read, and kept only by one that is held back.</summary>
    private SemaphoreSlim HeldSlots { get; } = new(MaxHeld);

    /// <summary>Held by the one request that waits for the pacer.</summary>
    private SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Ends the run after the results of the calls in flight. Thread-safe.</summary>
    public void Stop() => _ = Stopping.CancelAsync();

    public async IAsyncEnumerable<ManyResult<TRequest, TResponse>> RunAsync(
        IAsyncEnumerable<TRequest> requests,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var registration = cancellationToken.Register(Cancel).ConfigureAwait(false);
        var sending = SendAllAsync(requests);
        try
        {
            await foreach (var result in _results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                // Lets the next call start while the consumer works on this result.
                Slots.Release();
                yield return result;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            Cancel();
            await sending.ConfigureAwait(false);
        }
    }

    private void Cancel()
    {
        Stop();
        _ = Calling.CancelAsync();
    }

    private async Task SendAllAsync(IAsyncEnumerable<TRequest> requests)
    {
        Dictionary<object, Task> lastOfKey = [];
        Exception? sourceError = null;
        try
        {
            var source = requests.GetAsyncEnumerator(Stopping.Token);
            await using var disposal = source.ConfigureAwait(false);
            var count = 0L;
            while (true)
            {
                await HeldSlots.WaitAsync(Stopping.Token).ConfigureAwait(false);
                await Slots.WaitAsync(Stopping.Token).ConfigureAwait(false);
                // A slot may still be granted just after Stop.
                if (Stopping.IsCancellationRequested || !await source.MoveNextAsync().ConfigureAwait(false))
                    break;

                var index = count++;
                var request = source.Current;
                var key = keyOf(request) ?? new object();
                // With a single slot, having it means that the earlier call has ended, even if its task does not show
                // it yet. A request held back now would wait for a slot that the next read has taken.
                var mayHold = options.MaxConcurrency > 1;
                if (mayHold && lastOfKey.TryGetValue(key, out var earlier) && !earlier.IsCompleted)
                {
                    Slots.Release();
                    lastOfKey[key] = SendAfterAsync(earlier, index, request);
                }
                else
                {
                    HeldSlots.Release();
                    var cycle = await StartAsync().ConfigureAwait(false);
                    // A client may do much, or everything, synchronously.
                    lastOfKey[key] = Task.Run(() => SendAsync(index, request, cycle), CancellationToken.None);
                }

                if (index % MaxHeld == 0)
                {
                    foreach (var last in lastOfKey.Where(last => last.Value.IsCompleted))
                        lastOfKey.Remove(last.Key);
                }
            }
        }
        catch (Exception e)
        {
            // A source may throw because it was stopped.
            sourceError = Stopping.IsCancellationRequested ? null : e;
        }

        await Task.WhenAll(lastOfKey.Select(last => last.Value)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _results.Writer.Complete(sourceError);
    }

    private async Task SendAfterAsync(Task earlier, long index, TRequest request)
    {
        await earlier.ConfigureAwait(false);
        HeldSlots.Release();
        await Slots.WaitAsync(Stopping.Token).ConfigureAwait(false);
        await SendAsync(index, request, await StartAsync().ConfigureAwait(false)).ConfigureAwait(false);
    }

    private async Task SendAsync(long index, TRequest request, ManyPacer.Cycle cycle)
    {
        ManyResult<TRequest, TResponse>? result;
        while ((result = await CallAsync(index, request, cycle).ConfigureAwait(false)) is null)
            cycle = await StartAsync().ConfigureAwait(false);

        _results.Writer.TryWrite(result);
    }

    /// <returns>Null if the request must be sent again.</returns>
    private async Task<ManyResult<TRequest, TResponse>?> CallAsync(long index, TRequest request, ManyPacer.Cycle cycle)
    {
        try
        {
            var response = await send(request, _callOptions, Calling.Token).ConfigureAwait(false);
            _pacer.Ended(cycle, isAllowed: true);
            return new(index, request, response, Exception: null);
        }
        catch (OrqRateLimitException e) when (_pacer.TryPause(cycle, e.RetryAfter))
        {
            return null;
        }
        catch (Exception e)
        {
            _pacer.Ended(cycle, isAllowed: e is OrqApiException or OrqResponseException);
            if (CreateManyResult.Ends(e))
                Stop();

            return new(index, request, default, e);
        }
        finally
        {
            _callEnded.TrySetResult();
        }
    }

    /// <summary>Waits until a call may start.</summary>
    /// <returns>The pacer's cycle.</returns>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    private async Task<ManyPacer.Cycle> StartAsync()
    {
        await Turn.WaitAsync(Stopping.Token).ConfigureAwait(false);
        try
        {
            while (true)
            {
                Stopping.Token.ThrowIfCancellationRequested();
                _callEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
                var wait = _pacer.Wait;
                if (wait <= TimeSpan.Zero)
                    return _pacer.Started();

                // Timers truncate to whole milliseconds, and would fire early.
                var whole = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
                await _callEnded
                    .Task.WaitAsync(whole, options.TimeProvider, Stopping.Token)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            Turn.Release();
        }
    }
}

/// <summary>The response to one request of many, or its exception.</summary>
internal sealed record ManyResult<TRequest, TResponse>(
    long Index,
    TRequest Request,
    TResponse? Response,
    Exception? Exception
);
