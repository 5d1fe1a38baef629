namespace OrqGenerated;

/// <summary>
/// How fast calls may start: a 429 holds all of them back for as long as the server asks and halves how many run at the
/// same time; each success brings a part of that back, one call more for every full round of them.
/// </summary>
internal sealed class CreateManyPace(CreateManyOptions options)
{
    /// <summary>For a 429 whose server asked for no particular wait.</summary>
    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = options.TimeProvider;
    private readonly TimeSpan _maxPause = options.MaxPause;
    private readonly int _maximum = options.MaxConcurrency;
    private readonly long _start = options.TimeProvider.GetTimestamp();
    private readonly object _lock = new();
    private double _limit = options.MaxConcurrency;
    private TimeSpan _pausedUntil;

    /// <summary>How many calls may run now.</summary>
    public int Limit
    {
        get
        {
            lock (_lock)
            {
                return (int)_limit;
            }
        }
    }

    /// <summary>How long no call may start; zero or less for not at all.</summary>
    public TimeSpan Pause
    {
        get
        {
            lock (_lock)
            {
                return _pausedUntil - Now;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    public void Succeeded()
    {
        lock (_lock)
        {
            _limit = Math.Min(_maximum, _limit + (1 / _limit));
        }
    }

    public void Limited(TimeSpan? wait)
    {
        lock (_lock)
        {
            var now = Now;
            // Calls that ran together are refused together: that is one event, and halves the pace once.
            if (now >= _pausedUntil)
            {
                _limit = Math.Max(1, _limit / 2);
            }

            var pause = wait ?? DefaultPause;
            var until = now + (pause < _maxPause ? pause : _maxPause);
            _pausedUntil = until > _pausedUntil ? until : _pausedUntil;
        }
    }
}
