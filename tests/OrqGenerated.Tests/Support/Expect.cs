namespace OrqGenerated.Tests.Support;

/// <summary>Awaits calls that are to fail, without blocking the test as NUnit's own assertions do.</summary>
internal static class Expect
{
    /// <summary>The exception of this type, or of one derived from it, that a call ends with.</summary>
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
}
