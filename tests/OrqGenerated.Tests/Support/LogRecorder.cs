using Microsoft.Extensions.Logging;

namespace OrqGenerated.Tests.Support;

/// <summary>A log entry.</summary>
internal sealed record LogEntry(string Category, LogLevel Level, EventId Id, string Text);

/// <summary>Records everything that is logged, at every level.</summary>
internal sealed class LogRecorder(Action<LogEntry>? onEntry = null) : ILoggerFactory
{
    private readonly Lock _lock = new();
    private readonly List<LogEntry> _entries = [];

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose() { }

    private void Add(LogEntry entry)
    {
        lock (_lock)
        {
            _entries.Add(entry);
        }

        onEntry?.Invoke(entry);
    }

    private sealed class Logger(LogRecorder log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        // Includes the values of the state, which a structured log keeps beside the text.
        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))
                : "";
            log.Add(new LogEntry(category, logLevel, eventId, $"{formatter(state, exception)} {values} {exception}"));
        }
    }
}
