using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrqGenerated.Tests.Support;

/// <summary>
/// A server on a real socket that misbehaves as a test wants: a script handles each connection. If the script returns
/// without closing the connection, it stays open and silent until the client closes it, so a script that ends early is
/// a server that stalls.
/// </summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<RawConnection, Task>[] _scripts;
    private readonly ConcurrentQueue<Exception> _failures = [];
    private readonly ConcurrentDictionary<RawConnection, Task> _open = [];
    private readonly Task _accepting;
    private TaskCompletionSource _change = NewSignal();
    private int _accepted;
    private int _requests;

    /// <param name="scripts">One per connection; the last one also handles all later connections.</param>
    public RawHttpServer(params Func<RawConnection, Task>[] scripts)
    {
        _scripts = scripts;
        _listener.Start(512);
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    /// <summary>The address that it listens on: <c>http://127.0.0.1:port</c>.</summary>
    public Uri Address { get; }

    /// <summary>The number of connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>The number of connections that neither side has closed.</summary>
    public int Open => _open.Count;

    /// <summary>The number of requests that scripts have read so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Completes when no connection is open.</summary>
    /// <exception cref="TimeoutException">A connection is still open after 30 seconds.</exception>
    public Task WaitUntilNoneIsOpenAsync() => WaitAsync(() => _open.IsEmpty, "all connections are closed");

    /// <summary>Completes when this many requests have been read.</summary>
    /// <exception cref="TimeoutException">Fewer have been read after 30 seconds.</exception>
    public Task WaitForRequestsAsync(int count) =>
        WaitAsync(() => Requests >= count, $"{count} requests have been read");

    /// <summary>Reserves an address that refuses connections until the returned socket is disposed.</summary>
    public static Socket Refuse(out Uri address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        address = new Uri($"http://{socket.LocalEndPoint}");
        return socket;
    }

    /// <summary>Closes all connections. Throws what a script threw, unless the client had disconnected.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_open.Values);
        _stop.Dispose();
        if (!_failures.IsEmpty)
            throw new AggregateException("A script of the server failed.", _failures);
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
            // The client disconnected, the script closed the connection, or the test has ended.
        }
        catch (Exception e)
        {
            _failures.Enqueue(e);
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

    private void Signal() => Interlocked.Exchange(ref _change, NewSignal()).SetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WaitAsync(Func<bool> reached, string what)
    {
        while (true)
        {
            var change = Volatile.Read(ref _change).Task;
            if (reached())
                return;

            try
            {
                await change.WaitAsync(Guard, TimeProvider.System);
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
}
