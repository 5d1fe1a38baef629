using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OrqGenerated.Internal;

/// <summary>
/// What a call tells listeners: one activity, an event per attempt, two histograms. It costs nothing when nobody listens,
/// and names no value of the request.
/// </summary>
internal readonly struct CallTelemetry
{
    private const string Name = "OrqGenerated";

    private static readonly ActivitySource Source = new(Name, Version);
    private static readonly Meter Meter = new(Name, Version);

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "orq.client.operation.duration",
        "s",
        "How long a call took, with all attempts and waits."
    );

    private static readonly Histogram<double> Delay = Meter.CreateHistogram<double>(
        "orq.client.retry.delay",
        "s",
        "How long a call waits before it tries again."
    );

    private readonly Activity? _activity;
    private readonly string _operation;

    private CallTelemetry(Activity? activity, string operation)
    {
        _activity = activity;
        _operation = operation;
    }

    private static string? Version => typeof(CallTelemetry).Assembly.GetName().Version?.ToString(3);

    public static CallTelemetry Start(string operation) =>
        new(Source.StartActivity(operation), operation);

    /// <summary>An attempt has ended.</summary>
    public void Attempted(int attempt, int? status, string? errorType)
    {
        if (_activity is null)
        {
            return;
        }

        var tags = new ActivityTagsCollection();
        if (attempt > 1)
        {
            tags["http.request.resend_count"] = attempt - 1;
        }

        if (status is not null)
        {
            tags["http.response.status_code"] = status;
        }

        if (errorType is not null)
        {
            tags["error.type"] = errorType;
        }

        _activity.AddEvent(new ActivityEvent("orq.attempt", tags: tags));
    }

    /// <summary>A wait begins.</summary>
    public void Retrying(TimeSpan delay, int? status, string errorType)
    {
        if (Delay.Enabled)
        {
            Delay.Record(delay.TotalSeconds, Tags(status, errorType));
        }
    }

    /// <summary>The call has ended.</summary>
    public void Stop(int attempts, int? status, string? errorType, TimeSpan elapsed)
    {
        if (Duration.Enabled)
        {
            Duration.Record(elapsed.TotalSeconds, Tags(status, errorType));
        }

        if (_activity is null)
        {
            return;
        }

        _activity.SetTag("orq.attempts", attempts);
        if (status is not null)
        {
            _activity.SetTag("http.response.status_code", status);
        }

        if (errorType is not null)
        {
            _activity.SetTag("error.type", errorType);
            _activity.SetStatus(ActivityStatusCode.Error);
        }

        _activity.Dispose();
    }

    private TagList Tags(int? status, string? errorType)
    {
        var tags = new TagList { { "orq.operation", _operation } };
        if (status is not null)
        {
            tags.Add("http.response.status_code", status);
        }

        if (errorType is not null)
        {
            tags.Add("error.type", errorType);
        }

        return tags;
    }
}
