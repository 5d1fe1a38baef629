using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace OrqGenerated.Tests.Support;

/// <summary>Records the library's activities and metrics, as a telemetry SDK does.</summary>
internal sealed class TelemetryRecorder : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Activity> _activities = [];
    private readonly List<string> _measurements = [];
    private readonly List<IReadOnlyList<double>> _buckets = [];
    private readonly ActivityListener _activityListener;
    private readonly MeterListener _meterListener = new();

    /// <param name="onSample">Called for each activity before it starts.</param>
    /// <param name="onStart">Called for each activity that starts.</param>
    /// <param name="onStop">Called for each activity that ends.</param>
    /// <param name="onMeasurement">Called for each measurement.</param>
    public TelemetryRecorder(
        Action? onSample = null,
        Action? onStart = null,
        Action? onStop = null,
        Action? onMeasurement = null
    )
    {
        _activityListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OrqGenerated",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
            {
                onSample?.Invoke();
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = _ => onStart?.Invoke(),
            ActivityStopped = activity =>
            {
                Add(_activities, activity);
                onStop?.Invoke();
            },
        };
        ActivitySource.AddActivityListener(_activityListener);
        _meterListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "OrqGenerated")
            {
                Add(_buckets, ((Histogram<double>)instrument).Advice?.HistogramBucketBoundaries ?? []);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meterListener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) =>
            {
                var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
                Add(
                    _measurements,
                    string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {value} {instrument.Unit}: {text}")
                );
                onMeasurement?.Invoke();
            }
        );
        _meterListener.Start();
    }

    /// <summary>The activities that have ended.</summary>
    public IReadOnlyList<Activity> Activities => Snapshot(_activities);

    /// <summary>The measurements, each as a line with its tags.</summary>
    public IReadOnlyList<string> Measurements => Snapshot(_measurements);

    /// <summary>The bucket boundaries that each histogram advises.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Buckets => Snapshot(_buckets);

    public void Dispose()
    {
        _activityListener.Dispose();
        _meterListener.Dispose();
    }

    private void Add<T>(List<T> list, T item)
    {
        lock (_lock)
        {
            list.Add(item);
        }
    }

    private List<T> Snapshot<T>(List<T> list)
    {
        lock (_lock)
        {
            return [.. list];
        }
    }
}
