using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace OrqGenerated.Internal;

/// <summary>
/// One run of many calls. Whatever happens is posted as an action to a single loop, which runs it and then starts the
/// calls that may start; so nothing here needs a lock.
/// </summary>
/// <param name="send">Makes one call with the given options.</param>
/// <param name="keyOf">Requests with the same key are sent one after the other, in order.</param>
/// <param name="options">Concurrency, retries and pauses.</param>
/// <param name="maxRate">The most calls to start per second; null for no limit but the server's.</param>
internal sealed class ManyRun<TRequest, TResponse>(
    Func<TRequest, OrqRequestOptions, CancellationToken, Task<TResponse>> send,
    Func<TRequest, string> keyOf,
    CreateManyOptions options,
    double? maxRate = null
)
{
    // The most requests held back for an earlier one with their key.
    private const int MaxHeld = 4096;

    private readonly ManyPacer _pacer = new(options.TimeProvider, options.MaxPause, maxRate);
    private readonly OrqRequestOptions _callOptions = new() { Retry = options.Retry.Without(status: 429) };
    private readonly Channel<Action> _events = Channel.CreateUnbounded<Action>();
    private readonly Channel<Result> _results = Channel.CreateUnbounded<Result>();

    // Requests to send, by index: one that was refused or held back comes before newer ones.
    private readonly PriorityQueue<Item, long> _ready = new();

    // The requests without a result, by their key; the first of each is ready or being sent, and holds back the others.
    private readonly Dictionary<string, Queue<Item>> _unfinished = [];
    private int _unfinishedCount;
    private int _running;
    private int _unreadResults;
    private bool _isReading = true;
    private bool _hasReadAll;
    private Exception? _sourceError;

    /// <inheritdoc cref="ManyPacer.Pause"/>
    public TimeSpan Pause => _pacer.Pause;

    // Not disposed, since Stop may be called after the run has ended; no fields, which CA1001 wants disposed.
    private CancellationTokenSource Stopping { get; } = new();

    private CancellationTokenSource Calling { get; } = new();

    /// <summary>Released for each further request to be read.</summary>
    private SemaphoreSlim ReadPermit { get; } = new(0);

    private bool IsStopping => Stopping.IsCancellationRequested;

    private bool HasFreeCall => !IsStopping && _running + _unreadResults < options.MaxConcurrency;

    /// <summary>Ends the run after the results of the calls in flight. Thread-safe.</summary>
    public void Stop()
    {
        _ = Stopping.CancelAsync();
        Wake();
    }

    public async IAsyncEnumerable<Result> RunAsync(
        IAsyncEnumerable<TRequest> requests,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.Register(Cancel).ConfigureAwait(false);
        _ = ReadAsync(requests);
        var sending = SendAsync();
        try
        {
            await foreach (var result in _results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                // Lets the next call start while the consumer works on this result.
                Post(() => _unreadResults--);
                yield return result;
            }

            // The results may have ended because of it.
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

    private void Post(Action happened) => _events.Writer.TryWrite(happened);

    private void Wake() => Post(static () => { });

    private async Task ReadAsync(IAsyncEnumerable<TRequest> requests)
    {
        try
        {
            var index = 0L;
            await foreach (var request in requests.WithCancellation(Stopping.Token).ConfigureAwait(false))
            {
                var item = new Item(index++, request, keyOf(request));
                Post(() => Add(item));
                await ReadPermit.WaitAsync(Stopping.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            // A source may throw because the run was stopped.
            _sourceError = IsStopping ? null : e;
        }

        Post(() => _hasReadAll = true);
    }

    private async Task SendAsync()
    {
        try
        {
            using var timer = options.TimeProvider.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, default);
            while (!_hasReadAll || _running > 0 || (_ready.Count > 0 && !IsStopping))
            {
                var happened = await _events.Reader.ReadAsync().ConfigureAwait(false);
                happened();
                StartCalls(timer);
                if (HasFreeCall && !_isReading && _ready.Count == 0 && _unfinishedCount - _running < MaxHeld)
                {
                    _isReading = true;
                    ReadPermit.Release();
                }
            }
        }
        finally
        {
            // Even if the caller's clock throws: the results must end.
            _results.Writer.Complete(_sourceError);
        }
    }

    private void Add(Item item)
    {
        _isReading = false;
        _unfinishedCount++;
        if (!_unfinished.TryGetValue(item.Key, out var sameKey))
            _unfinished.Add(item.Key, sameKey = new());

        sameKey.Enqueue(item);
        if (sameKey.Count == 1)
            _ready.Enqueue(item, item.Index);
    }

    private void StartCalls(ITimer timer)
    {
        while (HasFreeCall && _ready.Count > 0)
        {
            var wait = _pacer.Wait;
            if (wait > TimeSpan.Zero)
            {
                // Timers truncate to whole milliseconds, and would fire early.
                timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
                return;
            }

            var item = _ready.Dequeue();
            var cycle = _pacer.Started();
            _running++;
            // A client may do much, or everything, synchronously.
            _ = Task.Run(() => CallAsync(item, cycle), CancellationToken.None);
        }
    }

    private async Task CallAsync(Item item, int cycle)
    {
        try
        {
            var response = await send(item.Request, _callOptions, Calling.Token).ConfigureAwait(false);
            Post(() => End(item, cycle, response, exception: null));
        }
        catch (Exception e)
        {
            Post(() => End(item, cycle, response: default, e));
        }
    }

    private void End(Item item, int cycle, TResponse? response, Exception? exception)
    {
        _running--;
        if (exception is OrqApiException { StatusCode: 429 } limit && _pacer.TryPause(cycle, limit.RetryAfter))
        {
            _ready.Enqueue(item, item.Index);
            return;
        }

        _pacer.Ended(cycle, isAllowed: exception is null or OrqApiException or OrqResponseException);
        if (CreateManyResult.Ends(exception))
            Stop();

        _unfinishedCount--;
        var sameKey = _unfinished[item.Key];
        sameKey.Dequeue();
        if (sameKey.TryPeek(out var next))
            _ready.Enqueue(next, next.Index);
        else
            _unfinished.Remove(item.Key);

        _unreadResults++;
        _results.Writer.TryWrite(new(item.Index, item.Request, response, exception));
    }

    private sealed record Item(long Index, TRequest Request, string Key);

    /// <summary>The response to one request of many, or its exception.</summary>
    public sealed record Result(long Index, TRequest Request, TResponse? Response, Exception? Exception);
}
