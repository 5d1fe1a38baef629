using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OrqGenerated.Tests.Support;

/// <summary>A request as received.</summary>
/// <param name="Head">The request line and headers, as sent.</param>
/// <param name="Body">The body, without framing.</param>
internal sealed record RawRequest(string Head, byte[] Body);

/// <summary>A connection of a <see cref="RawHttpServer"/>, as its script uses it.</summary>
internal sealed class RawConnection(Socket socket, Action onRequest, CancellationToken stop) : IDisposable
{
    private readonly List<byte> _unread = [];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private Task? _clientClosed;

    /// <summary>Switches the connection to TLS.</summary>
    public async Task UseTlsAsync(X509Certificate2 certificate)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = certificate },
                stop
            );
        }
        catch (System.Security.Authentication.AuthenticationException e)
        {
            throw new IOException("The client refused the handshake.", e);
        }
    }

    /// <summary>Reads a whole request, whose body, if any, has a Content-Length.</summary>
    /// <exception cref="IOException">The client closed the connection.</exception>
    public async Task<RawRequest> ReadRequestAsync()
    {
        var head = await ReadUntilAsync("\r\n\r\n");
        var body = Header(head, "Content-Length") is { } length
            ? await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture))
            : [];
        onRequest();
        return new RawRequest(head, body);
    }

    /// <summary>Waits for more bytes and keeps them for <see cref="ReadRequestAsync"/>.</summary>
    /// <exception cref="IOException">The client closed the connection.</exception>
    public async Task ReadSomethingAsync()
    {
        var buffer = new byte[16 * 1024];
        var read = await _stream.ReadAsync(buffer, stop);
        if (read == 0)
            throw new IOException("The client closed the connection.");

        _unread.AddRange(buffer[..read]);
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await _stream.WriteAsync(bytes, stop);
        await _stream.FlushAsync(stop);
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a complete response.</summary>
    public Task RespondAsync(int status, string body, params string[] headers) =>
        RespondAsync(status, Encoding.UTF8.GetBytes(body), headers);

    /// <summary>Writes a complete response.</summary>
    public async Task RespondAsync(int status, byte[] body, params string[] headers)
    {
        string[] all = [$"Content-Length: {body.Length}", "Content-Type: application/json", .. headers];
        await WriteAsync($"HTTP/1.1 {status} Status\r\n{string.Join("\r\n", all)}\r\n\r\n");
        await WriteAsync(body);
    }

    /// <summary>Sends the same response to every request until the client closes the connection.</summary>
    public async Task RespondToAllAsync(int status, string body, params string[] headers)
    {
        while (true)
        {
            await ReadRequestAsync();
            await RespondAsync(status, body, headers);
        }
    }

    /// <summary>Closes the connection cleanly (FIN).</summary>
    public void Close() => _stream.Dispose();

    public void Dispose() => Close();

    /// <summary>Resets the connection (RST).</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }

    /// <summary>Discards what the client sends until it closes the connection.</summary>
    public Task WaitUntilClientClosesAsync() => _clientClosed ??= DrainAsync();

    /// <summary>Stays silent until a task of the test has completed.</summary>
    /// <exception cref="IOException">The client closed the connection before that.</exception>
    public async Task WaitForAsync(Task task)
    {
        var clientClosed = WaitUntilClientClosesAsync();
        if (await Task.WhenAny(task, clientClosed) == clientClosed)
        {
            await clientClosed;
            throw new IOException("The client closed the connection.");
        }

        await task;
    }

    private static string? Header(string head, string name) =>
        head.Split("\r\n")
            .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();

    private async Task<string> ReadUntilAsync(string end)
    {
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. _unread]);
            if (text.IndexOf(end, StringComparison.Ordinal) is var at and >= 0)
            {
                _unread.RemoveRange(0, at + end.Length);
                return text[..at];
            }

            await ReadSomethingAsync();
        }
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        while (_unread.Count < count)
            await ReadSomethingAsync();

        var bytes = _unread.GetRange(0, count).ToArray();
        _unread.RemoveRange(0, count);
        return bytes;
    }

    private async Task DrainAsync()
    {
        var scratch = new byte[4096];
        while (await _stream.ReadAsync(scratch, stop) > 0) { }
    }
}
