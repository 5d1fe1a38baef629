namespace OrqGenerated.Tests.Support;

/// <summary>Awaits calls that must fail, without blocking a thread as NUnit's own assertions do.</summary>
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
}
