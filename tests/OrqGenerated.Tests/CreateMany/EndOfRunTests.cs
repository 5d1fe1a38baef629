namespace OrqGenerated.Tests.CreateMany;

/// <summary>Events that end a run before all contacts are sent.</summary>
internal sealed class EndOfRunTests : ManyTest
{
    [TestCase(401)]
    [TestCase(402)]
    [TestCase(403)]
    public async Task A_refused_key_or_account_ends_the_run(int status)
    {
        var source = new CountingSource(100);
        await using var results = Client.CreateManyAsync(source, Options(3)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        var calls = await Client.NextCallsAsync(3);

        calls[0].Fail(new OrqApiException("no", status));
        Assert.That(await first, Is.True);
        Assert.That(results.Current.EndsRun, Is.True);

        calls[1].Succeed();
        calls[2].Fail(new OrqServerException("broken"));
        Assert.That(await results.MoveNextAsync(), Is.True, "a started call has its result");
        Assert.That(await results.MoveNextAsync(), Is.True, "a started call has its result");
        Assert.That(await results.MoveNextAsync(), Is.False);
        Assert.That((source.Read, source.Disposed), Is.EqualTo((3, 1)), "no further contact is read");
    }

    [Test]
    public async Task An_ended_run_does_not_wait_for_a_slow_source()
    {
        var source = new CountingSource(2) { HoldAt = 1 };
        var run = CollectAsync(Client.CreateManyAsync(source, Options(2)));
        (await Client.NextCallAsync()).Fail(new OrqAuthenticationException("no"));
        Assert.That(await run, Has.Count.EqualTo(1));
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task An_exception_of_the_source_follows_the_results_of_started_calls()
    {
        var source = new CountingSource(5) { Failure = (2, new IOException("disk")) };
        await using var results = Client.CreateManyAsync(source, Options(4)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        await Client.SucceedNextAsync(2);

        Assert.That(await first, Is.True);
        Assert.That(await results.MoveNextAsync(), Is.True);
        Assert.That(async () => await results.MoveNextAsync(), Throws.InstanceOf<IOException>());
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task Cancellation_ends_calls_and_source_and_carries_the_callers_token()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(100);
        var run = CollectAsync(Client.CreateManyAsync(source, Options(3), cancellation.Token));
        await Client.NextCallsAsync(3);

        await cancellation.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => run);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That((Client.Running, source.Disposed), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Cancellation_before_the_run_carries_the_callers_token_and_reads_nothing()
    {
        var cancelled = new CancellationToken(canceled: true);
        var source = new CountingSource(1);

        var thrown = Assert.CatchAsync<OperationCanceledException>(() =>
            CollectAsync(Client.CreateManyAsync(source, Options(3), cancelled))
        );

        Assert.That(thrown.CancellationToken, Is.EqualTo(cancelled));
        Assert.That(source.Read, Is.Zero);
    }

    [Test]
    public async Task Cancelling_the_enumeration_ends_the_run()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(2) { HoldAt = 0 };
        var results = Client.CreateManyAsync(source).GetAsyncEnumerator(cancellation.Token);
        var first = results.MoveNextAsync();
        await cancellation.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task Leaving_the_loop_early_cancels_the_calls_and_disposes_the_source()
    {
        var source = new CountingSource(100);
        var left = Task.Run(async () =>
        {
            await foreach (var _ in Client.CreateManyAsync(source, Options(3)))
                break;
        });
        (await Client.NextCallsAsync(3))[0].Succeed();

        await left;

        Assert.That((Client.Running, source.Disposed), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_call_cancelled_on_its_own_is_a_failed_result()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(1)));
        (await Client.NextCallAsync()).Fail(new OperationCanceledException());
        Assert.That((await run).Single().Exception, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void An_exception_of_the_clock_ends_the_run()
    {
        var options = new CreateManyOptions { TimeProvider = new BrokenClock() };

        Assert.That(
            () => CollectAsync(Client.CreateManyAsync(new CountingSource(1), options)),
            Throws.TypeOf<NotSupportedException>()
        );
    }

    private sealed class BrokenClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            throw new NotSupportedException();
    }
}
