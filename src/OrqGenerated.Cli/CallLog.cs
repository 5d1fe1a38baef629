using Microsoft.Extensions.Logging;
using static System.FormattableString;

namespace OrqGenerated.Cli;

/// <summary>
/// The client's log on stderr, each line prefixed with the name of its call: everything with <c>-v</c>, otherwise every
/// retry or only the first one, so that a wait is explained.
/// </summary>
internal sealed class CallLog(Action<string> say, bool isVerbose, bool everyRetry = false) : ILoggerFactory, ILogger
{
    private const int RetryEvent = 2;

    private readonly AsyncLocal<(string? Name, Action? Retrying)> _call = new();
    private int _retriesTold;

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
        if (isVerbose || (isRetry && (everyRetry || Interlocked.Increment(ref _retriesTold) == 1)))
        {
            say((name is null ? "" : name + ": ") + (isRetry ? Retry(state) : formatter(state, exception)));
        }

        if (isRetry)
        {
            retrying?.Invoke();
        }
    }

    public void Dispose() { }

    private static string Retry(object? state)
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
