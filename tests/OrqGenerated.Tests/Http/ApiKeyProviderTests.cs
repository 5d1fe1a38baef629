using OrqGenerated.Tests.Support;

namespace OrqGenerated.Tests.Http;

/// <summary>When a provider is asked for a key, and what follows when the server refuses one.</summary>
internal sealed class ApiKeyProviderTests : ClientTest
{
    private readonly List<string?> _questions = [];

    private IEnumerable<string> KeysSent => Server.Requests.Select(request => request.Headers["Authorization"]);

    [Test]
    public async Task A_provider_is_asked_by_the_first_call_and_once_for_all_calls()
    {
        Provide("first");
        Server.Answers(200, Stored);
        _ = Client;
        Assert.That(_questions, Is.Empty, "asked before a call");

        await CreateAsync();
        await CreateAsync();
        await CreateAsync(new OrqRequestOptions { ApiKey = "own" });

        Assert.That(_questions, Is.EqualTo(new string?[] { null }));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer first", "Bearer own"]));
    }

    [TestCase(false, null)]
    [TestCase(true, null)]
    [TestCase(false, 1)]
    public async Task A_refused_key_is_replaced_once_and_without_a_wait(bool isWithoutRetries, int? maxAttempts)
    {
        Provide("first", "second");
        Options.Retry = isWithoutRetries ? RetryConfig.None : new RetryConfig { MaxAttempts = maxAttempts };
        Options.AttemptTimeout = Timeout.InfiniteTimeSpan;
        Server.Answers(401).Answers(200, Stored);

        var response = await CreateAsync();
        await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(2));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second"]));
        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
        Assert.That(Clock.RequestedTimers, Is.Empty, "a new key needs no wait");
    }

    [Test]
    public async Task A_second_refusal_within_a_call_is_final()
    {
        Provide("first", "second", "third");
        Server.Answers(401, """{"code":"expired_api_key"}""");

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.Attempts, Is.EqualTo(2));
        Assert.That(error.ErrorCode, Is.EqualTo("expired_api_key"));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second"]));
    }

    [Test]
    public async Task Keys_rotate_from_call_to_call()
    {
        Provide("first", "second", "third");
        Server.Answers(401).Answers(200, Stored).Answers(401).Answers(200, Stored);

        await CreateAsync();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second", "Bearer third"]));
        Assert.That(_questions, Is.EqualTo(new[] { null, "first", "second" }));
    }

    [Test]
    public async Task The_same_key_back_means_no_second_attempt()
    {
        Provide("first", "first");
        Server.Answers(401);

        var error = await FailAsync<OrqAuthenticationException>();

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(Server.Requests, Has.Count.EqualTo(1));
        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
    }

    [Test]
    public async Task A_retry_after_a_new_key_goes_on_with_that_key()
    {
        Provide("first", "second");
        PassesAtOnce = static due => due < TimeSpan.FromSeconds(30);
        Server.Answers(401).Answers(503).Answers(200, Stored);

        var response = await CreateAsync();

        Assert.That(response.Attempts, Is.EqualTo(3));
        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer second", "Bearer second"]));
    }

    [Test]
    public async Task A_refused_key_of_the_call_is_final_and_asks_no_provider()
    {
        Provide("first");
        Server.Answers(401);

        var error = await FailAsync<OrqAuthenticationException>(new OrqRequestOptions { ApiKey = "own" });

        Assert.That(error.Attempts, Is.EqualTo(1));
        Assert.That(_questions, Is.Empty);
    }

    [Test]
    public async Task A_403_asks_for_no_other_key()
    {
        Provide("first", "second");
        Server.Answers(403).Answers(200, Stored);

        await FailAsync<OrqPermissionException>();

        Assert.That(_questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Calls_that_wait_for_the_first_key_share_one_question()
    {
        var key = new TaskCompletionSource<string>();
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) => Ask(request, key.Task);
        Server.Answers(200, Stored);

        var calls = Enumerable.Range(0, 50).Select(_ => CreateAsync()).ToArray();
        key.SetResult("shared");
        await Task.WhenAll(calls);

        Assert.That(_questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Calls_that_are_refused_together_share_one_refresh()
    {
        var refresh = new TaskCompletionSource<string>();
        var refused = new CountdownEvent(50);
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            request.RejectedKey is null ? Ask(request, Task.FromResult("first")) : Ask(request, refresh.Task);
        Server.Does(
            (request, _) =>
            {
                if (request.Headers.Authorization?.Parameter == "second")
                {
                    return Task.FromResult(StubHandler.Response(200, Stored));
                }

                refused.Signal();
                return Task.FromResult(StubHandler.Response(401, ""));
            }
        );

        var calls = Enumerable.Range(0, 50).Select(_ => Task.Run(() => CreateAsync())).ToArray();
        Assert.That(refused.Wait(TimeSpan.FromSeconds(30)), Is.True, "not all were refused");
        refresh.SetResult("second");
        var responses = await Task.WhenAll(calls);

        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
        Assert.That(responses.Select(response => response.Attempts), Is.All.EqualTo(2));
        refused.Dispose();
    }

    [Test]
    public async Task A_late_refusal_of_an_old_key_takes_the_new_one_without_a_question()
    {
        Provide("first", "second", "third");
        var late = new TaskCompletionSource<HttpResponseMessage>();
        Server.Does((_, _) => late.Task).Answers(401).Answers(200, Stored);

        var slow = CreateAsync();
        await Server.WaitForRequestAsync();
        await CreateAsync();
        late.SetResult(StubHandler.Response(401, ""));
        await slow;

        Assert.That(_questions, Is.EqualTo(new[] { null, "first" }));
        Assert.That(KeysSent.Last(), Is.EqualTo("Bearer second"));
    }

    [TestCase(typeof(NotSupportedException), false)]
    [TestCase(typeof(NotSupportedException), true)]
    [TestCase(typeof(OperationCanceledException), false)]
    public async Task What_the_provider_throws_reaches_the_caller_unchanged(Type type, bool isRefresh)
    {
        var thrown = (Exception)Activator.CreateInstance(type, "the vault is closed")!;
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            isRefresh && request.RejectedKey is null ? ValueTask.FromResult("first") : throw thrown;
        Server.Answers(401);

        Assert.That(await FailAsync<Exception>(), Is.SameAs(thrown));
        Assert.That(Server.Requests, Has.Count.EqualTo(isRefresh ? 1 : 0));
    }

    [Test]
    public async Task A_provider_that_has_thrown_is_asked_again()
    {
        var questions = 0;
        Options.ApiKey = null;
        Options.ApiKeyProvider = (_, _) =>
            questions++ == 0 ? throw new NotSupportedException() : ValueTask.FromResult("second");
        Server.Answers(200, Stored);

        await FailAsync<NotSupportedException>();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer second"]));
    }

    [Test]
    public async Task A_refresh_that_fails_leaves_the_key_that_there_was()
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
            request.RejectedKey is null
                ? Ask(request, Task.FromResult("first"))
                : throw new NotSupportedException("the vault is closed");
        Server.Answers(401).Answers(200, Stored);

        await FailAsync<NotSupportedException>();
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer first", "Bearer first"]));
        Assert.That(_questions, Is.EqualTo(new string?[] { null }));
    }

    [TestCase("", "The API key is empty.")]
    [TestCase(null, "The API key is empty.")]
    [TestCase("two words", "The API key holds a blank")]
    [TestCase("line\r\nX-Injected: 1", "The API key holds a blank")]
    [TestCase("schlüssel", "The API key holds a blank")]
    public async Task A_provider_s_broken_key_is_refused_by_the_provider_s_name(string? key, string message)
    {
        Options.ApiKey = null;
        Options.ApiKeyProvider = (_, _) => ValueTask.FromResult(key!);

        var error = await FailAsync<ArgumentException>();

        Assert.That(error.Message, Does.StartWith(message));
        Assert.That(error.ParamName, Is.EqualTo("ApiKeyProvider"));
        Assert.That(Server.Requests, Is.Empty);
    }

    [Test]
    public async Task A_provider_that_hangs_is_given_up_and_asked_anew_by_the_next_call()
    {
        var asked = new SemaphoreSlim(0);
        var abandoned = new TaskCompletionSource();
        var isFirst = true;
        Options.ApiKey = null;
        Options.Retry = RetryConfig.None;
        Options.ApiKeyProvider = async (_, token) =>
        {
            if (!isFirst)
            {
                return "second";
            }

            isFirst = false;
            await using var registration = token.Register(abandoned.SetResult);
            asked.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "first";
        };
        Server.Answers(200, Stored);

        var call = FailAsync<OrqTimeoutException>();
        await asked.WaitAsync();
        Clock.Advance(TimeSpan.FromSeconds(30));
        await call;
        await abandoned.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer second"]));
        asked.Dispose();
    }

    [Test]
    public async Task One_call_that_gives_up_does_not_end_the_question_of_another()
    {
        var key = new TaskCompletionSource<string>();
        CancellationToken ofProvider = default;
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, token) =>
        {
            ofProvider = token;
            return Ask(request, key.Task);
        };
        Server.Answers(200, Stored);
        using var source = new CancellationTokenSource();

        var first = CreateAsync(null, source.Token);
        var second = CreateAsync();
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first);
        Assert.That(ofProvider.IsCancellationRequested, Is.False);
        key.SetResult("shared");
        await second;

        Assert.That(_questions, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_late_answer_to_a_question_that_was_given_up_is_not_kept()
    {
        var late = new TaskCompletionSource<string>();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Options.ApiKey = null;
        Options.ApiKeyProvider = (request, _) =>
        {
            var answer = asked.TrySetResult() ? late.Task : Task.FromResult("fresh");
            return Ask(request, answer);
        };
        Server.Answers(200, Stored);
        using var source = new CancellationTokenSource();

        var given = CreateAsync(null, source.Token);
        await asked.Task;
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => given);
        await CreateAsync();
        late.SetResult("stale");
        await CreateAsync();

        Assert.That(KeysSent, Is.EqualTo(["Bearer fresh", "Bearer fresh"]));
    }

    private void Provide(params string[] keys)
    {
        Options.ApiKey = null;
        var index = 0;
        Options.ApiKeyProvider = (request, _) => Ask(request, Task.FromResult(keys[index++]));
    }

    private async ValueTask<string> Ask(ApiKeyRequest request, Task<string> answer)
    {
        lock (_questions)
        {
            _questions.Add(request.RejectedKey);
        }

        return await answer;
    }
}
