using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace OrqGenerated.Internal;

/// <summary>
/// One run of many calls. A single loop, driven by the consumer of the results, starts the calls; a result that has not
/// been consumed counts as a running call, which bounds the memory.
/// </summary>
/// <param name="send">Makes one call with the given options.</param>
/// <param name="keyOf">Requests with equal keys run one after the other, in order; null for no order.</param>
/// <param name="options">Concurrency, retries and pauses.</param>
/// <param name="maxRate">The most calls to start in a second; null for no limit of our own.</param>
internal sealed class ManyRun<TRequest, TAnswer>(
    Func<TRequest, OrqRequestOptions, CancellationToken, Task<TAnswer>> send,
    Func<TRequest, object?> keyOf,
    CreateManyOptions options,
    double? maxRate = null
)
{
    // Requests that are read but wait for an earlier one with their key.
    private const int MaxHeld = 4096;

    private readonly ManyPacer _pacer = new(options.TimeProvider, options.MaxPause, maxRate);
    private readonly OrqRequestOptions _callOptions = new() { Retry = options.Retry.Without(status: 429) };

    // One for every call, source read and pause, when it ends.
    private readonly Channel<Signal> _signals = Channel.CreateUnbounded<Signal>();

    // Requests to start before another is read: the last one read, those refused with a 429, and those whose key is
    // free.
    private readonly Queue<Item> _ready = new();

    private readonly long _start = options.TimeProvider.GetTimestamp();

    // The keys under way, with the requests held for each.
    private readonly Dictionary<object, Queue<Item>?> _keys = [];

    private int _held;
    private int _running;
    private int _signalsToCome;
    private long _index;

    // Ends with null when the source has no further request.
    private Task<Item?>? _read;
    private Task? _pause;
    private TimeSpan _pauseEnd;
    private CancellationTokenSource? _wake;
    private ExceptionDispatchInfo? _sourceError;

    // Not disposed: Stop may be called when the run has ended.
    private CancellationTokenSource Stopping { get; } = new();

    /// <inheritdoc cref="ManyPacer.Pause"/>
    public TimeSpan Pause => _pacer.Pause;

    /// <summary>
    /// Ends the run once the calls in flight have given their results. May be called from any thread.
    /// </summary>
    public void Stop() => _ = Stopping.CancelAsync();

    public async IAsyncEnumerable<ManyResult<TRequest, TAnswer>> RunAsync(
        IAsyncEnumerable<TRequest> requests,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping.Token);
        using var calling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var source = requests.GetAsyncEnumerator(reading.Token);
        try
        {
            StartCalls(source, reading.Token, calling.Token);
            while (_signalsToCome > 0)
            {
                var (item, result) = await _signals.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                _signalsToCome--;
                if (item is not null)
                {
                    Take(item, result);
                }

                // The next call does not wait until this result has been consumed.
                StartCalls(source, reading.Token, calling.Token);
                if (result is not null)
                {
                    yield return result.Value;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            _sourceError?.Throw();
        }
        finally
        {
            Stop();
            await calling.CancelAsync().ConfigureAwait(false);
            for (; _signalsToCome > 0; _signalsToCome--)
            {
                await _signals.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }

            _wake?.Dispose();
            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes note of a call that has ended.</summary>
    private void Take(Item item, ManyResult<TRequest, TAnswer>? result)
    {
        _running--;
        if (result is null)
        {
            _ready.Enqueue(item);
            return;
        }

        Release(item.Key);
        if (result.Value.EndsRun)
        {
            Stop();
        }
    }

    private void StartCalls(IAsyncEnumerator<TRequest> source, CancellationToken reading, CancellationToken calling)
    {
        while (!Stopping.IsCancellationRequested && _running < options.MaxConcurrency)
        {
            if (_ready.Count == 0)
            {
                if (_held == MaxHeld || Next(source) is not { } next)
                {
                    return;
                }

                Add(next);
                continue;
            }

            var wait = _pacer.Wait;
            if (wait > TimeSpan.Zero)
            {
                PauseFor(wait, reading);
                return;
            }

            // The run does not end before its timers.
            _wake?.Cancel();
            var item = _ready.Dequeue();
            var cycle = _pacer.Started();
            _running++;
            _signalsToCome++;
            // A client may do much before its first await, or all of it.
            _ = Task.Run(() => CallAsync(item, cycle, calling), CancellationToken.None);
        }
    }

    private async Task CallAsync(Item item, int cycle, CancellationToken cancellationToken)
    {
        ManyResult<TRequest, TAnswer>? result;
        try
        {
            var answer = await send(item.Request, _callOptions, cancellationToken).ConfigureAwait(false);
            _pacer.Ended(cycle, isAllowed: true);
            result = new(item.Index, item.Request, answer, Exception: null);
        }
        catch (OrqRateLimitException e) when (_pacer.TryPause(cycle, e.RetryAfter))
        {
            result = null;
        }
        catch (Exception e)
        {
            _pacer.Ended(cycle, isAllowed: e is OrqApiException or OrqResponseException);
            result = new(item.Index, item.Request, default, e);
        }

        _signals.Writer.TryWrite(new Signal(item, result));
    }

    /// <returns>Null if there is no further request, or none yet; then a signal will follow.</returns>
    private Item? Next(IAsyncEnumerator<TRequest> source)
    {
        if (_read is null)
        {
            _read = ReadAsync(source);
            if (!_read.IsCompleted)
            {
                _ = SignalAfterAsync(_read);
            }
        }

        if (!_read.IsCompleted || _read.Result is not { } item)
        {
            return null;
        }

        _read = null;
        return item;
    }

    private async Task<Item?> ReadAsync(IAsyncEnumerator<TRequest> source)
    {
        try
        {
            return await source.MoveNextAsync().ConfigureAwait(false)
                ? new Item(_index++, source.Current, keyOf(source.Current))
                : null;
        }
        catch (Exception e)
        {
            // A source that is stopped may say so with an exception.
            _sourceError = Stopping.IsCancellationRequested ? null : ExceptionDispatchInfo.Capture(e);
            return null;
        }
    }

    private void Add(Item item)
    {
        if (item.Key is null || _keys.TryAdd(item.Key, null))
        {
            _ready.Enqueue(item);
            return;
        }

        var waiting = _keys[item.Key] ??= new Queue<Item>();
        waiting.Enqueue(item);
        _held++;
    }

    private void Release(object? key)
    {
        if (key is not null && _keys[key] is { Count: > 0 } waiting)
        {
            _ready.Enqueue(waiting.Dequeue());
            _held--;
        }
        else if (key is not null)
        {
            _keys.Remove(key);
        }
    }

    private void PauseFor(TimeSpan wait, CancellationToken cancellationToken)
    {
        // A timer drops fractions of a millisecond, and would fire early.
        var whole = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds));
        var end = options.TimeProvider.GetElapsedTime(_start) + whole;
        if (_pause is { IsCompleted: false } && end >= _pauseEnd)
        {
            return;
        }

        _wake?.Cancel();
        _wake?.Dispose();
        _wake = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        (_pause, _pauseEnd) = (Task.Delay(whole, options.TimeProvider, _wake.Token), end);
        _ = SignalAfterAsync(_pause);
    }

    private async Task SignalAfterAsync(Task task)
    {
        _signalsToCome++;
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _signals.Writer.TryWrite(default);
    }

    private sealed record Item(long Index, TRequest Request, object? Key);

    // Without an item: a read or a pause has ended. Without a result: the request is to be sent again.
    private readonly record struct Signal(Item? Item, ManyResult<TRequest, TAnswer>? Result);
}

/// <summary>The answer to one request of many, or its exception.</summary>
internal readonly record struct ManyResult<TRequest, TAnswer>(
    long Index,
    TRequest Request,
    TAnswer? Answer,
    Exception? Exception
)
{
    public bool EndsRun => CreateManyResult.Ends(Exception);
}
