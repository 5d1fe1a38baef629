namespace OrqGenerated.Tests.CreateMany;

/// <summary>The pauses and the pace of a run after a 429.</summary>
internal sealed class PauseTests : ManyTest
{
    [Test]
    public async Task A_429_fails_no_contact_and_pauses_all_calls_for_as_long_as_the_server_asks()
    {
        await using var results = Client.CreateManyAsync(new CountingSource(5), Options(4)).GetAsyncEnumerator();
        var result = results.MoveNextAsync();
        var calls = await Client.NextCallsAsync(4);
        calls[0].Fail(RateLimited(TimeSpan.FromSeconds(30)));
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        Clock.Advance(TimeSpan.FromSeconds(29));
        foreach (var call in calls[1..])
        {
            call.Succeed();
            Assert.That(await result && results.Current.IsSuccess, Is.True, call.ExternalId);
            result = results.MoveNextAsync();
        }

        Assert.That(Client.HasCall, Is.False, "a call started before the 30 seconds were over");
        Clock.Advance(TimeSpan.FromSeconds(1));
        var resent = await Client.NextCallAsync();
        Assert.That(resent.ExternalId, Is.EqualTo(calls[0].ExternalId), "the refused contact goes first");
        resent.Succeed();
        Assert.That(await result && results.Current.IsSuccess, Is.True, "the refused contact");
    }

