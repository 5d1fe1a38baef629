using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace OrqGenerated.Tests.Support;

/// <summary>Listens to the library's activities and metrics as a telemetry SDK does.</summary>
internal sealed class TelemetryRecorder : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<Activity> _activities = [];
    private readonly List<string> _measurements = [];
    private readonly ActivityListener _activityListener;
    private readonly MeterListener _meterListener = new();

    public TelemetryRecorder()
    {
        _activityListener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OrqGenerated",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => Add(_activities, activity),
        };
        ActivitySource.AddActivityListener(_activityListener);
        _meterListener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "OrqGenerated")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meterListener.SetMeasurementEventCallback<double>(
            (instrument, value, tags, _) =>
            {
                var text = string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
                Add(
                    _measurements,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{instrument.Name} {value} {instrument.Unit}: {text}"
                    )
                );
            }
        );
        _meterListener.Start();
    }

    /// <summary>Activities that have ended.</summary>
    public IReadOnlyList<Activity> Activities => Snapshot(_activities);

    /// <summary>Measurements, each as a line with its tags.</summary>
    public IReadOnlyList<string> Measurements => Snapshot(_measurements);

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
