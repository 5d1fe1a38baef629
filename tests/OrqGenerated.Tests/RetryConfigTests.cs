namespace OrqGenerated.Tests;

internal sealed class RetryConfigTests
{
    [Test]
    public void Defaults_are_as_documented()
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
    public void The_constructor_takes_its_arguments_in_the_order_of_the_official_SDKs()
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

    [TestCase(0)]
    [TestCase(-1)]
    public void Intervals_must_be_above_zero(long ticks)
    {
        var value = TimeSpan.FromTicks(ticks);
        var backoff = new BackoffStrategy();
        Refuses("InitialInterval", () => backoff.InitialInterval = value, "The wait must be above zero.");
        Refuses("MaxInterval", () => backoff.MaxInterval = value, "MaxInterval must be above zero");
        Refuses("MaxElapsedTime", () => backoff.MaxElapsedTime = value, "MaxElapsedTime must be above zero");
        Refuses(
            "MaxElapsedTime",
            () => _ = new BackoffStrategy(TimeSpan.MaxValue, TimeSpan.MaxValue, 1, value),
            "MaxElapsedTime must be above zero"
        );
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
        Refuses(
            "InitialInterval",
            () => backoff.InitialInterval = Timeout.InfiniteTimeSpan,
            "The wait must be above zero."
        );
    }

    [TestCase(0.999)]
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void Exponent_must_be_finite_and_at_least_1(double value) =>
        Refuses(
            "Exponent",
            () => new BackoffStrategy().Exponent = value,
            "The exponent must be a finite number of at least 1."
        );

    [Test]
    public void MaxAttempts_must_be_at_least_1() =>
        Refuses("MaxAttempts", () => new RetryConfig().MaxAttempts = 0, "A call needs at least one attempt.");

    [Test]
    public void MaxAttempts_can_be_reset_to_null()
    {
        var retry = new RetryConfig { MaxAttempts = 1 };
        retry.MaxAttempts = null;

        Assert.That(retry.MaxAttempts, Is.Null);
    }

    [TestCase(299)]
    [TestCase(600)]
    public void StatusCodes_must_be_from_300_to_599(int status) =>
        Refuses(
            "StatusCodes",
            () => new RetryConfig().StatusCodes = [503, status],
            "A status to retry must be from 300 to 599."
        );

    [TestCase(300)]
    [TestCase(599)]
    public void StatusCodes_may_be_from_300_to_599(int status) =>
        Assert.That(new RetryConfig { StatusCodes = [status] }.StatusCodes, Is.EqualTo([status]));

    [Test]
    public void StatusCodes_are_copied_when_set()
    {
        var codes = new List<int> { 503 };
        var retry = new RetryConfig { StatusCodes = codes };
        codes.Add(429);

        Assert.That(retry.StatusCodes, Is.EqualTo([503]));
    }

    [Test]
    public void The_default_StatusCodes_cannot_be_changed_in_place()
    {
        var codes = RetryConfig.Default.StatusCodes;

        Assert.Throws<NotSupportedException>(() => ((IList<int>)codes)[0] = 418);
    }

    [Test]
    public void Refuses_null()
    {
        var retry = new RetryConfig();

        Assert.That(
            () => retry.Backoff = null!,
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("Backoff")
        );
        Assert.That(
            () => retry.StatusCodes = null!,
            Throws.ArgumentNullException.With.Property("ParamName").EqualTo("StatusCodes")
        );
    }

    [TestCase(2)]
    [TestCase(-1)]
    public void Strategy_must_be_one_of_the_two(int value) =>
        Refuses(
            "Strategy",
            () => new RetryConfig().Strategy = (RetryStrategy)value,
            "The strategy must be Backoff or None."
        );

    private static void Refuses(string property, Action set, string reason)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => set());
        Assert.That(error.ParamName, Is.EqualTo(property));
        Assert.That(error.Message, Does.StartWith(reason));
    }
}
