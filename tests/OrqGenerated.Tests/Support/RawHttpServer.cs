using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrqGenerated.Tests.Support;

/// <summary>
/// A server on a real socket that misbehaves as a test wants it: each accepted connection is handed to a script. If the
/// script returns without closing it, the connection stays open and silent until the client closes it, so a script
/// that ends early is a server that stalls.
/// </summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawConnection, Task>[] _scripts;
    private readonly ConcurrentQueue<Exception> _broken = [];
    private readonly ConcurrentDictionary<RawConnection, Task> _open = [];
    private readonly Lock _lock = new();
    private readonly List<(Func<bool> Reached, TaskCompletionSource Done)> _waiters = [];
    private readonly Task _accepting;
    private int _accepted;
    private int _requests;

    /// <param name="scripts">
    /// Scripts for the first connection, the second and so on; the last one serves all that follow.
    /// </param>
    public RawHttpServer(params Func<RawConnection, Task>[] scripts)
    {
        _scripts = scripts;
        _listener.Start(512);
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    /// <summary>The address that it listens on: <c>http://127.0.0.1:port</c>.</summary>
    public Uri Address { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Connections that neither side has closed.</summary>
    public int Open => _open.Count;

    /// <summary>The most connections that were open at the same time.</summary>
    public int MostOpen { get; private set; }

    /// <summary>Requests that scripts have read so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Completes when no connection is open.</summary>
    /// <exception cref="TimeoutException">One still is after 30 seconds.</exception>
    public Task WaitUntilNoneIsOpenAsync() => WaitAsync(() => _open.IsEmpty, "all connections are closed");

    /// <summary>Completes when this many requests have been read.</summary>
    /// <exception cref="TimeoutException">They have not after 30 seconds.</exception>
    public Task WaitForRequestsAsync(int count) => WaitAsync(() => Requests >= count, $"{count} requests have come");

    /// <summary>An address that refuses connections for as long as the returned socket lives.</summary>
    public static Socket Refuse(out Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        address = new Uri($"http://{socket.LocalEndPoint}");
        return socket;
    }

    /// <summary>
    /// Ends all connections. Throws what a script has thrown, unless the client had disconnected.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_open.Values);
        _stop.Dispose();
        if (!_broken.IsEmpty)
        {
            throw new AggregateException("A script of the server failed.", _broken);
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptSocketAsync(_stop.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
            {
                return;
            }

            var script = _scripts[Math.Min(_accepted, _scripts.Length - 1)];
            var connection = new RawConnection(socket, OnRequest, _stop.Token);
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _open[connection] = done.Task;
            MostOpen = Math.Max(MostOpen, _open.Keys.Count(c => !c.IsClosed));
            Interlocked.Increment(ref _accepted);
            _ = Task.Run(() => ServeAsync(connection, script, done));
        }
    }

    private async Task ServeAsync(RawConnection connection, Func<RawConnection, Task> script, TaskCompletionSource done)
    {
        try
        {
            await script(connection);
            await connection.WaitUntilClientClosesAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The client disconnected, the script closed the connection, or the test is over.
        }
        catch (Exception e)
        {
            _broken.Enqueue(e);
        }
        finally
        {
            connection.Close();
            _open.TryRemove(connection, out _);
            done.SetResult();
            Signal();
        }
    }

    private void OnRequest()
    {
        Interlocked.Increment(ref _requests);
        Signal();
    }

    private void Signal()
    {
        lock (_lock)
        {
            _waiters.FindAll(waiter => waiter.Reached()).ForEach(waiter => waiter.Done.TrySetResult());
            _waiters.RemoveAll(waiter => waiter.Done.Task.IsCompleted);
        }
    }

    private async Task WaitAsync(Func<bool> reached, string what)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiters.Add((reached, done));
        }

        Signal();
        try
        {
            await done.Task.WaitAsync(Guard, TimeProvider.System);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException(
                $"Waited {Guard} until {what}; accepted {Accepted}, open {Open}, requests {Requests}.",
                e
            );
        }
    }
}
