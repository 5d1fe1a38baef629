using OrqGenerated.Tests.Support;

namespace OrqGenerated.ContractTests.Support;

/// <summary>What a <see cref="RawHttpServer"/> does on a connection, and the bytes for it.</summary>
internal static class Scripts
{
    /// <summary>The status line and first header of an answer.</summary>
    public const string OkHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    public static Func<RawConnection, Task> Then(Action<RawConnection> end, bool whole = true) =>
        async connection =>
        {
            if (whole)
            {
                await connection.ReadRequestAsync();
            }
            else
            {
                await connection.ReadSomethingAsync();
            }

            end(connection);
        };

    public static Func<RawConnection, Task> Writes(string text, Action<RawConnection>? end = null) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(text);
            (end ?? (it => it.Close()))(connection);
        };

    public static Func<RawConnection, Task> Responds(byte[] body, params string[] headers) =>
        async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.RespondAsync(200, body, [.. headers, "Connection: close"]);
        };

    public static Func<RawConnection, Task> RespondsToAll(int status, string body, params string[] headers) =>
        connection => connection.RespondToAllAsync(status, body, headers);

    public static string Chunk(string data) => $"{data.Length:x}\r\n{data}\r\n";

    public static byte[] Corrupt(byte[] data)
    {
        Array.Fill(data, (byte)0xff, 10, 40);
        return data;
    }
}
