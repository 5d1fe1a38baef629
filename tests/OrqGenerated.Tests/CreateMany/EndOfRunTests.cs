using System.Runtime.CompilerServices;

namespace OrqGenerated.Tests.CreateMany;

/// <summary>What ends a run before all contacts are sent.</summary>
internal sealed class EndOfRunTests : ManyTest
{
    [TestCase(401)]
    [TestCase(402)]
    [TestCase(403)]
    public async Task An_answer_that_no_contact_can_escape_ends_the_run(int status)
    {
        var source = new CountingSource(100);
        await using var results = Client.CreateManyAsync(source, Options(3)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        var calls = await Client.NextCalls(3);

        calls[0].Fail(new OrqApiException("no", status));
        Assert.That(await first, Is.True);
        Assert.That(results.Current.EndsRun, Is.True);

        calls[1].Succeed();
        calls[2].Fail(new OrqServerException("broken"));
        Assert.That(await results.MoveNextAsync(), Is.True, "calls that had started give their results");
        Assert.That(await results.MoveNextAsync(), Is.True, "calls that had started give their results");
        Assert.That(await results.MoveNextAsync(), Is.False);
        Assert.That((source.Read, source.Disposed), Is.EqualTo((3, 1)), "no further contact is read");
    }

    [Test]
    public async Task A_run_that_has_ended_does_not_wait_for_a_slow_source()
    {
        var source = new CountingSource(2) { HoldAt = 1 };
        var run = Collect(Client.CreateManyAsync(source, Options(2)));
        (await Client.NextCall()).Fail(new OrqAuthenticationException("no"));
        Assert.That(await run, Has.Count.EqualTo(1));
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task An_exception_of_the_source_comes_after_the_results_of_what_had_started()
    {
        var source = new CountingSource(5) { Failure = (2, new IOException("disk")) };
        await using var results = Client.CreateManyAsync(source, Options(4)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        foreach (var call in await Client.NextCalls(2))
            call.Succeed();
        Assert.That(await first, Is.True);
        Assert.That(await results.MoveNextAsync(), Is.True);
        Assert.That(async () => await results.MoveNextAsync(), Throws.InstanceOf<IOException>());
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task Cancellation_ends_calls_and_source_and_names_the_callers_token()
    {
        using var cancellation = new CancellationTokenSource();
        var source = new CountingSource(100);
        var run = Collect(Client.CreateManyAsync(source, Options(3), cancellation.Token));
        await Client.NextCalls(3);

        await cancellation.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => run);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That((Client.Running, source.Disposed), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Cancellation_before_the_run_names_the_caller_s_token()
    {
        var cancelled = new CancellationToken(canceled: true);

        var thrown = Assert.CatchAsync<OperationCanceledException>(() =>
            Collect(Client.CreateManyAsync(Source(), Options(3), cancelled))
        );

        Assert.That(thrown.CancellationToken, Is.EqualTo(cancelled));

        static async IAsyncEnumerable<CreateContactRequestBody> Source(
            [EnumeratorCancellation] CancellationToken token = default
        )
        {
            token.ThrowIfCancellationRequested();
            await Task.CompletedTask;
            yield break;
        }
    }

    [Test]
    public async Task Cancellation_also_comes_through_the_enumeration()
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
        (await Client.NextCalls(3))[0].Succeed();

        await left;

        Assert.That((Client.Running, source.Disposed), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_cancelled_call_without_a_cancelled_run_is_a_failed_result()
    {
        var run = Collect(Client.CreateManyAsync(new CountingSource(1)));
        (await Client.NextCall()).Fail(new OperationCanceledException());
        Assert.That((await run).Single().Exception, Is.InstanceOf<OperationCanceledException>());
    }
}
