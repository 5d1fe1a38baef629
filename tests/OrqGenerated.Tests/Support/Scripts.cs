using System.Text;

namespace OrqGenerated.Tests.Support;

/// <summary>Scripts for a <see cref="RawHttpServer"/>, and pieces of the responses that they write.</summary>
internal static class Scripts
{
    /// <summary>The status line and the first header of a success.</summary>
    public const string OkHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    /// <summary>Reads a request, then ends the connection without a response.</summary>
    public static Func<RawConnection, Task> EndsUnanswered(Action<RawConnection> end) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            end(connection);
        };

    /// <summary>Ends the connection before it has read the whole request.</summary>
    public static Func<RawConnection, Task> EndsEarly(Action<RawConnection> end) =>
        async connection =>
        {
            await connection.ReadSomethingAsync();
            end(connection);
        };

    /// <summary>Reads a request, writes the text, and ends the connection, cleanly by default.</summary>
    public static Func<RawConnection, Task> Writes(string text, Action<RawConnection>? end = null) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(text);
            (end ?? (c => c.Close()))(connection);
        };

    /// <summary>Reads a request, writes the text, and falls silent.</summary>
    public static Func<RawConnection, Task> Stalls(string text) => Writes(text, static _ => { });

    /// <summary>Reads a request, writes a complete response, and closes the connection.</summary>
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

    /// <summary>Reads a request and writes a success, whose body a test may release byte by byte.</summary>
    public static Func<RawConnection, Task> Drips(string body, SemaphoreSlim? drops = null) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"{OkHead}Content-Length: {body.Length}\r\n\r\n");
            foreach (var letter in body)
            {
                if (drops is not null)
                    await connection.WaitForAsync(drops.WaitAsync());

                await connection.WriteAsync($"{letter}");
            }
        };

    /// <summary>Sends the same response to every request until the client closes the connection.</summary>
    public static Func<RawConnection, Task> RespondsToAll(int status, string body, params string[] headers) =>
        connection => connection.RespondToAllAsync(status, body, headers);

    public static string Chunk(string data) => $"{data.Length:x}\r\n{data}\r\n";
}
