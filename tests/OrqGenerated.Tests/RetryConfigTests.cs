namespace OrqGenerated.Tests;

internal sealed class RetryConfigTests
{
    private static readonly TimeSpan[] NoLimits =
    [
        TimeSpan.Zero,
        TimeSpan.FromTicks(-1),
        TimeSpan.FromSeconds(-1),
        TimeSpan.MinValue,
    ];

    [Test]
    public void The_defaults_are_those_documented()
    {
        var retry = RetryConfig.Default;
        Assert.Multiple(() =>
        {
            Assert.That(retry.Strategy, Is.EqualTo(RetryStrategy.Backoff));
            Assert.That(retry.Backoff.InitialInterval, Is.EqualTo(TimeSpan.FromMilliseconds(500)));
            Assert.That(retry.Backoff.MaxInterval, Is.EqualTo(TimeSpan.FromSeconds(60)));
            Assert.That(retry.Backoff.Exponent, Is.EqualTo(1.5));
            Assert.That(retry.Backoff.MaxElapsedTime, Is.EqualTo(TimeSpan.FromMinutes(2)));
            Assert.That(retry.RetryConnectionErrors, Is.True);
            Assert.That(retry.StatusCodes, Is.EqualTo([429, 500, 502, 503, 504]));
            Assert.That(retry.MaxAttempts, Is.Null);
        });
    }

    [Test]
    public void What_is_refused_is_told_why()
    {
        var retry = new RetryConfig();
        var backoff = new BackoffStrategy();
        Assert.Multiple(() =>
        {
            Refuses(() => retry.Strategy = (RetryStrategy)7, "The strategy must be Backoff or None.");
            Refuses(() => retry.StatusCodes = [299], "A status to retry must be from 300 to 599.");
            Refuses(() => retry.MaxAttempts = 0, "A call needs at least one attempt.");
            Refuses(() => backoff.InitialInterval = TimeSpan.Zero, "The wait must be above zero.");
            Refuses(() => backoff.Exponent = 0.9, "The exponent must be a finite number of at least 1.");
        });

        static void Refuses(Action set, string reason) =>
            Assert.That(() => set(), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(reason));
    }

    [Test]
    public void Default_and_None_are_new_each_time()
    {
        RetryConfig.Default.MaxAttempts = 7;
        RetryConfig.Default.Backoff.Exponent = 7;
        RetryConfig.None.Strategy = RetryStrategy.Backoff;

        Assert.Multiple(() =>
        {
            Assert.That(RetryConfig.Default.MaxAttempts, Is.Null);
            Assert.That(RetryConfig.Default.Backoff.Exponent, Is.EqualTo(1.5));
            Assert.That(RetryConfig.None.Strategy, Is.EqualTo(RetryStrategy.None));
        });
    }

    [Test]
    public void The_constructor_takes_the_four_values_in_the_order_of_the_official_SDKs()
    {
        var backoff = new BackoffStrategy(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(4));
        Assert.Multiple(() =>
        {
            Assert.That(backoff.InitialInterval, Is.EqualTo(TimeSpan.FromSeconds(1)));
            Assert.That(backoff.MaxInterval, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(backoff.Exponent, Is.EqualTo(3));
            Assert.That(backoff.MaxElapsedTime, Is.EqualTo(TimeSpan.FromSeconds(4)));
        });
    }

    [TestCaseSource(nameof(NoLimits))]
    public void Intervals_are_above_zero(TimeSpan value)
    {
        var backoff = new BackoffStrategy();
        Refuses("InitialInterval", () => backoff.InitialInterval = value);
        Refuses("MaxInterval", () => backoff.MaxInterval = value);
        Refuses("MaxElapsedTime", () => backoff.MaxElapsedTime = value);
        Refuses("MaxElapsedTime", () => _ = new BackoffStrategy(TimeSpan.MaxValue, TimeSpan.MaxValue, 1, value));
        Assert.That(backoff.MaxInterval, Is.EqualTo(TimeSpan.FromSeconds(60)));
    }

    [Test]
    public void Limits_can_be_switched_off_but_not_the_initial_interval()
    {
        var backoff = new BackoffStrategy
        {
            MaxInterval = Timeout.InfiniteTimeSpan,
            MaxElapsedTime = Timeout.InfiniteTimeSpan,
        };

        Assert.That(backoff.MaxInterval, Is.EqualTo(Timeout.InfiniteTimeSpan));
        Refuses("InitialInterval", () => backoff.InitialInterval = Timeout.InfiniteTimeSpan);
    }

    [TestCase(0)]
    [TestCase(0.999)]
    [TestCase(-1)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    [TestCase(double.NegativeInfinity)]
    public void The_exponent_is_a_finite_number_from_1(double value) =>
        Refuses("Exponent", () => new BackoffStrategy().Exponent = value);

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(int.MinValue)]
    public void A_call_makes_at_least_one_attempt(int value) =>
        Refuses("MaxAttempts", () => new RetryConfig().MaxAttempts = value);

    [Test]
    public void The_attempts_can_be_without_a_limit_again()
    {
        var retry = new RetryConfig { MaxAttempts = 1 };
        retry.MaxAttempts = null;

        Assert.That(retry.MaxAttempts, Is.Null);
    }

    [TestCase(200)]
    [TestCase(299)]
    [TestCase(600)]
    [TestCase(0)]
    [TestCase(-503)]
    public void Only_statuses_that_are_errors_can_be_repeated(int status) =>
        Refuses("StatusCodes", () => new RetryConfig().StatusCodes = [503, status]);

    [TestCase(300)]
    [TestCase(599)]
    public void Every_status_that_is_an_error_can_be_repeated(int status) =>
        Assert.That(new RetryConfig { StatusCodes = [status] }.StatusCodes, Is.EqualTo([status]));

    [Test]
    public void The_statuses_are_copied_when_set()
    {
        var codes = new List<int> { 503 };
        var retry = new RetryConfig { StatusCodes = codes };
        codes.Add(429);

        Assert.That(retry.StatusCodes, Is.EqualTo([503]));
    }

    [Test]
    public void The_default_statuses_cannot_be_changed_through_the_property()
    {
        var codes = RetryConfig.Default.StatusCodes;

        Assert.Throws<NotSupportedException>(() => ((IList<int>)codes)[0] = 418);
    }

    [Test]
    public void No_value_is_no_null()
    {
        var retry = new RetryConfig();
        Assert.Multiple(() =>
        {
            Assert.That(
                Assert.Throws<ArgumentNullException>(() => retry.Backoff = null!)!.ParamName,
                Is.EqualTo("Backoff")
            );
            Assert.That(
                Assert.Throws<ArgumentNullException>(() => retry.StatusCodes = null!)!.ParamName,
                Is.EqualTo("StatusCodes")
            );
        });
    }

    [TestCase(2)]
    [TestCase(-1)]
    public void The_strategy_is_one_of_two(int value) =>
        Refuses("Strategy", () => new RetryConfig().Strategy = (RetryStrategy)value);

    private static void Refuses(string property, Action set) =>
        Assert.That(Assert.Throws<ArgumentOutOfRangeException>(() => set())!.ParamName, Is.EqualTo(property));
}
