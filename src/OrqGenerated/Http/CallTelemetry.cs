using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace OrqGenerated.Internal;

/// <summary>
/// Reports a call to listeners: one activity with an event per attempt, two histograms, log lines. Costs nothing if
/// nobody listens, contains no value of the request, and ignores the exceptions of listeners.
/// </summary>
internal readonly struct CallTelemetry(ILogger log, Call call, Activity? activity)
{
    private const string Name = "OrqGenerated";

    private static readonly ActivitySource? Source = TryCreate(static () => new ActivitySource(Name, Version));
    private static readonly Meter Meter = new(Name, Version);

    private static readonly Histogram<double>? Duration = CreateHistogram(
        "orq.client.operation.duration",
        "Duration of a call, with all its attempts and waits."
    );

    private static readonly Histogram<double>? Delay = CreateHistogram(
        "orq.client.retry.delay",
        "Wait before a retry."
    );

    private static string? Version => typeof(CallTelemetry).Assembly.GetName().Version?.ToString(3);

    public static CallTelemetry Start(ILogger log, Call call)
    {
        var before = Activity.Current;
        try
        {
            return new CallTelemetry(log, call, Source?.StartActivity(call.Operation));
        }
        catch (Exception)
        {
            // A listener has thrown. The activity may have started nevertheless; if so, it stops with the call.
            var current = Activity.Current;
            return new CallTelemetry(log, call, current == before ? null : current);
        }
    }

    public void Attempted(int? status, string? errorType)
    {
        var result = errorType ?? status?.ToString(CultureInfo.InvariantCulture);
        TryNotify((log, call, result), static t => t.log.Attempted(t.call.Operation, t.call.Attempts, t.result));
        if (activity is not null)
        {
            // A tag without a value is left out.
            TagList resends = new() { { "http.request.resend_count", call.Attempts == 1 ? null : call.Attempts - 1 } };
            var tags = new ActivityTagsCollection(WithResult(resends, status, errorType));
            activity.AddEvent(new ActivityEvent("orq.attempt", tags: tags));
        }
    }

    public void Retrying(TimeSpan delay, int? status, string errorType)
    {
        var seconds = delay.TotalSeconds;
        TryNotify(
            (log, call, seconds, errorType),
            static t => t.log.Retrying(t.call.Operation, t.call.Attempts, t.seconds, t.errorType)
        );
        Record(Delay, seconds, status, errorType);
    }

    public void Succeeded(int? status) => Stop(status, errorType: null);

    public void Failed(Exception exception)
    {
        var api = exception as OrqApiException;
        var status = api?.StatusCode ?? (exception as OrqResponseException)?.StatusCode;
        var errorType = api?.StatusCode.ToString(CultureInfo.InvariantCulture) ?? exception.GetType().FullName!;
        // Cancellations and the exceptions of the caller's code do not deserve a warning.
        if (exception is OrqException)
            TryNotify((log, call, errorType), static t => t.log.Failed(t.call.Operation, t.call.Attempts, t.errorType));

        Stop(status, errorType);
    }

    private void Stop(int? status, string? errorType)
    {
        Record(Duration, call.Deadline.Elapsed.TotalSeconds, status, errorType);
        if (activity is not null)
        {
            foreach (var (name, value) in WithResult(new() { { "orq.attempts", call.Attempts } }, status, errorType))
                activity.SetTag(name, value);

            activity.SetStatus(errorType is null ? ActivityStatusCode.Unset : ActivityStatusCode.Error);
            TryNotify(activity, static activity => activity.Stop());
        }
    }

    private void Record(Histogram<double>? histogram, double seconds, int? status, string? errorType)
    {
        if (histogram is { Enabled: true })
        {
            var tags = WithResult(new() { { "orq.operation", call.Operation } }, status, errorType);
            TryNotify((histogram, seconds, tags), static t => t.histogram.Record(t.seconds, t.tags));
        }
    }

    private static TagList WithResult(TagList tags, int? status, string? errorType)
    {
        if (status is not null)
            tags.Add("http.response.status_code", status);

        if (errorType is not null)
            tags.Add("error.type", errorType);

        return tags;
    }

    private static Histogram<double>? CreateHistogram(string name, string description)
    {
        // Those of http.client.request.duration, extended to the longest default wait.
        double[] buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 120];
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets };
        return TryCreate(() => Meter.CreateHistogram(name, "s", description, tags: null, advice));
    }

    /// <summary>Creates a source or an instrument; null if a listener that is told of it throws.</summary>
    private static T? TryCreate<T>(Func<T> create)
        where T : class
    {
        try
        {
            return create();
        }
        catch (Exception)
        {
            return null;
        }
    }

    private static void TryNotify<T>(T state, Action<T> notify)
    {
        try
        {
            notify(state);
        }
        catch (Exception)
        {
            // A listener must not change the result of a call.
        }
    }
}

/// <summary>The client's log lines. None contains a key, a header or a value of a request.</summary>
internal static partial class OrqLog
{
    [LoggerMessage(1, LogLevel.Debug, "{Operation} attempt {Attempt}: {Result}")]
    public static partial void Attempted(this ILogger log, string operation, int attempt, string? result);

    [LoggerMessage(
        2,
        LogLevel.Information,
        "{Operation} attempt {Attempt} failed with {ErrorType}; next attempt in {DelaySeconds} s"
    )]
    public static partial void Retrying(
        this ILogger log,
        string operation,
        int attempt,
        double delaySeconds,
        string errorType
    );

    [LoggerMessage(3, LogLevel.Warning, "{Operation} failed with {ErrorType} after {Attempts} attempts")]
    public static partial void Failed(this ILogger log, string operation, int attempts, string errorType);
}
