using Microsoft.Extensions.Logging;

namespace OrqGenerated.Cli;

/// <summary>
/// The client's log on stderr, each line prefixed with the name of its call: everything with <c>-v</c>, otherwise the
/// first retry, so that a wait is explained.
/// </summary>
internal sealed class CallLog(Action<string> say, bool isVerbose) : ILoggerFactory, ILogger
{
    private const int RetryEvent = 2;

    private readonly AsyncLocal<(string? Name, Action? Retrying)> _call = new();
    private int _retries;

    /// <summary>Names the call that this asynchronous flow makes next.</summary>
    /// <param name="name">Its name, such as that of a row.</param>
    /// <param name="retrying">Called before each wait for a retry.</param>
    public void Begin(string name, Action retrying) => _call.Value = (name, retrying);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => isVerbose || logLevel == LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var (name, retrying) = _call.Value;
        var isRetry = eventId.Id == RetryEvent;
        if (isVerbose || (isRetry && Interlocked.Increment(ref _retries) == 1))
        {
            say((name is null ? "" : name + ": ") + formatter(state, exception));
        }

        if (isRetry)
        {
            retrying?.Invoke();
        }
    }

    public void Dispose() { }
}
