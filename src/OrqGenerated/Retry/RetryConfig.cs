namespace OrqGenerated;

/// <summary>Whether to retry failed attempts.</summary>
public enum RetryStrategy
{
    /// <summary>Retry with growing waits; see <see cref="RetryConfig.Backoff"/>.</summary>
    Backoff,

    /// <summary>Never retry.</summary>
    None,
}

/// <summary>
/// When and how often to retry failed attempts. Named after the official SDKs' <c>RetryConfig</c>; unlike theirs, it
/// retries by default.
/// </summary>
public sealed class RetryConfig
{
    private int[] _statusCodes = [429, 500, 502, 503, 504];

    /// <summary>A new configuration without retries.</summary>
    public static RetryConfig None => new() { Strategy = RetryStrategy.None };

    /// <summary>
    /// A new configuration with the defaults: waits that grow from 500 ms by a factor of 1.5 up to 60 s, for 2 minutes
    /// in total, after connection errors and the statuses 429, 500, 502, 503 and 504.
    /// </summary>
    public static RetryConfig Default => new();

    /// <summary>Whether to retry at all. Defaults to <see cref="RetryStrategy.Backoff"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public RetryStrategy Strategy
    {
        get;
        set => field = OptionChecks.Require(value, Enum.IsDefined(value), "The strategy must be Backoff or None.");
    }

    /// <summary>The waits between attempts.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public BackoffStrategy Backoff
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(Backoff));
    } = new();

    /// <summary>
    /// Whether to retry connection errors, attempt timeouts and truncated responses. Defaults to true, unlike in the
    /// official SDKs.
    /// </summary>
    public bool RetryConnectionErrors { get; set; } = true;

    /// <summary>The HTTP statuses to retry, each from 300 to 599. Defaults to 429, 500, 502, 503 and 504.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A status is below 300 or above 599.</exception>
    public IReadOnlyCollection<int> StatusCodes
    {
        get => Array.AsReadOnly(_statusCodes);
        set
        {
            int[] codes = [.. value ?? throw new ArgumentNullException(nameof(StatusCodes))];
            var areErrors = Array.TrueForAll(codes, code => code is >= 300 and <= 599);
            _statusCodes = OptionChecks.Require(codes, areErrors, "A status to retry must be from 300 to 599.");
        }
    }

    /// <summary>
    /// The maximum number of attempts of one call, including the first. Defaults to null, no limit. The attempt with a
    /// refreshed key after a 401 counts, but is always made.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? MaxAttempts
    {
        get;
        set => field = OptionChecks.Require(value, value is null or >= 1, "A call needs at least one attempt.");
    }

    internal bool Covers(int statusCode) => Array.IndexOf(_statusCodes, statusCode) >= 0;

    internal RetryConfig Copy()
    {
        var copy = (RetryConfig)MemberwiseClone();
        copy.Backoff = Backoff.Copy();
        return copy;
    }

    internal RetryConfig Without(int status)
    {
        var copy = Copy();
        copy._statusCodes = Array.FindAll(_statusCodes, code => code != status);
        return copy;
    }
}

/// <summary>
/// Exponential backoff: before retry n (from 0) the client waits <c>InitialInterval · Exponent^n</c>, times a uniform
/// factor from 0.75 to 1.25, and never longer than <see cref="MaxInterval"/>. If the server's <c>Retry-After</c> (RFC
/// 9110, section 10.2.3) plus a random addition of up to a tenth is longer, the client waits for that instead.
/// </summary>
public sealed class BackoffStrategy
{
    /// <summary>Creates the default backoff: 500 ms, 60 s, 1.5, 2 minutes.</summary>
    public BackoffStrategy() { }

    /// <summary>Creates a backoff from its four values, in the order of the official SDKs.</summary>
    /// <param name="initialInterval">See <see cref="InitialInterval"/>.</param>
    /// <param name="maxInterval">See <see cref="MaxInterval"/>.</param>
    /// <param name="exponent">See <see cref="Exponent"/>.</param>
    /// <param name="maxElapsedTime">See <see cref="MaxElapsedTime"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside its limits.</exception>
    public BackoffStrategy(TimeSpan initialInterval, TimeSpan maxInterval, double exponent, TimeSpan maxElapsedTime)
    {
        InitialInterval = initialInterval;
        MaxInterval = maxInterval;
        Exponent = exponent;
        MaxElapsedTime = maxElapsedTime;
    }

    /// <summary>The wait before the first retry; above zero. Defaults to 500 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan InitialInterval
    {
        get;
        set => field = OptionChecks.Require(value, value > TimeSpan.Zero, "The wait must be above zero.");
    } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The longest wait to compute, or to accept from the server; above zero. Defaults to 60 s. If the server asks for
    /// more, the call fails with the server's error. <see cref="Timeout.InfiniteTimeSpan"/> switches the limit off.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan MaxInterval
    {
        get;
        set => field = OptionChecks.RequireTimeLimit(value);
    } = TimeSpan.FromSeconds(60);

    /// <summary>The factor from one wait to the next; finite and at least 1. Defaults to 1.5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1, infinite or not a number.</exception>
    public double Exponent
    {
        get;
        set =>
            field = OptionChecks.Require(
                value,
                value >= 1 && double.IsFinite(value),
                "The exponent must be a finite number of at least 1."
            );
    } = 1.5;

    /// <summary>
    /// The longest time from the start of a call to the end of a wait; above zero. Defaults to 2 minutes (1 hour in the
    /// official SDKs). <see cref="Timeout.InfiniteTimeSpan"/> switches the limit off.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is zero or negative.</exception>
    public TimeSpan MaxElapsedTime
    {
        get;
        set => field = OptionChecks.RequireTimeLimit(value);
    } = TimeSpan.FromMinutes(2);

    internal BackoffStrategy Copy() => (BackoffStrategy)MemberwiseClone();
}
