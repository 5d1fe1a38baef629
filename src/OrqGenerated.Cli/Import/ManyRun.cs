using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace OrqGenerated.Cli.Import;

/// <summary>How long no call may start, and at which rate they do.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ManyPace(TimeSpan Pause);

/// <summary>What came of one request.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ManyResult<TRequest, TAnswer>(
    TRequest Request,
    TAnswer? Answer,
    Exception? Exception
)
{
    public bool EndsRun =>
        Exception is OrqApiException { StatusCode: 401 or 402 or 403 } or OrqRateLimitException;
}

/// <summary>Runs many calls, so many at a time; a 429 holds all of them back and fails none.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Nobody waits on the token's handle.")]
internal sealed class ManyRun<TRequest, TAnswer>(
    Func<TRequest, OrqRequestOptions, CancellationToken, Task<TAnswer>> send,
    Func<TRequest, object?> keyOf,
    CreateManyOptions options,
    RetryConfig retry,
    double? maxRate
)
    where TAnswer : class
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<object, Task> _last = new();
    private readonly long _start = options.TimeProvider.GetTimestamp();
    private long _pausedUntil;
    private TimeSpan _next;

    public ManyPace Pace =>
        new(TimeSpan.FromTicks(Math.Max(0, Volatile.Read(ref _pausedUntil) - Now.Ticks)));

    private TimeSpan Now => options.TimeProvider.GetElapsedTime(_start);

    public void Stop() => _stop.Cancel();

    public async IAsyncEnumerable<ManyResult<TRequest, TAnswer>> RunAsync(
        IAsyncEnumerable<TRequest> requests,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var results = Channel.CreateBounded<ManyResult<TRequest, TAnswer>>(options.MaxConcurrency);
        var pump = PumpAsync(requests, results.Writer, cancellationToken);
        await foreach (
            var result in results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false)
        )
        {
            yield return result;
        }

        await pump.ConfigureAwait(false);
    }

    private async Task PumpAsync(
        IAsyncEnumerable<TRequest> requests,
        ChannelWriter<ManyResult<TRequest, TAnswer>> results,
        CancellationToken cancellationToken
    )
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            _stop.Token
        );
        using var free = new SemaphoreSlim(options.MaxConcurrency);
        var running = new ConcurrentDictionary<Task, bool>();
        try
        {
            await foreach (
                var request in requests.WithCancellation(stopping.Token).ConfigureAwait(false)
            )
            {
                await free.WaitAsync(stopping.Token).ConfigureAwait(false);
                if (maxRate is { } perSecond)
                {
                    _next = Max(_next + TimeSpan.FromSeconds(1 / perSecond), Now);
                    await DelayAsync(_next - Now, stopping.Token).ConfigureAwait(false);
                }

                var key = keyOf(request);
                var before = key is null ? null : _last.GetValueOrDefault(key);
                var call = CallAsync(request, before);
                running[call] = true;
                if (key is not null)
                {
                    _last[key] = call;
                }

                _ = call.ContinueWith(
                    done =>
                    {
                        running.TryRemove(done, out _);
                        if (key is not null)
                        {
                            _last.TryRemove(new KeyValuePair<object, Task>(key, done));
                        }
                    },
                    TaskScheduler.Default
                );
            }
        }
        catch (OperationCanceledException)
        {
            // What has not started stays unfinished.
        }

        await Task.WhenAll(running.Keys).ConfigureAwait(false);
        results.Complete();

        async Task CallAsync(TRequest request, Task? before)
        {
            await Task.Yield();
            if (before is not null)
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var result = await SendAsync(request, stopping.Token, cancellationToken)
                .ConfigureAwait(false);
            await results.WriteAsync(result, CancellationToken.None).ConfigureAwait(false);
            free.Release();
        }
    }

    private async Task<ManyResult<TRequest, TAnswer>> SendAsync(
        TRequest request,
        CancellationToken stopping,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            try
            {
                await DelayAsync(Pace.Pause, stopping).ConfigureAwait(false);
                var answer = await send(
                        request,
                        new OrqRequestOptions { Retry = retry },
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                return new(request, answer, null);
            }
            catch (OrqRateLimitException e)
                when ((e.RetryAfter ?? TimeSpan.FromSeconds(1)) <= options.MaxPause)
            {
                Volatile.Write(
                    ref _pausedUntil,
                    (Now + (e.RetryAfter ?? TimeSpan.FromSeconds(1))).Ticks
                );
            }
            catch (Exception e)
            {
                return new(request, null, e);
            }
        }
    }

    private Task DelayAsync(TimeSpan time, CancellationToken cancellationToken) =>
        time <= TimeSpan.Zero
            ? Task.CompletedTask
            : Task.Delay(
                TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds)),
                options.TimeProvider,
                cancellationToken
            );

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