    [Test]
    public async Task A_completed_call_lets_the_next_one_start_without_waiting_for_the_timer()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(2), Options(2)));
        var calls = await Client.NextCallsAsync(2);
        foreach (var (call, seconds) in calls.Zip([10, 11]))
        {
            call.Fail(RateLimited(TimeSpan.FromSeconds(seconds)));
            await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
        }

        Clock.Advance(TimeSpan.FromSeconds(11));
        var first = await Client.NextCallAsync();
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        first.Succeed();
        await Client.SucceedNextAsync();

        Assert.That((await run).Select(r => r.IsSuccess), Is.EqualTo([true, true]));
    }

    [Test]
    public async Task Calls_without_a_response_do_not_count_towards_the_rate()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(22), Options(1)));
        await Client.SucceedNextAsync(10);
        for (var i = 0; i < 10; i++)
            (await Client.NextCallAsync()).Fail(new OrqConnectionException("reset"));

        await AssertPacedAtTenCallsInTenSecondsAsync();
        Assert.That((await run).Count(r => r.IsSuccess), Is.EqualTo(12), "calls that succeeded");
    }

    [Test]
    public async Task Calls_that_fail_with_a_response_count_towards_the_rate()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(12), Options(1)));
        for (var i = 0; i < 5; i++)
        {
            (await Client.NextCallAsync()).Fail(new OrqBadRequestException("no"));
            (await Client.NextCallAsync()).Fail(new OrqResponseException("no JSON", 200));
        }

        await AssertPacedAtTenCallsInTenSecondsAsync();
        Assert.That((await run).Count(r => r.IsSuccess), Is.EqualTo(2), "calls that succeeded");
    }

    [Test]
    public async Task A_429_without_its_own_exception_type_fails_no_contact_either()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(1), Options(1)));
        (await Client.NextCallAsync()).Fail(new OrqApiException("slow", 429) { RetryAfter = TimeSpan.FromSeconds(30) });
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        Clock.Advance(TimeSpan.FromSeconds(30));
        await Client.SucceedNextAsync();

        Assert.That((await run).Single().IsSuccess, Is.True);
    }

    [Test]
    public async Task A_paused_run_does_not_read_ahead()
    {
        var source = new CountingSource(1000);
        await using var results = Client.CreateManyAsync(source, Options(1)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        for (var i = 0; i < 100; i++)
        {
            (await Client.NextCallAsync()).Fail(RateLimited(TimeSpan.FromSeconds(1)));
            await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(source.Read, Is.EqualTo(1), "contacts read while the first is not sent");
        await Client.SucceedNextAsync();
        await first;
    }

    [Test]
    public async Task Without_Retry_After_each_pause_doubles_until_a_call_succeeds()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(2), Options(1)));
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            (await Client.NextCallAsync()).Fail(RateLimited(seconds == 1 ? TimeSpan.Zero : null));
            await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(seconds));
            Clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        await Client.SucceedNextAsync();
        (await Client.NextCallAsync()).Fail(RateLimited(null));
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Client.SucceedNextAsync();
        Assert.That((await run).Select(r => r.IsSuccess), Is.All.True);
    }

    [Test]
    public async Task A_wait_longer_than_MaxPause_ends_the_run_with_that_429()
    {
        var source = new CountingSource(10);
        var options = Options(2);
        options.MaxPause = TimeSpan.FromSeconds(60);
        await using var results = Client.CreateManyAsync(source, options).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        var calls = await Client.NextCallsAsync(2);
        calls[0].Fail(RateLimited(TimeSpan.FromSeconds(61)));
        Assert.That(await first, Is.True);
        Assert.That(results.Current.EndsRun, Is.True);
        Assert.That(results.Current.Exception, Is.InstanceOf<OrqRateLimitException>());

        calls[1].Succeed();
        Assert.That(await results.MoveNextAsync(), Is.True, "the call in flight still has its result");
        Assert.That(await results.MoveNextAsync(), Is.False);
        Assert.That(source.Read, Is.EqualTo(2), "no further contact is read");
    }

    [Test]
    public async Task A_wait_as_long_as_MaxPause_does_not_end_the_run()
    {
        var options = Options(1);
        options.MaxPause = TimeSpan.FromSeconds(60);
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(1), options));
        (await Client.NextCallAsync()).Fail(RateLimited(options.MaxPause));
        await Clock.WaitForTimerAsync(options.MaxPause);
        Clock.Advance(options.MaxPause);
        await Client.SucceedNextAsync();

        Assert.That((await run).Single().IsSuccess, Is.True);
    }

    [Test]
    public async Task A_refused_contact_is_resent_before_a_later_one_with_its_id()
    {
        List<CreateContactRequestBody> contacts =
        [
            new() { ExternalId = "same", DisplayName = "first" },
            new() { ExternalId = "same", DisplayName = "second" },
        ];
        var run = CollectAsync(Client.CreateManyAsync(contacts, Options(2)));
        (await Client.NextCallAsync()).Fail(RateLimited(TimeSpan.FromSeconds(1)));
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Client.SucceedNextAsync(2);

        var names = (await run).Select(r => r.Request!.DisplayName.Value);
        Assert.That(names, Is.EqualTo(new[] { "first", "second" }));
    }

    [Test]
    public async Task A_stopped_run_returns_the_results_of_calls_in_flight()
    {
        var source = new CountingSource(100);
        var run = new ManyRun<CreateContactRequestBody, CreateContactResponseBody>(
            Client.CreateContactAsync,
            contact => contact.ExternalId,
            Options(2)
        );
        var results = Task.Run(async () =>
        {
            var count = 0;
            await foreach (var _ in run.RunAsync(source, CancellationToken.None))
                count++;

            return count;
        });
        var calls = await Client.NextCallsAsync(2);
        calls[0].Fail(RateLimited(TimeSpan.FromSeconds(30)));
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        Assert.That(run.Pause, Is.EqualTo(TimeSpan.FromSeconds(30)));

        run.Stop();
        calls[1].Succeed();

        Assert.That(await results, Is.EqualTo(1), "the refused contact is not sent again");
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task Cancellation_ends_a_pause_at_once()
    {
        using var cancellation = new CancellationTokenSource();
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(1), Options(2), cancellation.Token));
        (await Client.NextCallAsync()).Fail(new OrqRateLimitException("slow"));
        await Clock.WaitForTimerAsync(_ => true);
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => run);
        Assert.That(Clock.PendingTimers, Is.Empty, "a timer was left behind");
    }

    private static OrqRateLimitException RateLimited(TimeSpan? wait) => new("slow") { RetryAfter = wait };

    /// <summary>Refuses the next call for 10 s, and completes the last two at the rate measured by then.</summary>
    private async Task AssertPacedAtTenCallsInTenSecondsAsync()
    {
        (await Client.NextCallAsync()).Fail(RateLimited(TimeSpan.FromSeconds(10)));
        await Clock.WaitForTimerAsync(TimeSpan.FromSeconds(10));
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Client.SucceedNextAsync();

        await Clock.WaitForTimerAsync(TimeSpan.FromMilliseconds(991));
        Clock.Advance(TimeSpan.FromMilliseconds(991));
        await Client.SucceedNextAsync();
    }
}
