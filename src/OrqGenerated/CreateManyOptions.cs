namespace OrqGenerated;

/// <summary>How <see cref="ContactsClientExtensions.CreateManyAsync"/> goes about it.</summary>
public sealed class CreateManyOptions
{
    private int _maxConcurrency = 16;
    private TimeSpan _maxPause = TimeSpan.FromMinutes(5);
    private TimeProvider _timeProvider = TimeProvider.System;

    /// <summary>How many calls run at the same time at most; from 1, 16 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxConcurrency
    {
        get => _maxConcurrency;
        set =>
            _maxConcurrency =
                value >= 1
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(MaxConcurrency),
                        "At least one call runs."
                    );
    }

    /// <summary>
    /// The longest that one 429 holds back all further calls, whatever the server asks for; above zero and at most a day,
    /// 5 minutes unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside its limits.</exception>
    public TimeSpan MaxPause
    {
        get => _maxPause;
        set =>
            _maxPause =
                value > TimeSpan.Zero && value <= TimeSpan.FromDays(1)
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(MaxPause),
                        "A pause is above zero and at most a day."
                    );
    }

    /// <summary>The clock of the pauses; the system's unless set. Each call has its client's clock.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TimeProvider TimeProvider
    {
        get => _timeProvider;
        set => _timeProvider = value ?? throw new ArgumentNullException(nameof(TimeProvider));
    }
}
