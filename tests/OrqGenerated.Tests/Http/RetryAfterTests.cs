namespace OrqGenerated.Tests.Http;

/// <summary>The wait that the server requests, as an exception reports it.</summary>
internal sealed class RetryAfterTests : ClientTest
{
    public RetryAfterTests() => Options.Retry = RetryConfig.None;

    [TestCase("Retry-After: 58", 58)]
    [TestCase("retry-after: 58", 58)]
    [TestCase("Retry-After: 1.75", 1.75)]
    [TestCase("retry-after-ms: 1500", 1.5)]
    [TestCase("retry-after-ms: 0.5", 0.0005)]
    [TestCase("Retry-After: Tue, 02 Jun 2026 12:00:30 GMT", 30)]
    [TestCase("Retry-After: Tuesday, 02-Jun-26 12:00:30 GMT", 30)]
    [TestCase("Retry-After: Tue Jun  2 12:00:30 2026", 30)]
    public async Task Reads_the_requested_wait(string header, double seconds) =>
        Assert.That((await RequestedAsync(header))?.TotalSeconds, Is.EqualTo(seconds));

    [TestCase("Retry-After: 0")]
    [TestCase("Retry-After: -5")]
    [TestCase("retry-after-ms: -1")]
    [TestCase("Retry-After:")]
    [TestCase("Retry-After: soon")]
    [TestCase("Retry-After: 58s")]
    [TestCase("Retry-After: 1e3")]
    [TestCase("Retry-After: 0x10")]
    [TestCase("Retry-After: NaN")]
    [TestCase("Retry-After: Infinity")]
    [TestCase("Retry-After: Tue, 02 Jun 2026 11:59:59 GMT")]
    [TestCase("Retry-After: Tue, 99 Jun 2026 12:00:00 GMT")]
    [TestCase("Retry-After: 2026-06-02T12:00:30Z")]
    [TestCase("x-ratelimit-reset: 58s")]
    public async Task Ignores_zero_negative_past_and_malformed_values(string header) =>
        Assert.That(await RequestedAsync(header), Is.Null);

    [Test]
    public async Task Reads_a_huge_number_as_a_very_long_wait() =>
        Assert.That(await RequestedAsync("Retry-After: 999999999999999999999999999999"), Is.EqualTo(TimeSpan.MaxValue));

    [Test]
    public async Task Milliseconds_win_over_seconds() =>
        Assert.That(
            await RequestedAsync("Retry-After: 58", "retry-after-ms: 1500"),
            Is.EqualTo(TimeSpan.FromSeconds(1.5))
        );

    [Test]
    public async Task Uses_seconds_when_milliseconds_are_invalid() =>
        Assert.That(await RequestedAsync("retry-after-ms: 0", "Retry-After: 58"), Is.EqualTo(TimeSpan.FromSeconds(58)));

    [TestCase("Retry-After: 3", "Retry-After: 58", "Retry-After: soon", "Retry-After: 7")]
    [TestCase("Retry-After: 3, 58,soon, 7")]
    [TestCase("Retry-After: 5, Tue, 02 Jun 2026 12:00:58 GMT, 9")]
    [TestCase("retry-after-ms: 5, 58000")]
    public async Task The_longest_of_several_values_wins(params string[] headers) =>
        Assert.That(await RequestedAsync(headers), Is.EqualTo(TimeSpan.FromSeconds(58)));

    [Test]
    public async Task Reads_a_date_relative_to_the_servers_clock() =>
        Assert.That(
            await RequestedAsync("Date: Tue, 02 Jun 2026 09:00:00 GMT", "Retry-After: Tue, 02 Jun 2026 09:00:30 GMT"),
            Is.EqualTo(TimeSpan.FromSeconds(30))
        );

    [Test]
    public async Task Reads_a_date_relative_to_our_clock_when_Date_is_malformed() =>
        Assert.That(
            await RequestedAsync("Date: today", "Retry-After: Tue, 02 Jun 2026 12:00:30 GMT"),
            Is.EqualTo(TimeSpan.FromSeconds(30))
        );

    private async Task<TimeSpan?> RequestedAsync(params string[] headers)
    {
        Server.Responds(503, "", headers);
        return (await FailAsync<OrqServerException>()).RetryAfter;
    }
}
