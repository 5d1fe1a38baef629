using System.Runtime.CompilerServices;
using OrqGenerated.Sandbox;
using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.CreateMany;

[CancelAfter(30_000)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CreateManyTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedClient _client = new();

    [Test]
    public async Task Gives_one_result_per_contact_with_its_index()
    {
        var run = Collect(_client.CreateManyAsync(new CountingSource(5), Options(2)));
        for (var i = 0; i < 5; i++)
            (await _client.NextCall()).Succeed();

        var results = await run;

        Assert.That(results.Select(r => r.Index).Order(), Is.EqualTo(new long[] { 0, 1, 2, 3, 4 }));
        Assert.Multiple(() =>
        {
            foreach (var result in results)
            {
                Assert.That(result.IsSuccess, Is.True);
                Assert.That(result.Request!.ExternalId, Is.EqualTo($"user_{result.Index}"));
                Assert.That(result.Contact!.ExternalId, Is.EqualTo(result.Request.ExternalId));
            }
        });
    }

    [Test]
    public async Task Nothing_in_nothing_out()
    {
        var source = new CountingSource(0);
        Assert.That(await Collect(_client.CreateManyAsync(source)), Is.Empty);
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task Runs_as_many_calls_as_allowed_and_reads_no_contact_ahead()
    {
        var source = new CountingSource(100);
        var run = Collect(_client.CreateManyAsync(source, Options(3)));
        var calls = await _client.NextCalls(3);
        Assert.That((_client.Running, source.Read, _client.HasCall), Is.EqualTo((3, 3, false)));

        calls[1].Succeed();
        var fourth = await _client.NextCall();
        Assert.That(
            (_client.Running, source.Read),
            Is.EqualTo((3, 4)),
            "one ended, one more started"
        );

        await AnswerAll(run, 96, calls[0], calls[2], fourth);
    }

    [Test]
    public async Task Results_come_in_the_order_in_which_calls_end()
    {
        await using var results = _client
            .CreateManyAsync(new CountingSource(2), Options(2))
            .GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        var calls = await _client.NextCalls(2);
        var second = calls.Single(c => c.ExternalId == "user_1");
        second.Succeed();
        Assert.That(await first, Is.True);
        Assert.That(results.Current.Index, Is.EqualTo(1));
        calls.Single(c => c != second).Succeed();
        Assert.That(await results.MoveNextAsync(), Is.True);
        Assert.That(results.Current.Index, Is.EqualTo(0));
        Assert.That(await results.MoveNextAsync(), Is.False);
    }

    [Test]
    public async Task Results_that_nobody_reads_hold_back_further_calls()
    {
        var source = new CountingSource(100);
        var results = _client.CreateManyAsync(source, Options(2)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        foreach (var call in await _client.NextCalls(2))
            call.Succeed();
        await first;
        var third = await _client.NextCall();
        third.Succeed();
        await third.Answer.Task;

        Assert.That(
            source.Read,
            Is.LessThanOrEqualTo(4),
            "at most the concurrency beyond what was read"
        );
        await results.DisposeAsync();
    }

    [Test]
    public async Task Results_arrive_while_the_source_is_slow()
    {
        var source = new CountingSource(2) { HoldAt = 1 };
        var results = _client.CreateManyAsync(source, Options(4)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        (await _client.NextCall()).Succeed();
        Assert.That(await first, Is.True);
        await results.DisposeAsync();
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task A_contact_that_fails_stops_nothing()
    {
        var run = Collect(_client.CreateManyAsync(new CountingSource(3), Options(1)));
        (await _client.NextCall()).Succeed();
        (await _client.NextCall()).Fail(new OrqBadRequestException("bad"));
        (await _client.NextCall()).Succeed();

        var results = await run;

        Assert.That(results.Select(r => r.IsSuccess), Is.EqualTo(new[] { true, false, true }));
        Assert.That(results[1].Exception, Is.InstanceOf<OrqBadRequestException>());
        Assert.That(results[1].Contact, Is.Null);
        Assert.That(results[1].EndsRun, Is.False);
    }

    [Test]
    public async Task A_null_contact_is_a_failed_result()
    {
        var run = Collect(_client.CreateManyAsync(WithNull()));
        (await _client.NextCall()).Succeed();
        var results = (await run).OrderBy(r => r.Index).ToList();
        Assert.That(results[0].Exception, Is.InstanceOf<ArgumentNullException>());
        Assert.That(results[0].Request, Is.Null);
        Assert.That(results[1].IsSuccess, Is.True);

        static async IAsyncEnumerable<CreateContactRequestBody> WithNull()
        {
            await Task.CompletedTask;
            yield return null!;
            yield return new() { ExternalId = "a" };
        }
    }

    [TestCase(401)]
    [TestCase(402)]
    [TestCase(403)]
    public async Task An_answer_that_no_contact_can_escape_ends_the_run(int status)
    {
        var source = new CountingSource(100);
        await using var results = _client.CreateManyAsync(source, Options(3)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        var calls = await _client.NextCalls(3);

        calls[0].Fail(new OrqApiException("no", status));
        Assert.That(await first, Is.True);
        Assert.That(results.Current.EndsRun, Is.True);

        calls[1].Succeed();
        calls[2].Fail(new OrqServerException("broken"));
        Assert.That(
            await results.MoveNextAsync(),
            Is.True,
            "calls that had started give their results"
        );
        Assert.That(
            await results.MoveNextAsync(),
            Is.True,
            "calls that had started give their results"
        );
        Assert.That(await results.MoveNextAsync(), Is.False);
        Assert.That(
            (source.Read, source.Disposed),
            Is.EqualTo((3, 1)),
            "no further contact is read"
        );
    }

    [Test]
    public async Task A_run_that_has_ended_does_not_wait_for_a_slow_source()
    {
        var source = new CountingSource(2) { HoldAt = 1 };
        var run = Collect(_client.CreateManyAsync(source, Options(2)));
        (await _client.NextCall()).Fail(new OrqAuthenticationException("no"));
        Assert.That(await run, Has.Count.EqualTo(1));
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task An_exception_of_the_source_comes_after_the_results_of_what_had_started()
    {
        var source = new CountingSource(5) { Failure = (2, new IOException("disk")) };
        await using var results = _client.CreateManyAsync(source, Options(4)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        foreach (var call in await _client.NextCalls(2))
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
        var run = Collect(_client.CreateManyAsync(source, Options(3), cancellation.Token));
        await _client.NextCalls(3);

        await cancellation.CancelAsync();

        var thrown = Assert.CatchAsync<OperationCanceledException>(() => run);
        Assert.That(thrown!.CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That((_client.Running, source.Disposed), Is.EqualTo((0, 1)));
    }

    [Test]
    public void Cancellation_before_the_run_names_the_caller_s_token()
    {
        var cancelled = new CancellationToken(canceled: true);

        var thrown = Assert.CatchAsync<OperationCanceledException>(() =>
            Collect(_client.CreateManyAsync(Source(), Options(3), cancelled))
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
        var results = _client.CreateManyAsync(source).GetAsyncEnumerator(cancellation.Token);
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
            await foreach (var _ in _client.CreateManyAsync(source, Options(3)))
                break;
        });
        (await _client.NextCalls(3))[0].Succeed();

        await left;

        Assert.That((_client.Running, source.Disposed), Is.EqualTo((0, 1)));
    }

    [Test]
    public async Task A_cancelled_call_without_a_cancelled_run_is_a_failed_result()
    {
        var run = Collect(_client.CreateManyAsync(new CountingSource(1)));
        (await _client.NextCall()).Fail(new OperationCanceledException());
        Assert.That((await run).Single().Exception, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task Each_enumeration_is_a_run_of_its_own()
    {
        var results = _client.CreateManyAsync(new CountingSource(1));
        for (var i = 0; i < 2; i++)
        {
            var run = Collect(results);
            (await _client.NextCall()).Succeed();
            Assert.That((await run).Single().Index, Is.EqualTo(0));
        }
    }

    [Test]
    public async Task A_429_that_reaches_the_run_holds_back_all_calls_as_long_as_the_server_asks()
    {
        await using var results = _client
            .CreateManyAsync(new CountingSource(10), Options(4))
            .GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        var calls = await _client.NextCalls(4);
        calls[0].Fail(new OrqRateLimitException("slow") { RetryAfter = TimeSpan.FromSeconds(30) });
        Assert.That(await first, Is.True);
        foreach (var call in calls[1..])
        {
            call.Succeed();
            Assert.That(await results.MoveNextAsync(), Is.True);
        }

        var next = results.MoveNextAsync();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.That(_client.HasCall, Is.False, "nothing starts before the 30 seconds are over");

        _time.Advance(TimeSpan.FromSeconds(1));
        (await _client.NextCall()).Succeed();
        Assert.That(await next, Is.True);
        Assert.That(results.Current.IsSuccess, Is.True);
    }

    [Test]
    public async Task A_429_that_the_client_repeats_itself_holds_back_the_others_too()
    {
        var run = Collect(_client.CreateManyAsync(new CountingSource(3), Options(2)));
        var calls = await _client.NextCalls(2);
        calls[0].SayRateLimited(TimeSpan.FromSeconds(5));
        calls[1].Succeed();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(5));
        calls[0].Succeed();
        _time.Advance(TimeSpan.FromSeconds(5));
        (await _client.NextCall()).Succeed();
        Assert.That(await run, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task The_client_says_how_long_it_waits_before_it_repeats_a_429_and_of_nothing_else()
    {
        await using var sandbox = await OrqSandbox.StartAsync();
        sandbox.FailNext(1, 503, [new("Retry-After", "3")]);
        sandbox.FailNext(1, 429, [new("Retry-After", "7")]);
        var waits = new List<TimeSpan>();
        using var client = new ContactsClient(
            new OrqClientOptions
            {
                ApiKey = sandbox.ApiKey,
                ServerUrl = sandbox.ServerUrl,
                TimeProvider = new FakeTimeProvider
                {
                    AutoAdvance = due => due < TimeSpan.FromSeconds(10),
                },
            }
        );

        await client.CreateContactAsync(
            new() { ExternalId = "a" },
            new OrqRequestOptions { RateLimited = waits.Add }
        );

        Assert.That(waits, Has.Count.EqualTo(1));
        Assert.That(
            waits[0].TotalSeconds,
            Is.InRange(7, 7.7),
            "the server's word and up to a tenth"
        );
    }

    [Test]
    public async Task A_longer_wait_during_a_pause_makes_it_longer()
    {
        var run = Collect(_client.CreateManyAsync(new CountingSource(3), Options(2)));
        var calls = await _client.NextCalls(2);
        calls[0].SayRateLimited(TimeSpan.FromSeconds(5));
        calls[0].SayRateLimited(TimeSpan.FromSeconds(9));
        calls[0].Succeed();
        calls[1].Succeed();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(9));
        _time.Advance(TimeSpan.FromSeconds(9));
        (await _client.NextCall()).Succeed();
        Assert.That(await run, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_pause_that_grows_while_it_is_waited_for_is_waited_for_to_its_end()
    {
        var run = Collect(_client.CreateManyAsync(new CountingSource(8), Options(4)));
        var calls = await _client.NextCalls(4);
        calls[0].SayRateLimited(TimeSpan.FromSeconds(5));
        foreach (var call in calls[1..])
            call.Succeed();
        await _time.WaitForTimerAsync(_ => true);
        calls[0].SayRateLimited(TimeSpan.FromSeconds(9));

        _time.Advance(TimeSpan.FromSeconds(5));
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(4));
        Assert.That(_client.HasCall, Is.False);

        _time.Advance(TimeSpan.FromSeconds(4));
        await AnswerAll(run, 4, calls[0]);
    }

    [Test]
    public async Task A_pause_ends_with_a_part_of_a_millisecond()
    {
        var run = Collect(_client.CreateManyAsync(new CountingSource(2), Options(1)));
        (await _client.NextCall()).Fail(
            new OrqRateLimitException("slow") { RetryAfter = TimeSpan.FromMilliseconds(5000.25) }
        );
        await _time.WaitForTimerAsync(TimeSpan.FromMilliseconds(5001));
        _time.Advance(TimeSpan.FromMilliseconds(5001));
        (await _client.NextCall()).Succeed();

        Assert.That(await run, Has.Count.EqualTo(2));
        Assert.That(_time.RequestedTimers, Has.Count.EqualTo(1), "one pause is one timer");
    }

    [Test]
    public async Task Cancellation_ends_a_pause_at_once()
    {
        using var cancellation = new CancellationTokenSource();
        var run = Collect(
            _client.CreateManyAsync(new CountingSource(9), Options(1), cancellation.Token)
        );
        (await _client.NextCall()).Fail(new OrqRateLimitException("slow"));
        await _time.WaitForTimerAsync(_ => true);
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => run);
        Assert.That(_time.PendingTimers, Is.Empty, "no timer is left behind");
    }

    [Test]
    public void Refuses_null()
    {
        Assert.That(() => _client.CreateManyAsync(null!), Throws.ArgumentNullException);
        Assert.That(
            () => ((IContactsClient)null!).CreateManyAsync(new CountingSource(1)),
            Throws.ArgumentNullException
        );
    }

    private CreateManyOptions Options(int concurrency) =>
        new() { MaxConcurrency = concurrency, TimeProvider = _time };

    private static async Task<List<CreateManyResult>> Collect(
        IAsyncEnumerable<CreateManyResult> results
    )
    {
        var list = new List<CreateManyResult>();
        await foreach (var result in results)
            list.Add(result);
        return list;
    }

    private async Task AnswerAll(Task run, int further, params ScriptedClient.Call[] running)
    {
        foreach (var call in running)
            call.Succeed();
        for (var i = 0; i < further; i++)
            (await _client.NextCall()).Succeed();
        await run.WaitAsync(TimeSpan.FromSeconds(20));
    }
}
