using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;

namespace OrqGenerated;

/// <summary>The results of many contacts; each enumeration of them is a run of its own.</summary>
internal sealed class CreateManyResults(
    IContactsClient client,
    IAsyncEnumerable<CreateContactRequestBody> contacts,
    CreateManyOptions options,
    CancellationToken token
) : IAsyncEnumerable<CreateManyResult>
{
    public IAsyncEnumerator<CreateManyResult> GetAsyncEnumerator(
        CancellationToken cancellationToken = default
    ) =>
        new CreateManyRun(client, options)
            .RunAsync(contacts, token)
            .GetAsyncEnumerator(cancellationToken);
}

/// <summary>
/// One run over many contacts. A single loop, moved on by whoever reads the results, starts the calls; a result that
/// nobody has read yet counts as a running call, so that memory is bounded by the concurrency alone.
/// </summary>
internal sealed class CreateManyRun
{
    private readonly IContactsClient _client;
    private readonly OrqRequestOptions _callOptions;

    // Every call sends its result here; a source read or a pause that ends sends null: "look again".
    private readonly Channel<CreateManyResult?> _signals =
        Channel.CreateUnbounded<CreateManyResult?>(
            new UnboundedChannelOptions { SingleReader = true }
        );

    private readonly CreateManyPace _pace;
    private readonly TimeProvider _time;
    private int _signalsToCome;
    private int _running;
    private long _index;
    private bool _ended;
    private Task<bool>? _read;
    private Task? _pause;
    private ExceptionDispatchInfo? _sourceError;

    public CreateManyRun(IContactsClient client, CreateManyOptions options)
    {
        _client = client;
        _time = options.TimeProvider;
        _pace = new CreateManyPace(options);
        // A client that repeats a 429 itself says so while it waits.
        _callOptions = new OrqRequestOptions { RateLimited = wait => _pace.Limited(wait) };
    }

    public async IAsyncEnumerable<CreateManyResult> RunAsync(
        IAsyncEnumerable<CreateContactRequestBody> contacts,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var calling = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var source = contacts.GetAsyncEnumerator(reading.Token);
        try
        {
            while (true)
            {
                await StartCallsAsync(source, reading.Token, calling.Token).ConfigureAwait(false);
                if (_signalsToCome == 0)
                {
                    break;
                }

                var result = await _signals
                    .Reader.ReadAsync(cancellationToken)
                    .ConfigureAwait(false);
                _signalsToCome--;
                if (result is null)
                {
                    continue;
                }

                _running--;
                if (result.EndsRun)
                {
                    _ended = true;
                    await reading.CancelAsync().ConfigureAwait(false);
                }

                // The next call does not wait until this result is dealt with.
                await StartCallsAsync(source, reading.Token, calling.Token).ConfigureAwait(false);
                yield return result;
            }

            cancellationToken.ThrowIfCancellationRequested();
            _sourceError?.Throw();
        }
        finally
        {
            await reading.CancelAsync().ConfigureAwait(false);
            await calling.CancelAsync().ConfigureAwait(false);
            for (; _signalsToCome > 0; _signalsToCome--)
            {
                await _signals.Reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }

            await source.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask StartCallsAsync(
        IAsyncEnumerator<CreateContactRequestBody> source,
        CancellationToken reading,
        CancellationToken calling
    )
    {
        while (!_ended && _running < _pace.Limit)
        {
            var pause = _pace.Pause;
            if (pause > TimeSpan.Zero)
            {
                if (_pause is not { IsCompleted: false })
                {
                    // A timer drops fractions of a millisecond, and what is left would make it one of nothing.
                    var wait = TimeSpan.FromMilliseconds(Math.Ceiling(pause.TotalMilliseconds));
                    _pause = Task.Delay(wait, _time, reading);
                    SignalAfter(_pause);
                }

                return;
            }

            var isNew = _read is null;
            _read ??= MoveNextAsync(source);
            if (!_read.IsCompleted)
            {
                if (isNew)
                {
                    SignalAfter(_read);
                }

                return;
            }

            CreateContactRequestBody request;
            try
            {
                _ended = !await _read.ConfigureAwait(false);
                _read = null;
                if (_ended)
                {
                    return;
                }

                request = source.Current;
            }
            catch (Exception e)
            {
                _ended = true;
                _sourceError = ExceptionDispatchInfo.Capture(e);
                return;
            }

            var index = _index++;
            _running++;
            _signalsToCome++;
            // A client may do much before its first await, or all of it.
            _ = Task.Run(() => CallAsync(index, request, calling), CancellationToken.None);
        }
    }

    private async Task CallAsync(
        long index,
        CreateContactRequestBody request,
        CancellationToken cancellationToken
    )
    {
        CreateManyResult result;
        try
        {
            var contact = await _client
                .CreateContactAsync(request, _callOptions, cancellationToken)
                .ConfigureAwait(false);
            _pace.Succeeded();
            result = new CreateManyResult(index, request, contact);
        }
        catch (Exception e)
        {
            if (e is OrqRateLimitException limited)
            {
                _pace.Limited(limited.RetryAfter);
            }

            result = new CreateManyResult(index, request, e);
        }

        _signals.Writer.TryWrite(result);
    }

    // Turns what a source throws at once into a failed task.
    private static async Task<bool> MoveNextAsync(
        IAsyncEnumerator<CreateContactRequestBody> source
    ) => await source.MoveNextAsync().ConfigureAwait(false);

    private void SignalAfter(Task task)
    {
        _signalsToCome++;
        _ = SignalAsync(task);
    }

    private async Task SignalAsync(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _signals.Writer.TryWrite(null);
    }
}
