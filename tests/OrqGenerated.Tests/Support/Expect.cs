using System.Threading.Channels;

namespace OrqGenerated.Tests.Support;

/// <summary>Awaits what must happen, without blocking a thread as NUnit's own assertions do.</summary>
internal static class Expect
{
    /// <summary>Returns the exception that a call throws, of this type or a derived one.</summary>
    public static async Task<TException> ExceptionAsync<TException>(Func<Task> call)
        where TException : Exception
    {
        try
        {
            await call();
        }
        catch (TException exception)
        {
            return exception;
        }
        catch (Exception exception)
        {
            throw new AssertionException($"Expected {typeof(TException).Name}, but got {exception}", exception);
        }

        throw new AssertionException($"Expected {typeof(TException).Name}, but the call succeeded.");
    }

    /// <summary>Reads the next item. If none arrives within 30 seconds, the exception says what was awaited.</summary>
    public static async Task<T> NextAsync<T>(ChannelReader<T> items, Func<string> awaited)
    {
        try
        {
            return await items.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"Waited 30 s for {awaited()}.", e);
        }
    }
}
