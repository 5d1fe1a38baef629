using Microsoft.Extensions.Logging;
using static System.FormattableString;

namespace OrqGenerated.Cli;

/// <summary>
/// Writes the client's log to stderr, each line prefixed with the name of its call: everything with <c>-v</c>,
/// otherwise every retry or only the first one, to explain the wait.
/// </summary>
internal sealed class CallLog(Action<string> say, bool isVerbose, bool everyRetry = false) : ILoggerFactory, ILogger
{
    private const int RetryEvent = 2;

    private readonly AsyncLocal<(string? Name, Action? Retrying)> _call = new();
    private int _retriesSeen;

    /// <summary>Names the next call of this asynchronous flow.</summary>
    /// <param name="name">Its prefix in the log, such as a row.</param>
    /// <param name="retrying">Called before each wait for a retry.</param>
    public void Begin(string name, Action retrying) => _call.Value = (name, retrying);

    public ILogger CreateLogger(string categoryName) => this;

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
        if (isVerbose || (isRetry && (everyRetry || Interlocked.Increment(ref _retriesSeen) == 1)))
            say((name is null ? "" : name + ": ") + (isRetry ? DescribeRetry(state) : formatter(state, exception)));

        if (isRetry)
            retrying?.Invoke();
    }

    public void AddProvider(ILoggerProvider provider) { }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Dispose() { }

    private static string DescribeRetry(object? state)
    {
        var fields = ((IEnumerable<KeyValuePair<string, object?>>)state!).ToDictionary(StringComparer.Ordinal);
        var reason = fields["ErrorType"] switch
        {
            "OrqGenerated.OrqConnectionException" => "the server cannot be reached",
            "OrqGenerated.OrqTimeoutException" => "the server did not answer in time",
            var status => $"the server answered {status}",
        };
        return Invariant(
            $"attempt {fields["Attempt"]} failed, {reason}; trying again in {fields["DelaySeconds"]:0.0} s"
        );
    }
}
