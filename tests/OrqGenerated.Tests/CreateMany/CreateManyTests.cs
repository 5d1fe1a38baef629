using System.Threading.Channels;

namespace OrqGenerated.Tests.CreateMany;

internal sealed class CreateManyTests : ManyTest
{
    [Test]
    public async Task Returns_one_result_per_contact_with_its_index()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(5), Options(2)));
        await Client.SucceedNextAsync(5);

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
    public async Task An_empty_source_has_no_results()
    {
        var source = new CountingSource(0);
        Assert.That(await CollectAsync(Client.CreateManyAsync(source)), Is.Empty);
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task Runs_as_many_calls_as_allowed_without_reading_ahead()
    {
        var source = new CountingSource(100);
        var run = CollectAsync(Client.CreateManyAsync(source, Options(3)));
        var calls = await Client.NextCallsAsync(3);
        Assert.That((Client.Running, source.Read, Client.HasCall), Is.EqualTo((3, 3, false)));

        calls[1].Succeed();
        var fourth = await Client.NextCallAsync();
        Assert.That((Client.Running, source.Read), Is.EqualTo((3, 4)), "one call ended, so one more started");

        foreach (var call in new[] { calls[0], calls[2], fourth })
            call.Succeed();

        await Client.SucceedNextAsync(96);
        await run;
    }

    [Test]
    public async Task Results_come_in_the_order_of_completion()
    {
        await using var results = Client.CreateManyAsync(new CountingSource(2), Options(2)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        var calls = await Client.NextCallsAsync(2);
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
    public async Task Unread_results_hold_back_further_calls()
    {
        const int contacts = 1000;
        var source = new CountingSource(contacts);
        var completing = Client.SucceedNextAsync(contacts);
        var results = 0;

        await foreach (var _ in Client.CreateManyAsync(source, Options(2)))
        {
            results++;
            if (results <= contacts - 2)
                await source.WaitForReadAsync(results + 2);

            Assert.That(source.Read, Is.LessThanOrEqualTo(results + 2), $"contacts read after {results} results");
        }

        await completing;
    }

    [Test]
    public async Task Calls_never_exceed_the_concurrency_when_contacts_are_held_back_for_their_id()
    {
        var contacts = Enumerable
            .Range(0, 99)
            .Select(i => new CreateContactRequestBody { ExternalId = i % 3 == 0 ? "user" : $"user_{i}" });
        var run = CollectAsync(Client.CreateManyAsync(contacts, Options(3)));
        var running = new Queue<ScriptedClient.Call>(await Client.NextCallsAsync(3));

        for (var i = 3; i < 99; i++)
        {
            Assert.That(Client.Running, Is.EqualTo(3), $"calls at a time, after {i} were started");
            running.Dequeue().Succeed();
            running.Enqueue(await Client.NextCallAsync());
        }

        foreach (var call in running)
            call.Succeed();

        await run;
    }

    [Test]
    public async Task Forgets_contacts_that_have_been_sent()
    {
        var ids = new List<WeakReference>();
        var alive = 0;
        var completing = Client.SucceedNextAsync(9000);

        await foreach (var result in Client.CreateManyAsync(Contacts(), Options(4)))
            Assert.That(result.IsSuccess, Is.True);

        await completing;
        Assert.That(alive, Is.LessThan(100), "ids in memory, of the first 4,000");

        IEnumerable<CreateContactRequestBody> Contacts()
        {
            for (var i = 0; i < 9000; i++)
            {
                var contact = new CreateContactRequestBody { ExternalId = $"user_{i}" };
                ids.Add(new WeakReference(contact.ExternalId));
                yield return contact;
            }

            GC.Collect();
            alive = ids.Take(4000).Count(id => id.IsAlive);
        }
    }

    [Test]
    public async Task Results_arrive_while_the_source_is_slow()
    {
        var source = new CountingSource(2) { HoldAt = 1 };
        var results = Client.CreateManyAsync(source, Options(4)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        await Client.SucceedNextAsync();
        Assert.That(await first, Is.True);
        await results.DisposeAsync();
        Assert.That(source.Disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task A_failed_contact_does_not_stop_the_run()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(3), Options(1)));
        await Client.SucceedNextAsync();
        (await Client.NextCallAsync()).Fail(new OrqBadRequestException("bad"));
        await Client.SucceedNextAsync();

        var results = await run;

        Assert.That(results.Select(r => r.IsSuccess), Is.EqualTo(new[] { true, false, true }));
        Assert.That(results[1].Exception, Is.InstanceOf<OrqBadRequestException>());
        Assert.That(results[1].Contact, Is.Null);
        Assert.That(results[1].EndsRun, Is.False);
    }

    [Test]
    public async Task A_client_that_returns_null_fails_one_contact()
    {
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(2), Options(1)));
        (await Client.NextCallAsync()).Completion.SetResult(null!);
        await Client.SucceedNextAsync();

        var results = (await run).OrderBy(result => result.Index).ToList();

        Assert.That(results[0].Exception, Is.TypeOf<InvalidOperationException>());
        Assert.That(results[1].IsSuccess, Is.True);
    }

    [Test]
    public async Task A_null_contact_is_a_failed_result()
    {
        var run = CollectAsync(Client.CreateManyAsync(WithNull()));
        await Client.SucceedNextAsync();
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

    [Test]
    public async Task Each_enumeration_is_a_new_run()
    {
        var results = Client.CreateManyAsync(new CountingSource(1));
        for (var i = 0; i < 2; i++)
        {
            var run = CollectAsync(results);
            await Client.SucceedNextAsync();
            Assert.That((await run).Single().Index, Is.EqualTo(0));
        }
    }

    [Test]
    public async Task Calls_use_the_retries_of_the_options_but_never_retry_a_429()
    {
        var options = Options(1);
        options.Retry = new() { MaxAttempts = 7, StatusCodes = [429, 503] };
        var run = CollectAsync(Client.CreateManyAsync(new CountingSource(1), options));
        var call = await Client.NextCallAsync();
        call.Succeed();
        await run;

        Assert.That(call.Options!.Retry!.MaxAttempts, Is.EqualTo(7));
        Assert.That(call.Options.Retry.StatusCodes, Is.EqualTo(new[] { 503 }));
        Assert.That(options.Retry.StatusCodes, Does.Contain(429), "the caller's options must not change");
    }

    [Test]
    public async Task Contacts_with_the_same_id_keep_their_order_without_delaying_others()
    {
        var contacts = Enumerable
            .Range(0, 30)
            .Select(i => new CreateContactRequestBody
            {
                ExternalId = i % 3 == 0 ? "same" : $"user_{i}",
                DisplayName = $"{i}",
            })
            .ToList();
        var run = CollectAsync(Client.CreateManyAsync(contacts, Options(64)));
        var first = await Client.NextCallsAsync(21);
        Assert.That(first.Count(c => c.ExternalId == "same"), Is.EqualTo(1), "calls for one id run one at a time");
        foreach (var call in first)
            call.Succeed();

        await Client.SucceedNextAsync(9);

        var same = (await run).Where(r => r.Request!.ExternalId == "same").Select(r => r.Index);
        Assert.That(same, Is.EqualTo(Enumerable.Range(0, 10).Select(i => i * 3L)));
    }

    [Test]
    public async Task A_source_may_wait_for_each_result_even_if_only_one_call_is_allowed()
    {
        const int rounds = 20_000;
        var source = Channel.CreateUnbounded<CreateContactRequestBody>();
        source.Writer.TryWrite(new() { ExternalId = "same" });

        var run = ResendEachAsync();
        await Client.SucceedNextAsync(rounds);
        await run;

        async Task ResendEachAsync()
        {
            await foreach (var result in Client.CreateManyAsync(source.Reader.ReadAllAsync(), Options(1)))
            {
                source.Writer.TryWrite(result.Request!);
                if (result.Index == rounds - 2)
                    source.Writer.Complete();
            }
        }
    }

    [Test]
    public async Task At_most_4096_contacts_wait_for_another_with_the_same_id()
    {
        var source = new CountingSource(10_000) { Id = "same" };
        await using var results = Client.CreateManyAsync(source, Options(4)).GetAsyncEnumerator();
        var first = results.MoveNextAsync();
        await source.WaitForReadAsync(4097);

        await Client.SucceedNextAsync();
        await first;
        await source.WaitForReadAsync(4098);
        await Client.NextCallAsync();

        Assert.That(source.Read, Is.EqualTo(4098));
    }

    [Test]
    public void Default_options_are_as_documented()
    {
        var options = new CreateManyOptions();
        Assert.Multiple(() =>
        {
            Assert.That(options.MaxConcurrency, Is.EqualTo(16));
            Assert.That(options.MaxPause, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(options.Retry.StatusCodes, Is.EqualTo(RetryConfig.Default.StatusCodes));
            Assert.That(options.TimeProvider, Is.SameAs(TimeProvider.System));
        });
    }

    [Test]
    public void Refuses_options_out_of_range()
    {
        var options = new CreateManyOptions();
        Assert.Multiple(() =>
        {
            const string pause = "MaxPause must be above zero and at most a day.";
            Assert.That(RuleOf(() => options.MaxConcurrency = 0), Does.StartWith("MaxConcurrency must be at least 1."));
            Assert.That(RuleOf(() => options.MaxPause = TimeSpan.Zero), Does.StartWith(pause));
            Assert.That(() => options.MaxPause = TimeSpan.FromDays(1), Throws.Nothing);
            Assert.That(
                RuleOf(() => options.MaxPause = TimeSpan.FromDays(1) + TimeSpan.FromTicks(1)),
                Does.StartWith(pause)
            );
            Assert.That(() => options.Retry = null!, Throws.ArgumentNullException);
            Assert.That(() => options.TimeProvider = null!, Throws.ArgumentNullException);
        });
    }

    [Test]
    public void Refuses_null()
    {
        Assert.That(() => Client.CreateManyAsync((List<CreateContactRequestBody>)null!), Throws.ArgumentNullException);
        Assert.That(() => Client.CreateManyAsync((CountingSource)null!), Throws.ArgumentNullException);
        Assert.That(
            () => ((IContactsClient)null!).CreateManyAsync(new CountingSource(1)),
            Throws.ArgumentNullException
        );
    }

    private static string RuleOf(Action set) => Assert.Throws<ArgumentOutOfRangeException>(() => set())!.Message;
}
