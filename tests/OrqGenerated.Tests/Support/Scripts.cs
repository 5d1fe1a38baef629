using System.Text;

namespace OrqGenerated.Tests.Support;

/// <summary>Scripts for the connections of a <see cref="RawHttpServer"/>, and the bytes that they write.</summary>
internal static class Scripts
{
    /// <summary>The status line and the first header of a success.</summary>
    public const string OkHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    /// <summary>Reads a request and ends the connection without a response.</summary>
    public static Func<RawConnection, Task> EndsUnanswered(Action<RawConnection> end) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            end(connection);
        };

    /// <summary>Ends the connection while the request is still being sent.</summary>
    public static Func<RawConnection, Task> EndsEarly(Action<RawConnection> end) =>
        async connection =>
        {
            await connection.ReadSomethingAsync();
            end(connection);
        };

    /// <summary>Reads a request, writes a text, and ends the connection, by default in good order.</summary>
    public static Func<RawConnection, Task> Writes(string text, Action<RawConnection>? end = null) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(text);
            (end ?? (it => it.Close()))(connection);
        };

    /// <summary>Reads a request, writes a text, and falls silent.</summary>
    public static Func<RawConnection, Task> Stalls(string text) => Writes(text, static _ => { });

    /// <summary>Reads a request and writes a whole response.</summary>
    public static Func<RawConnection, Task> Responds(int status, string body, params string[] headers) =>
        Responds(status, Encoding.UTF8.GetBytes(body), headers);

    /// <inheritdoc cref="Responds(int, string, string[])"/>
    public static Func<RawConnection, Task> Responds(int status, byte[] body, params string[] headers) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.RespondAsync(status, body, [.. headers, "Connection: close"]);
            connection.Close();
        };

    /// <summary>Gives every request the same response until the client closes the connection.</summary>
    public static Func<RawConnection, Task> RespondsToAll(int status, string body, params string[] headers) =>
        connection => connection.RespondToAllAsync(status, body, headers);

    public static string Chunk(string data) => $"{data.Length:x}\r\n{data}\r\n";
}
